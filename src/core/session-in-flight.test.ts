import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { turn } from "./core.fixture.ts"
import { did, isOpen, one, start } from "./session.fixture.ts"
import { WindowMemory } from "./window-memory.ts"

describe("calls in flight", () => {
  test("an id cannot be used again until it is answered, then it can", async () => {
    const free = start()
    free.send(one(1, "note"))
    free.send(one(1, "note"))
    assert.equal(free.connection.closed, null)
    const taken = start()
    taken.send(one(1, "wait"))
    taken.send(one(1, "note"))
    assert.equal(taken.connection.closed?.code, CLOSE.FRAME_REFUSED)
    assert.equal(did.ran.length, 3)
  })

  test("nothing runs that stands behind a refused call in its frame", () => {
    const { send } = start()
    send({
      calls: [
        [1, "wait", "first"],
        [1, "note", "again"],
        [2, "note", "behind"],
      ],
    })
    assert.deepEqual(did.ran, ["first"])
  })

  test("callsInFlight: the limit runs, one more ends the session", () => {
    const { connection, send } = start({ callsInFlight: 2 })
    send({
      calls: [
        [1, "wait"],
        [2, "wait"],
      ],
    })
    assert.equal(isOpen(connection), true)
    send(one(3, "wait"))
    assert.deepEqual(connection.closed, {
      code: CLOSE.LIMIT_EXCEEDED,
      reason: "more than 2 callsInFlight are in flight",
    })
    assert.equal(did.ran.length, 2)
  })

  const REFUSED = ["TOO_MANY_BYTES", ""]
  const raw = (id: number, bytes: number): [object, Uint8Array[]] => [
    { calls: [[id, "wait", null, null, 0]], blobs: [bytes] },
    [new Uint8Array(bytes)],
  ]

  test("bytesInFlight: counts raw arguments, gives them back when a call is answered, and rejects what is beyond", async () => {
    const { connection, send } = start({ bytesInFlight: 100_000 })
    send(...raw(1, 40_000))
    send(...raw(2, 40_000))
    did.release(null)
    await turn()
    send(...raw(3, 40_000))
    send(...raw(4, 40_000))
    await turn()
    assert.deepEqual(connection.replies.at(-1), [4, 3, REFUSED])
    assert.equal(did.ran.length, 3)
    // It goes on, and what was rejected holds nothing.
    send(...raw(5, 10_000))
    assert.deepEqual([isOpen(connection), did.ran.length], [true, 4])
  })

  test("bytesInFlight: counts what JSON takes once it is parsed, not its characters", async () => {
    const { connection, send } = start({ bytesInFlight: 100_000 })
    const list = Array.from({ length: 1000 }, () => ({}))
    send(one(1, "wait", list))
    send(one(2, "wait", list))
    send(one(3, "wait", []))
    await turn()
    assert.deepEqual(connection.replies, [[2, 3, REFUSED]])
    assert.deepEqual([did.ran, isOpen(connection)], [[list, []], true])
  })

  test("bytesInFlight: a call that fills it exactly runs", async () => {
    const json = one(1, "wait", { path: "notes/a.md" })
    const memory = new WindowMemory(1e6)
    start({ memory }).send(json)
    let size = 1e6
    while (!memory.takeCall(size)) size--
    size = 1e6 - size
    for (const [limit, ran] of [
      [size, 2],
      [size - 1, 2],
      [size, 3],
    ] as const) {
      start({ bytesInFlight: limit }).send(json)
      assert.equal(did.ran.length, ran, `${limit} bytes`)
    }
  })

  test("bytesInFlight: a large call counts as what it is, however many small ones come in its frame", async () => {
    const { connection, send } = start({ bytesInFlight: 180_000 })
    const small = Array.from({ length: 5 }, (_, index) => [100 + index, "note"])
    for (const id of [1, 2, 3]) send({ calls: [[id, "wait", "x".repeat(60_000)], ...small] })
    await turn()
    const answers = connection.replies as [number, number][]
    assert.deepEqual(
      answers.filter(([, ok]) => ok === 3).map(([id]) => id),
      [3],
    )
    assert.equal(answers.filter(([, ok]) => ok === 1).length, 15)
  })

  test("bytesInFlight: holds for all sessions of a window together, whether they last or not", async () => {
    const memory = new WindowMemory(100_000)
    const sessions = [0, 1, 2].map(() => start({ memory }))
    for (const { send } of sessions) send(...raw(1, 40_000))
    await turn()
    assert.deepEqual(
      sessions.map(({ connection }) => connection.replies),
      [[], [], [[1, 3, REFUSED]]],
    )
    // What runs holds its arguments, though its page is gone.
    sessions[1]?.session.end(CLOSE.NORMAL, "gone")
    sessions[2]?.send(...raw(2, 40_000))
    await turn()
    assert.equal(sessions[2]?.connection.replies.length, 2)
    did.release(null)
    await turn()
    sessions[2]?.send(...raw(3, 40_000))
    assert.deepEqual([did.ran.length, sessions[2]?.connection.closed], [3, null])
    assert.equal(did.ran.length, 3)
  })

  test("bytesInFlight: what was sent and has not been run counts, until the session ends", () => {
    let time = 0
    const memory = new WindowMemory(100_000)
    const waiting = start({ memory, now: () => time++ })
    waiting.send(...raw(1, 60_000))
    assert.equal(memory.takeCall(60_000), false)
    waiting.session.end(CLOSE.NORMAL, "gone")
    assert.deepEqual([did.ran, memory.takeCall(100_000)], [[], true])
  })

  test("bytesInFlight: a frame that is refused holds nothing", () => {
    const memory = new WindowMemory(100_000)
    const { connection, send } = start({ memory })
    send({ calls: [[1, "note", "x".repeat(50_000)], [2]] })
    assert.equal(connection.closed?.code, CLOSE.FRAME_REFUSED)
    assert.equal(memory.takeCall(100_000), true)
  })

  test("what comes in parts counts from its length on, for all sessions of a window; a page that sends more is ended", async () => {
    const memory = new WindowMemory(2_000_000)
    const [first, second, third] = [0, 1, 2].map(() => start({ memory, isolated: false }))
    first?.session.receive("1500000")
    second?.session.receive("400000")
    assert.deepEqual([first?.connection.closed, second?.connection.closed], [null, null])
    third?.session.receive("400000")
    assert.deepEqual(third?.connection.closed, {
      code: CLOSE.LIMIT_EXCEEDED,
      reason: "more than 71303168 bytesInFlight wait to be read",
    })
    // Its parts add nothing, and what has been read, or whose session has ended, is not counted any more.
    second?.session.receive(new Uint8Array(400_000))
    assert.equal(second?.connection.closed?.code, CLOSE.FRAME_REFUSED)
    first?.session.end(CLOSE.NORMAL, "gone")
    assert.equal(memory.takeInput(2_000_000), true)
  })

  test("what has been read counts as input no more, and what waits does", async () => {
    let time = 0
    const memory = new WindowMemory(10_000)
    const { session, connection, send } = start({ memory, now: () => time++ })
    send(one(1, "note"))
    // The first is read, and its slice is over.
    assert.equal(memory.takeInput(10_000), true)
    memory.giveInput(10_000)
    send(one(2, "note", "x".repeat(8000)))
    assert.equal(memory.takeInput(5000), false)
    send(one(3, "note", "x".repeat(8000)))
    assert.equal(connection.closed?.code, CLOSE.LIMIT_EXCEEDED)
    assert.deepEqual([session.isOver, memory.takeInput(10_000)], [true, true])
  })

  test("the signal fires when the session ends, and what the command answers then is dropped", async () => {
    const { session, connection, send } = start()
    send(one(1, "wait"))
    assert.equal(did.signal?.aborted, false)
    session.end(CLOSE.NORMAL, "gone")
    assert.equal(did.signal?.aborted, true)
    did.release("late")
    await turn()
    assert.deepEqual(connection.replies, [])
  })

  test("answers that are ready leave before the end", () => {
    const { session, connection, send } = start()
    send(one(1, "note"))
    session.end(CLOSE.NORMAL, "gone")
    assert.deepEqual(connection.replies, [[1, 1, "noted"]])
  })
})

