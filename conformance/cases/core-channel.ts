import assert from "node:assert/strict"
import { Channel, type Commands, command } from "sallyport"
import * as v from "valibot"
import { eventually } from "../../e2e/fixture.ts"
import type { Case } from "../case.ts"
import { refused } from "../refused.ts"
import { LEAVING, UNCAUGHT } from "./every-browser.ts"

/** Channels that have outlived their call. */
const kept: Channel[] = []
const on = v.instance(Channel)

export const channelCommands: Commands = {
  count: command(v.object({ on, count: v.number() }), ({ on, count }) => {
    for (let n = 0; n < count; n++) on.send(n)
    on.end()
    return count
  }),
  mixed: command(v.object({ on }), ({ on }) => {
    on.send({ a: [1] })
    on.send(Uint8Array.of(1, 2, 3))
    on.send(null)
    on.send(new Uint8Array(300_000).fill(7))
    on.send("last")
    on.end()
  }),
  keep: command(v.object({ on }), ({ on }) => void kept.push(on)),
  two: command(v.object({ first: on, second: on }), ({ first, second }) => {
    first.send("first")
    second.send("second")
    first.end()
    second.send("still")
    second.end()
  }),
  nested: command(v.object({ deep: v.object({ list: v.tuple([v.number(), on]) }) }), ({ deep }) => {
    deep.list[1].send("found")
  }),
}

/** Collects what a new channel gets, under `heard`. */
const CHANNEL = `window.heard = []
  window.channel = new tauri.core.Channel((message) => heard.push(message instanceof ArrayBuffer ? [...new Uint8Array(message).slice(0, 3), message.byteLength] : message))
  window.isKnown = () => __TAURI_INTERNALS__.callbacks.has(channel.id)`

export const channelCases: readonly Case[] = [
  {
    shows: "core.Channel.constructor",
    name: "gets JSON and bytes in the order in which they were sent, and forgets its callback when it has ended",
    async run({ page }) {
      await page.evaluate(`${CHANNEL}; await tauri.core.invoke("mixed", { on: channel })`)
      await page.waitFor("return !isKnown()")
      const expected = [{ a: [1] }, [1, 2, 3, 3], null, [7, 7, 7, 300_000], "last"]
      assert.deepEqual(await page.evaluate("return heard"), expected)
    },
  },
  {
    shows: "core.Channel.constructor",
    name: "gets 100,000 messages in order, all before the call's answer",
    async run({ page }) {
      const script = `let [next, inOrder] = [0, true]
        const channel = new tauri.core.Channel((n) => { inOrder &&= n === next; next++ })
        const count = await tauri.core.invoke("count", { on: channel, count: 100_000 })
        return { inOrder, next, count }`
      assert.deepEqual(await page.evaluate(script), { inOrder: true, next: 100_000, count: 100_000 })
    },
  },
  {
    shows: "core.Channel.onmessage",
    name: "may be set later, and read",
    async run({ page }) {
      const script = `const channel = new tauri.core.Channel()
        const heard = []
        const handler = (message) => heard.push(message)
        channel.onmessage = handler
        await tauri.core.invoke("count", { on: channel, count: 2 })
        return { heard, same: channel.onmessage === handler }`
      assert.deepEqual(await page.evaluate(script), { heard: [0, 1], same: true })
    },
  },
  {
    shows: ["core.Channel.[SERIALIZE_TO_IPC_FN]", "core.Channel.toJSON"],
    name: "is text that names its callback",
    async run({ page }) {
      const script = `const channel = new tauri.core.Channel()
        const text = "__CHANNEL__:" + channel.id
        return [channel[tauri.core.SERIALIZE_TO_IPC_FN]() === text, channel.toJSON() === text, JSON.stringify([channel]) === JSON.stringify([text])]`
      assert.deepEqual(await page.evaluate(script), [true, true, true])
    },
  },
  {
    shows: "core.Channel.constructor",
    name: "is one stream when a call gets it twice, and ends when both have",
    async run({ page }) {
      await page.evaluate(`${CHANNEL}; await tauri.core.invoke("two", { first: channel, second: channel })`)
      await page.waitFor("return !isKnown()")
      assert.deepEqual(await page.evaluate("return heard"), ["first", "second", "still"])
    },
  },
  {
    shows: "core.Channel.constructor",
    name: "is found inside nested arguments",
    async run({ page }) {
      await page.evaluate(`${CHANNEL}; await tauri.core.invoke("nested", { deep: { list: [1, channel] } })`)
      assert.deepEqual(await page.evaluate("return heard"), ["found"])
    },
  },
  {
    shows: "core.Channel.constructor",
    name: "outlives its call, and knows when its page is gone",
    everyBrowser: LEAVING,
    async run({ page }) {
      await page.evaluate(`${CHANNEL}; await tauri.core.invoke("keep", { on: channel })`)
      const channel = kept.pop() as Channel
      assert.equal(channel.isOpen, true)
      channel.send("later")
      await page.waitFor("return heard.length === 1")
      assert.deepEqual(await page.evaluate("return [heard, isKnown()]"), [["later"], true])
      await page.reload()
      await eventually("the channel is closed", () => !channel.isOpen)
      assert.equal(channel.send("to nobody"), false)
    },
  },
  {
    shows: "core.Channel.constructor",
    name: "goes on when its handler throws; the page hears of it as of any uncaught error",
    everyBrowser: UNCAUGHT,
    async run({ page }) {
      const script = `const [heard, uncaught] = [[], []]
        addEventListener("error", (event) => { uncaught.push(event.error?.message); event.preventDefault() })
        const channel = new tauri.core.Channel((n) => { heard.push(n); if (n === 1) throw new Error("at " + n) })
        await tauri.core.invoke("count", { on: channel, count: 4 })
        await tauri.core.invoke("echo")
        return { heard, uncaught }`
      assert.deepEqual(await page.evaluate(script), { heard: [0, 1, 2, 3], uncaught: ["at 1"] })
    },
  },
  {
    shows: "core.Channel.constructor",
    name: "that was never made harms nobody, and text that names none is an argument as any other",
    async run({ page }) {
      await page.evaluate(`return tauri.core.invoke("count", { on: "__CHANNEL__:12345", count: 3 })`)
      for (const text of ["__CHANNEL__:x", "__CHANNEL__:-1", "__CHANNEL__:4294967296", "x__CHANNEL__:1"])
        await refused(page, `tauri.core.invoke("keep", { on: "${text}" })`, /^invalid args `on` for command `keep`: /)
      assert.deepEqual(kept, [])
      assert.deepEqual(await page.evaluate(`return tauri.core.invoke("echo", { text: "a__CHANNEL__:1" })`), {
        text: "a__CHANNEL__:1",
      })
    },
  },
]
