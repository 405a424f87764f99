import assert from "node:assert/strict"
import { describe, mock, test } from "node:test"
import { ERRORS } from "../protocol/errors.ts"
import { connect, FakeSocket, listeners } from "./fake-core.fixture.ts"
import { FakeFrame, frame, microtasks, outcomes, ready, socket, start } from "./fake-frame.fixture.ts"
import { IsolationError } from "./isolation-error.ts"

describe("a session with a sandbox", () => {
  for (const [fate, after, end] of [
    ["SANDBOX_UNAVAILABLE", "the frame's time", () => mock.timers.tick(3000)],
    ["SANDBOX_UNAVAILABLE", "its own word", () => frame().say({ failed: ["SANDBOX_UNAVAILABLE", "why"] })],
    ["CONNECTION_LOST", "its socket's end", () => socket().lose()],
  ] as const)
    test(`that never says it is ready fails what it has already as it fails what waits: ${fate}, after ${after}`, async () => {
      const connection = start()
      const [handedOver, queued] = [outcomes(connection), [] as unknown[]]
      await microtasks()
      frame().connect()
      queued.push(outcomes(connection, "b"))
      await microtasks()
      assert.deepEqual(frame().batches, [["a"]])
      end()
      await microtasks()
      assert.deepEqual([handedOver, queued], [[fate], [[fate]]])
      mock.timers.tick(99)
      assert.equal(FakeSocket.made.length, 1)
    })

  test("that never said it is ready leaves its calls to the next, in their order, when the page was away meanwhile", async () => {
    const connection = start()
    const calls = ["a", "b"].map((cmd) => outcomes(connection, cmd, Uint8Array.of(7)))
    await microtasks()
    frame().connect()
    const [first] = FakeFrame.made
    // A browser takes away what is transferred.
    for (const buffer of first?.posted ?? [])
      if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] })
    calls.push(outcomes(connection, "c"))
    listeners.get("pageshow")?.({ persisted: true })
    await microtasks()
    assert.deepEqual([first?.batches, calls], [[["a", "b"]], [[], [], []]])
    mock.timers.tick(20)
    socket().welcome("http://127.0.0.1:1/ticket2")
    frame().connect()
    frame().say({ ready: true })
    assert.deepEqual(frame().batches, [["a", "b", "c"]])
    assert.deepEqual(frame().posted.slice(0, 2), [Uint8Array.of(7).buffer, Uint8Array.of(7).buffer])
    socket().reply([1, 1, "1"], [2, 1, "2"], [3, 1, "3"])
    await microtasks()
    assert.deepEqual(calls, [["1"], ["2"], ["3"]])
  })

  test("that was ready once fails what it had already when it ends: the Core may have seen it", async () => {
    const connection = start()
    const call = outcomes(connection)
    await microtasks()
    frame().connect()
    frame().say({ ready: true })
    socket().lose()
    await microtasks()
    assert.deepEqual(call, ["CONNECTION_LOST"])
    mock.timers.tick(20)
    socket().welcome("http://127.0.0.1:1/ticket2")
    frame().connect()
    frame().say({ ready: true })
    assert.deepEqual([frame().batches, FakeSocket.made.length], [[], 2])
  })

  test("stays for as long as nothing ends it", async () => {
    const connection = await ready()
    const call = outcomes(connection)
    await microtasks()
    for (let tick = 0; tick < 120; tick++) {
      frame().say({ taken: true })
      mock.timers.tick(500)
    }
    await microtasks()
    assert.deepEqual([call, FakeSocket.made.length, socket().closed], [[], 1, false])
  })

  test("that ended before the Core answered its hello makes no frame", () => {
    connect()
    const early = socket()
    listeners.get("pageshow")?.({ persisted: true })
    early.welcome("http://127.0.0.1:1/ticket")
    assert.deepEqual([FakeFrame.made.length, early.closed], [0, true])
  })

  test("ends once, however much goes wrong", async () => {
    await ready()
    const [old, oldSocket] = [frame(), socket()]
    old.load()
    old.load()
    oldSocket.lose()
    old.say({ failed: ["SANDBOX_UNAVAILABLE", "why"] })
    mock.timers.tick(20)
    assert.equal(FakeSocket.made.length, 2)
  })

  test("a call that the Core has no memory for rejects with the code, in full, and the session goes on", async () => {
    const connection = await ready()
    const sent = [connection.invoke("a", {}, undefined), connection.invoke("b", {}, undefined)]
    const settled = Promise.allSettled(sent)
    await microtasks()
    socket().reply([1, 3, ["TOO_MANY_BYTES", ""]], [2, 1, "b"])
    const [refused, answered] = await settled
    assert.ok(refused?.status === "rejected" && refused.reason instanceof IsolationError)
    assert.deepEqual([refused.reason.code, refused.reason.message], ["TOO_MANY_BYTES", ERRORS.TOO_MANY_BYTES])
    assert.deepEqual([answered?.status, FakeSocket.made.length, socket().closed], ["fulfilled", 1, false])
  })

  test("ends when its frame has left the page: a watchdog sees it while calls wait, for no event tells", async () => {
    const connection = await ready()
    const sent = outcomes(connection)
    await microtasks()
    frame().isConnected = false
    mock.timers.tick(500)
    await microtasks()
    assert.deepEqual([sent, frame().portClosed, socket().closed], [["CONNECTION_LOST"], true, true])
    mock.timers.tick(20)
    assert.equal(FakeSocket.made.length, 2)
  })

  test("ends when its sandbox answers nothing any more, not even an empty batch", async () => {
    const connection = await ready()
    const sent = outcomes(connection)
    await microtasks()
    frame().say({ taken: true })
    // Three times what a frame may take to load here.
    mock.timers.tick(9000)
    await microtasks()
    assert.deepEqual([sent, FakeSocket.made.length], [[], 1])
    mock.timers.tick(500)
    await microtasks()
    assert.deepEqual([sent, frame().portClosed], [["CONNECTION_LOST"], true])
    mock.timers.tick(20)
    assert.equal(FakeSocket.made.length, 2)
    assert.deepEqual(FakeFrame.made[0]?.batches.slice(1).flat(), [])
  })

  test("a call made after the frame was removed waits for the next session instead of being lost", async () => {
    const connection = await ready()
    frame().isConnected = false
    const call = outcomes(connection)
    await microtasks()
    mock.timers.tick(20)
    socket().welcome("http://127.0.0.1:1/ticket2")
    frame().connect()
    frame().say({ ready: true })
    assert.deepEqual([FakeFrame.made.length, frame().batches, call], [2, [["a"]], []])
  })

  test("ends when its frame loads a second time", async () => {
    const connection = await ready()
    const sent = outcomes(connection)
    await microtasks()
    frame().load()
    await microtasks()
    assert.deepEqual([sent, frame().isConnected], [["CONNECTION_LOST"], false])
  })

  test("without a word from its frame in time rejects with SANDBOX_UNAVAILABLE, and tries again", async () => {
    const call = outcomes(start())
    mock.timers.tick(2999)
    await microtasks()
    assert.deepEqual(call, [])
    mock.timers.tick(1)
    await microtasks()
    assert.deepEqual([call, frame().isConnected], [["SANDBOX_UNAVAILABLE"], false])
    mock.timers.tick(100)
    assert.equal(FakeSocket.made.length, 2)
  })

  test("whose sandbox failed rejects what was sent, what waits and what comes, and no other is tried", async () => {
    const connection = await ready()
    const sent = outcomes(connection)
    await microtasks()
    const queued = outcomes(connection)
    frame().say({ failed: ["SANDBOX_UNAVAILABLE", "why"] })
    const later = outcomes(connection)
    mock.timers.tick(60_000)
    await microtasks()
    assert.deepEqual([sent, queued, later, FakeSocket.made.length], [...Array(3).fill(["SANDBOX_UNAVAILABLE"]), 1])
  })

  test("that is over is heard no more: each call has one end", async () => {
    const connection = await ready()
    const call = outcomes(connection)
    await microtasks()
    frame().say({ refused: [[1, "HOOK_REFUSED", "no"]] })
    frame().say({ refused: [[1, "HOOK_TIMEOUT", ""]] })
    socket().reply([1, 1, "late"])
    const [old, oldSocket] = [frame(), socket()]
    oldSocket.lose()
    mock.timers.tick(20)
    old.say({ ready: true, taken: true })
    old.say(new ArrayBuffer(1))
    await microtasks()
    assert.deepEqual([call, oldSocket.sent.length, FakeSocket.made.length], [["HOOK_REFUSED"], 1, 2])
  })
})
