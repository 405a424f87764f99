import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { turn } from "./core.fixture.ts"
import { did, isOpen, one, start } from "./session.fixture.ts"

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
    assert.deepEqual(connection.closed, { code: CLOSE.LIMIT_EXCEEDED, reason: "more than 2 callsInFlight" })
    assert.equal(did.ran.length, 2)
  })

  test("bytesInFlight: counts raw arguments, gives them back when a call is answered, ends the session beyond", async () => {
    const raw = (id: number): [object, Uint8Array[]] => [
      { calls: [[id, "wait", null, null, 0]], blobs: [400] },
      [new Uint8Array(400)],
    ]
    const { connection, send } = start({ bytesInFlight: 1000 })
    send(...raw(1))
    send(...raw(2))
    did.release(null)
    await turn()
    send(...raw(3))
    assert.equal(isOpen(connection), true)
    send(...raw(4))
    assert.deepEqual(connection.closed, { code: CLOSE.LIMIT_EXCEEDED, reason: "more than 1000 bytesInFlight" })
    assert.equal(did.ran.length, 3)
  })

  test("bytesInFlight: a call that fills it exactly runs", () => {
    const json = one(1, "wait", { path: "notes/a.md" })
    const size = JSON.stringify([1, "wait", { path: "notes/a.md" }]).length
    for (const [limit, code] of [
      [size, undefined],
      [size - 1, CLOSE.LIMIT_EXCEEDED],
    ] as const) {
      const { connection, send } = start({ bytesInFlight: limit })
      send(json)
      assert.equal(connection.closed?.code, code)
    }
  })

  test("bytesInFlight: a large call counts as what it is, however many small ones come in its frame", () => {
    const { connection, send } = start({ bytesInFlight: 2000 })
    const small = Array.from({ length: 99 }, (_, index) => [100 + index, "note"])
    for (const id of [1, 2]) send({ calls: [[id, "wait", "x".repeat(900)], ...small] })
    assert.equal(isOpen(connection), true)
    send({ calls: [[3, "wait", "x".repeat(900)], ...small] })
    assert.equal(connection.closed?.code, CLOSE.LIMIT_EXCEEDED)
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
