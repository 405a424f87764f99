import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { describe, test } from "node:test"
import * as v from "valibot"
import { Channel, type ChannelCarrier, Channels } from "./channel.ts"

/** A session that keeps what it is told to send. */
class Carrier implements ChannelCarrier {
  isOver = false
  bufferedBytes = 0
  readonly sent: unknown[] = []

  sendMessage(id: number, index: number, message: unknown): void {
    this.sent.push([id, index, message])
  }

  endChannel(id: number, count: number): void {
    this.sent.push([id, "end", count])
  }
}

describe("a channel", () => {
  test("counts its messages, and ends with their number", () => {
    const carrier = new Carrier()
    const channel = new Channels(carrier).open(7)
    assert.equal(channel.send("a"), true)
    channel.send({ b: 1 })
    channel.end()
    channel.end()
    assert.deepEqual(carrier.sent, [
      [7, 0, "a"],
      [7, 1, { b: 1 }],
      [7, "end", 2],
    ])
    assert.equal(channel.isOpen, false)
    assert.throws(() => channel.send("c"), /^Error: the channel has ended/)
  })

  test("is one stream for all who hold it, and ends with the last of them", () => {
    const carrier = new Carrier()
    const channels = new Channels(carrier)
    const [one, two] = [channels.open(7), channels.open(7)]
    one.send("a")
    two.send("b")
    one.end()
    assert.equal(two.isOpen, true)
    two.send("c")
    two.end()
    assert.deepEqual(carrier.sent, [
      [7, 0, "a"],
      [7, 1, "b"],
      [7, 2, "c"],
      [7, "end", 3],
    ])
  })

  test("counts no message that could not be sent", () => {
    const carrier = new Carrier()
    const channel = new Channels(carrier).open(7)
    const { sendMessage } = carrier
    carrier.sendMessage = () => {
      throw new TypeError("no JSON")
    }
    assert.throws(() => channel.send(1n), TypeError)
    carrier.sendMessage = sendMessage
    channel.send("a")
    assert.deepEqual(carrier.sent, [[7, 0, "a"]])
  })

  test("says when enough waits for the page", () => {
    const carrier = new Carrier()
    const channel = new Channels(carrier).open(7)
    carrier.bufferedBytes = 1024 * 1024 - 1
    assert.equal(channel.send("a"), true)
    carrier.bufferedBytes++
    assert.equal(channel.send("b"), false)
    assert.equal(carrier.sent.length, 2)
  })

  test("of a page that is gone sends nothing, and that is no error", () => {
    const carrier = new Carrier()
    const channel = new Channels(carrier).open(7)
    carrier.isOver = true
    assert.deepEqual([channel.isOpen, channel.send("a")], [false, false])
    channel.end()
    assert.deepEqual(carrier.sent, [])
  })

  test("copies bytes: the sender goes on writing to its own", () => {
    const carrier = new Carrier()
    const bytes = Uint8Array.of(1, 2)
    new Channels(carrier).open(7).send(bytes)
    bytes[0] = 9
    assert.deepEqual(carrier.sent, [[7, 0, Uint8Array.of(1, 2)]])
  })

  test("is ended by using", () => {
    const carrier = new Carrier()
    const channel = new Channels(carrier).open(7)
    channel.send("a")
    channel[Symbol.dispose]()
    assert.deepEqual(carrier.sent.at(-1), [7, "end", 1])
  })

  test("that nobody refers to any more has ended, though its call never said so", () => {
    const program = `
      import { Channels } from ${JSON.stringify(new URL("channel.ts", import.meta.url).href)}
      const sent = []
      const carrier = { isOver: false, bufferedBytes: 0, sendMessage() {}, endChannel: (id, count) => sent.push([id, count]) }
      const channels = new Channels(carrier)
      const kept = channels.open(1)
      ;(() => { channels.open(1); channels.open(2).send("a"); channels.revive({ deep: ["__CHANNEL__:3"] }) })()
      for (let tries = 0; sent.length < 2 && tries < 500; tries++) {
        gc()
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      console.log(JSON.stringify([sent.sort(), kept.isOpen]))`
    const flags = ["--expose-gc", "--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", program]
    const output = execFileSync(process.execPath, flags, { encoding: "utf8" })
    assert.deepEqual(JSON.parse(output), [
      [
        [2, 1],
        [3, 0],
      ],
      true,
    ])
  })
})

describe("arguments", () => {
  test("get their channels at any depth, and validators know them", () => {
    const channels = new Channels(new Carrier())
    const args = { a: "__CHANNEL__:0", b: [{ c: "__CHANNEL__:4294967295" }], d: "text" }
    const schema = v.object({
      a: v.instance(Channel),
      b: v.tuple([v.object({ c: v.instance(Channel) })]),
      d: v.string(),
    })
    const { a, b } = v.parse(schema, channels.revive(args))
    assert.deepEqual([a.id, b[0].c.id], [0, 4294967295])
  })

  test("that are a channel themselves are one", () =>
    assert.ok(new Channels(new Carrier()).revive("__CHANNEL__:5") instanceof Channel))

  for (const text of [
    "__CHANNEL__:",
    "__CHANNEL__:-1",
    "__CHANNEL__:01",
    "__CHANNEL__:1.5",
    "__CHANNEL__:1e3",
    "__CHANNEL__:4294967296",
    "__CHANNEL__:1 ",
    "a__CHANNEL__:1",
    "__CHANNEL__:١",
  ])
    test(`keep ${JSON.stringify(text)} as text`, () =>
      assert.deepEqual(new Channels(new Carrier()).revive({ text }), { text }))

  test("keep their bytes and their prototypes", () => {
    const channels = new Channels(new Carrier())
    const bytes = Uint8Array.of(1)
    assert.equal(channels.revive(bytes), bytes)
    const hostile = JSON.parse(`{ "__proto__": "__CHANNEL__:1", "constructor": { "prototype": "__CHANNEL__:2" } }`)
    channels.revive(hostile)
    assert.equal(Object.getPrototypeOf(hostile), Object.prototype)
    assert.equal(Object.hasOwn(Object.prototype, "id"), false)
  })
})
