import assert from "node:assert/strict"
import { describe, mock, test } from "node:test"
import { ERRORS } from "../boundary/wire/errors.ts"
import type { CoreConnection } from "./connection.ts"
import { connect, FakeSocket, listeners } from "./fake-core.fixture.ts"
import { FakeFrame, frame, microtasks, outcomes, ready, socket, start } from "./fake-frame.fixture.ts"
import { IsolationError } from "./isolation-error.ts"

describe("a session with a sandbox", () => {
  for (const [fate, after, end] of [
    ["SANDBOX_UNAVAILABLE", "the frame's time", () => mock.timers.tick(3000)],
    ["SANDBOX_UNAVAILABLE", "its own word", () => frame().say({ failed: ["SANDBOX_UNAVAILABLE", "why"] })],
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

  /** A session that is ready and has sealed its first frame, and a call that is with its sandbox. */
  async function handedOver(args: unknown = {}): Promise<{ connection: CoreConnection; call: unknown[] }> {
    const connection = await ready()
    frame().seal()
    const call = outcomes(connection, "a", args)
    await microtasks()
    assert.deepEqual(frame().batches, [["a"]])
    return { connection, call }
  }
  /** The next session, as soon as there is one. */
  function next(): void {
    mock.timers.tick(100)
    socket().welcome("http://127.0.0.1:1/ticket2")
    frame().connect()
    frame().say({ ready: true })
    frame().seal()
  }

  test("rejects a call when a frame has left since: the Core may have seen it", async () => {
    const { call } = await handedOver()
    frame().seal()
    socket().lose()
    await microtasks()
    assert.deepEqual(call, ["CONNECTION_LOST"])
    next()
    assert.deepEqual([frame().batches, FakeSocket.made.length], [[], 2])
  })

  test("says of a call that the Core may have seen that whether it ran is unknown", async () => {
    const connection = await ready()
    const call = connection.invoke("a", {}, undefined)
    await microtasks()
    frame().seal(2)
    frame().isConnected = false
    mock.timers.tick(500)
    await assert.rejects(call, {
      message: "the isolation frame was removed from the page: whether the call ran is unknown",
    })
  })

  const FATES: readonly (readonly [what: string, act: () => void])[] = [
    ["its socket is cut", () => socket().lose()],
    ["the app is closing", () => socket().lose(1001, "the app is closing")],
    ["its frame is removed", () => void Object.assign(frame(), { isConnected: false })],
    ["its frame is moved", () => frame().move()],
    ["its frame is navigated", () => frame().load()],
    ["the page comes back", () => listeners.get("pageshow")?.({ persisted: true })],
  ]
  const STEPS: readonly (readonly [when: string, reach: () => void])[] = [
    ["before its frame has loaded", () => {}],
    ["before its sandbox is there", () => frame().load()],
    ["before its sandbox is ready", () => [frame().load(), frame().connect()]],
    ["before its first frame", () => [frame().load(), frame().connect(), frame().say({ ready: true })]],
    [
      "before the frame of the call",
      () => [frame().load(), frame().connect(), frame().say({ ready: true }), frame().seal()],
    ],
    [
      "in the middle of the frame of the call",
      () => [frame().load(), frame().connect(), frame().say({ ready: true }), frame().seal(), frame().say(9)],
    ],
  ]
  // The first document of a frame that was navigated before it loaded is the second.
  for (const [what, act] of FATES)
    for (const [when, reach] of STEPS)
      if (what !== "its frame is navigated" || !when.startsWith("before its frame"))
        test(`leaves a call that the Core has not seen to the next when ${what} ${when}`, async () => {
          const connection = connect()
          socket().welcome("http://127.0.0.1:1/ticket")
          const call = outcomes(connection)
          await microtasks()
          reach()
          act()
          mock.timers.tick(500)
          await microtasks()
          assert.deepEqual(call, [])
          next()
          assert.deepEqual([frame().batches, FakeSocket.made.length], [[["a"]], 2])
          socket().reply([1, 1, "yes"])
          await microtasks()
          assert.deepEqual(call, ["yes"])
        })

  test("hands no call over when its socket is gone, though the event of it is still to come", async () => {
    const connection = await ready()
    frame().seal()
    socket().readyState = 2
    const call = outcomes(connection)
    await microtasks()
    assert.deepEqual(frame().batches, [])
    socket().lose()
    next()
    await microtasks()
    assert.deepEqual([frame().batches, call], [[["a"]], []])
  })

  test("leaves a call to the next when the frame of it left for a socket that was gone", async () => {
    const { call } = await handedOver()
    socket().readyState = 2
    const { length } = socket().sent
    frame().seal()
    assert.equal(socket().sent.length, length)
    socket().lose()
    await microtasks()
    next()
    assert.deepEqual([frame().batches, call], [[["a"]], []])
  })

  test("leaves a call that its hook has refused meanwhile as it is", async () => {
    const { call } = await handedOver()
    frame().say({ refused: [[1, "HOOK_REFUSED", "no"]] })
    frame().isConnected = false
    mock.timers.tick(500)
    next()
    await microtasks()
    assert.deepEqual([frame().batches, call], [[], ["HOOK_REFUSED"]])
  })

  test("whose sandbox has got a raw argument says that the call did not run: it cannot be sent again", async () => {
    const connection = await ready()
    const call = connection.invoke("a", Uint8Array.of(7), undefined)
    await microtasks()
    frame().isConnected = false
    mock.timers.tick(500)
    await assert.rejects(call, { code: "CONNECTION_LOST", message: /removed from the page: the call did not run$/ })
  })

  test("rejects what the Core has not seen when five have ended one after the other, and says that it did not run", async () => {
    const connection = connect()
    const call = connection.invoke("a", {}, undefined)
    const result = call.then(
      () => "answered",
      ({ message }: Error) => message,
    )
    for (let count = 1; count <= 5; count++) {
      await microtasks()
      assert.equal(await Promise.race([result, "waits"]), "waits")
      socket().welcome(`http://127.0.0.1:1/ticket${count}`)
      frame().load()
      frame().load()
      mock.timers.tick(5000)
    }
    assert.equal(await result, "the isolation frame was navigated: the call did not run")
  })

  test("says of calls that are made when the app is gone that they did not run", async () => {
    const connection = await ready()
    socket().lose()
    mock.timers.tick(20)
    const call = connection.invoke("a", {}, undefined)
    socket().lose()
    await assert.rejects(call, { code: "CONNECTION_LOST", message: "the app cannot be reached: the call did not run" })
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
    frame().seal(2)
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
    // The hook may be what does not return: no other sandbox gets the call.
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
    frame().seal(2)
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
