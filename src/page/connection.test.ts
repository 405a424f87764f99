import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, mock, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { Callbacks } from "./callbacks.ts"
import type { CoreConnection } from "./connection.ts"
import { connect, FakeSocket, listeners } from "./fake-core.fixture.ts"

const sockets = FakeSocket.made
const last = (): FakeSocket => sockets.at(-1) as FakeSocket
const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const start = (): CoreConnection => connect()
/** What becomes of a call, each time that it settles. */
function outcomes(connection: CoreConnection, cmd = "a"): unknown[] {
  const list: unknown[] = []
  connection.invoke(cmd, {}, undefined).then(
    (value) => list.push(value),
    (error: { code: string }) => list.push(error.code),
  )
  return list
}

beforeEach(() => {
  sockets.length = 0
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] })
})
afterEach(() => mock.timers.reset())

describe("a page's connection", () => {
  test("collects what one task calls, microtasks included, into one batch", async () => {
    const connection = start()
    last().welcome()
    connection.invoke("a", {}, undefined)
    connection.invoke("b", {}, undefined)
    Promise.resolve().then(() => connection.invoke("c", {}, undefined))
    await microtasks()
    connection.invoke("d", {}, undefined)
    assert.deepEqual(last().batches, [["a", "b", "c"]])
    await microtasks()
    assert.deepEqual(last().batches, [["a", "b", "c"], ["d"]])
  })

  test("keeps calls until a session stands, and sends each once", async () => {
    const connection = start()
    const early = outcomes(connection)
    await microtasks()
    assert.deepEqual(last().batches, [])
    last().welcome()
    assert.deepEqual(last().batches, [["a"]])
    last().reply([1, 1, "yes"], [1, 1, "again"], [1, 0, "no"])
    last().lose()
    await microtasks()
    assert.deepEqual(early, ["yes"])
  })

  test("tells what was sent CONNECTION_LOST, never repeats it, and sends what was not in the next session", async () => {
    const connection = start()
    last().welcome()
    const sent = outcomes(connection, "sent")
    await microtasks()
    const queued = outcomes(connection, "queued")
    last().lose()
    await microtasks()
    assert.deepEqual([sent, queued], [["CONNECTION_LOST"], []])
    mock.timers.tick(20)
    last().welcome()
    assert.deepEqual(last().batches, [["queued"]])
    last().reply([1, 1, "late"], [2, 1, "yes"])
    await microtasks()
    assert.deepEqual([sent, queued, sockets.length], [["CONNECTION_LOST"], ["yes"], 2])
  })

  test("listens again before what the page does meanwhile, in every new session, however many were lost", async () => {
    const callbacks = new Callbacks()
    const connection = connect(undefined, callbacks)
    const listen = { event: "a", handler: callbacks.register() }
    last().welcome()
    connection.invoke("plugin:event|listen", listen, undefined)
    await microtasks()
    last().reply([1, 1, listen.handler])
    await microtasks()
    last().lose()
    const meanwhile = outcomes(connection, "emit")
    mock.timers.tick(20)
    last().lose()
    await microtasks()
    assert.deepEqual(meanwhile, ["CONNECTION_LOST"])
    connection.invoke("emit", {}, undefined)
    mock.timers.tick(100)
    last().welcome()
    assert.deepEqual(last().batches, [["plugin:event|listen", "emit"]])
  })

  test("comes back with longer and longer pauses, up to 5 s, and anew once a session stood", () => {
    start()
    const pauses: number[] = []
    for (let attempt = 0; attempt < 9; attempt++) {
      last().lose()
      const before = sockets.length
      let ms = 0
      for (; sockets.length === before; ms += 10) mock.timers.tick(10)
      pauses.push(ms)
    }
    assert.deepEqual(pauses, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000])
    last().welcome()
    last().lose()
    mock.timers.tick(20)
    last().lose()
    mock.timers.tick(100)
    assert.equal(sockets.length, 12)
  })

  test("settles calls also while no session can be had", async () => {
    const connection = start()
    const first = outcomes(connection)
    last().lose()
    await microtasks()
    const second = outcomes(connection)
    mock.timers.tick(100)
    last().lose(1001, "the app is closing")
    await microtasks()
    assert.deepEqual([first, second], [["CONNECTION_LOST"], ["CONNECTION_LOST"]])
  })

  test("that the Core does not know rejects what waits and whatever comes, and never tries again", async () => {
    const connection = start()
    const waits = outcomes(connection)
    last().lose(CLOSE.CREDENTIAL_UNKNOWN, "who?")
    const later = outcomes(connection)
    mock.timers.tick(60_000)
    listeners.get("pageshow")?.({ persisted: true })
    await microtasks()
    assert.deepEqual([waits, later, sockets.length], [["SESSION_REFUSED"], ["SESSION_REFUSED"], 1])
  })

  test("without a credential opens no socket", async () => {
    const calls = outcomes(connect(null))
    listeners.get("pageshow")?.({ persisted: true })
    await microtasks()
    assert.deepEqual([calls, sockets.length], [["SESSION_REFUSED"], 0])
  })

  test("begins anew when its page comes back from the back/forward cache, though no event told of its socket's end", async () => {
    const connection = start()
    last().welcome()
    const sent = outcomes(connection)
    await microtasks()
    listeners.get("pagehide")?.({ persisted: true })
    listeners.get("pageshow")?.({ persisted: true })
    await microtasks()
    assert.deepEqual([sent, last().closed], [["CONNECTION_LOST"], true])
    mock.timers.tick(20)
    assert.equal(sockets.length, 2)
    const next = outcomes(connection)
    last().welcome()
    last().reply([2, 1, "yes"])
    await microtasks()
    assert.deepEqual(next, ["yes"])
  })

  test("that lost its session on the way out of the page has one again after coming back, and only one", () => {
    start()
    last().welcome()
    last().lose()
    listeners.get("pagehide")?.({ persisted: true })
    mock.timers.tick(60_000)
    assert.equal(sockets.length, 1)
    listeners.get("pageshow")?.({ persisted: true })
    mock.timers.tick(60_000)
    assert.equal(sockets.length, 2)
  })

  test("takes no pageshow of an ordinary load for a return", () => {
    start()
    last().welcome()
    listeners.get("pageshow")?.({ persisted: false })
    mock.timers.tick(1000)
    assert.deepEqual([sockets.length, last().closed], [1, false])
  })
})
