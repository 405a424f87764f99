import assert from "node:assert/strict"
import { EventEmitter } from "node:events"
import { test } from "node:test"
import type { Former, FromCore, ToCore } from "./dev-messages.ts"
import { DevParent } from "./dev-parent.ts"

const REDEMPTION = { ticket: "t", credential: "c" }
const SERVER = { port: 4000, cookie: "cookie" }
const FORMER: Former = {
  server: SERVER,
  windows: [{ id: "1", label: "main", kind: "app-window", redemption: REDEMPTION }],
  reload: true,
}

/** A parent that says what it is told to say, and what it heard. */
class Channel extends EventEmitter {
  readonly connected = true
  /** Whether it keeps the process running. */
  keeps = true
  readonly channel = {
    ref: (): void => {
      this.keeps = true
    },
    unref: (): void => {
      this.keeps = false
    },
  }
  readonly heard: FromCore[] = []

  send(message: { readonly sallyport: FromCore }): void {
    this.heard.push(message.sallyport)
  }

  tell(message: ToCore): void {
    this.emit("message", { sallyport: message })
  }
}

const start = (): { channel: Channel; parent: DevParent } => {
  const channel = new Channel()
  return { channel, parent: new DevParent(channel) }
}

test("a Core asks what to take over, and what else comes over the channel is its author's", async () => {
  const { channel, parent } = start()
  assert.deepEqual(channel.heard, [{ kind: "starting" }])
  for (const other of [null, "text", { kind: "end" }, { sallyport: undefined }]) channel.emit("message", other)
  channel.tell({ kind: "former", former: FORMER })
  assert.deepEqual(await parent.former(), FORMER)
})

test("windows are taken over once, and by a Core on the same port only", () => {
  const { channel, parent } = start()
  channel.tell({ kind: "former", former: FORMER })
  const { windows, reload } = parent.adopt(SERVER)
  assert.deepEqual([windows.length, windows[0]?.label, windows[0]?.redemption, reload], [1, "main", REDEMPTION, true])
  assert.deepEqual(parent.adopt(SERVER), { windows: [], reload: false })

  const other = start()
  other.channel.tell({ kind: "former", former: FORMER })
  assert.deepEqual(other.parent.adopt({ ...SERVER, port: 4001 }).windows, [])
  assert.deepEqual(other.channel.heard.at(-1), {
    kind: "listening",
    server: { ...SERVER, port: 4001 },
    lost: ["1"],
  })
})

test("a window that is closed before it is taken over is not taken over; one that is closed later ends", async () => {
  const { channel, parent } = start()
  channel.tell({ kind: "former", former: FORMER })
  channel.tell({ kind: "closed", id: "1" })
  assert.deepEqual(parent.adopt(SERVER).windows, [])

  const later = start()
  later.channel.tell({ kind: "former", former: FORMER })
  const [window] = later.parent.adopt(SERVER).windows
  later.channel.tell({ kind: "closed", id: "1" })
  await window?.browser.closed
})

test("an app that ends by itself closes its windows; one that makes room for the next leaves them open", async () => {
  for (const isTold of [false, true]) {
    const { channel, parent } = start()
    channel.tell({ kind: "former", former: FORMER })
    const [window] = parent.adopt(SERVER).windows
    const app = { close: async () => window?.browser.close(), closed: new Promise<void>(() => {}) }
    parent.runs(app)
    if (isTold) channel.tell({ kind: "end" })
    else await app.close()
    await window?.browser.closed
    assert.equal(
      channel.heard.some(({ kind }) => kind === "close"),
      !isTold,
    )
  }
})

test("a window's link, and the hashes it came with, are the parent's", () => {
  const { channel, parent } = start()
  const options = { label: "main", width: 1, height: 2, identifier: "a.b", log: () => {} }
  const browser = parent.openBrowser("http://localhost:1/#ticket", options)
  browser.redeemed(REDEMPTION)
  const [, shown, redeemed] = channel.heard
  assert.ok(shown?.kind === "show" && redeemed?.kind === "redeemed")
  assert.deepEqual(shown.window, { label: "main", width: 1, height: 2, identifier: "a.b" })
  assert.deepEqual([redeemed.id, redeemed.redemption], [shown.id, REDEMPTION])
  channel.tell({ kind: "shown", id: shown.id, as: "printed" })
  assert.equal(browser.kind, "printed")
})

const INSTANCE = { identifier: "a.b", config: "/app/tauri.conf.json" }
const LAUNCH = { args: ["a"], cwd: "/" }

test("the parent decides whether a Core's app is the first instance, and tells it of second launches", async () => {
  const { channel, parent } = start()
  const taken = parent.takeInstance(INSTANCE, LAUNCH)
  assert.deepEqual(channel.heard.at(-1), { kind: "instance", instance: INSTANCE, launch: LAUNCH })
  channel.tell({ kind: "instance", outcome: "first" })
  const hold = await taken
  assert.ok(hold !== null && hold !== "second")
  channel.tell({ kind: "launched", launch: LAUNCH })
  const launches: unknown[] = []
  hold.onLaunch((launch) => launches.push(launch))
  channel.tell({ kind: "launched", launch: LAUNCH })
  assert.deepEqual(launches, [LAUNCH, LAUNCH])
  hold.shows()
  await hold.giveUp()
  assert.deepEqual(channel.heard.slice(-2), [{ kind: "instance-shows" }, { kind: "instance-given-up" }])
  assert.equal(await parent.takeInstance(INSTANCE, LAUNCH), null, "a further app of the process takes no part")
})

test("the channel keeps a Core running while it waits for what the parent decides, and not after that", async () => {
  const { channel, parent } = start()
  channel.tell({ kind: "former", former: FORMER })
  assert.equal(channel.keeps, false)
  const taken = parent.takeInstance(INSTANCE, LAUNCH)
  assert.equal(channel.keeps, true)
  channel.tell({ kind: "instance", outcome: "undecided" })
  await taken
  assert.equal(channel.keeps, false)
})

test("a Core that ends to make room for the next one does not give up its place", async () => {
  const { channel, parent } = start()
  const taken = parent.takeInstance(INSTANCE, LAUNCH)
  channel.tell({ kind: "instance", outcome: "first" })
  const hold = await taken
  assert.ok(hold !== null && hold !== "second")
  hold.closing()
  await hold.release()
  assert.ok(!channel.heard.some(({ kind }) => kind === "instance-given-up"))
})

test("a Core that is a second launch, or whose first instance does not answer, is told so", async () => {
  for (const [outcome, result] of [
    ["second", "second"],
    ["undecided", null],
  ] as const) {
    const { channel, parent } = start()
    const taken = parent.takeInstance(INSTANCE, LAUNCH)
    channel.tell({ kind: "instance", outcome })
    assert.equal(await taken, result)
  }
  const { channel, parent } = start()
  const taken = parent.takeInstance(INSTANCE, LAUNCH)
  channel.tell({ kind: "instance", outcome: { error: "no answer" } })
  await assert.rejects(taken, { name: "InstanceError", message: "no answer" })
})