describe("winding down", () => {
  test("gives what runs the signal and waits for it, and refuses what comes", async () => {
    const { session, connection, send } = start()
    send(one(1, "wait"))
    let isIdle = false
    const idle = session.windDown().then(() => {
      isIdle = true
    })
    assert.equal(did.signal?.aborted, true)
    send(one(2, "note"))
    await turn()
    assert.deepEqual(connection.replies, [[2, 0, "the app is closing"]])
    assert.equal(isIdle, false)
    did.release("done")
    await idle
    await turn()
    assert.deepEqual(connection.replies.at(-1), [1, 1, "done"])
  })

  test("keeps to the rule that an id in flight cannot be used again", () => {
    const { session, connection, send } = start()
    send(one(1, "wait"))
    session.windDown()
    send(one(1, "note"))
    assert.equal(connection.closed?.code, CLOSE.FRAME_REFUSED)
    assert.deepEqual(connection.replies, [])
  })

  test("gives a signal that has fired to whoever asks for one only then", () => {
    const { session, send } = start()
    send(one(1, "wait"))
    const late = start().session
    for (const winding of [session, late]) {
      winding.windDown()
      assert.equal(winding.signal.aborted, true)
    }
    did.release(null)
  })

  test("waits for the call that asks for it", async () => {
    const { send } = start()
    send(one(1, "windDown"))
    await turn()
    assert.deepEqual(did.ran, [])
    did.release("done")
    await turn()
    assert.deepEqual(did.ran, ["idle"])
  })

  test("waits for nothing when nothing runs", () => start().session.windDown())
})
