import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { turn } from "./core.fixture.ts"
import { Events } from "./events.ts"
import { one, type Setup, start } from "./session.fixture.ts"

describe("replies", () => {
  test("a reply larger than outgoingBytes rejects its call, and the session goes on", async () => {
    const { connection, send } = start({ outgoingBytes: 2000 })
    send({
      calls: [
        [1, "huge"],
        [2, "note"],
      ],
    })
    await turn()
    assert.deepEqual(
      connection.replies.map((reply) => (reply as unknown[])[1]),
      [0, 1],
    )
    assert.equal(connection.closed, null)
  })

  test("outgoingBytes: what fills it exactly waits for the page, one byte more ends the session", async () => {
    const json = '{"replies":[[1,1,"noted"]],"blobs":[]}'
    for (const [bufferedBytes, code] of [
      [2000 - 4 - json.length, undefined],
      [2000 - 4 - json.length + 1, CLOSE.NOT_READING],
    ] as const) {
      const { connection, send } = start({ outgoingBytes: 2000 })
      connection.bufferedBytes = bufferedBytes
      send(one(1, "note"))
      await turn()
      assert.equal(connection.closed?.code, code)
    }
  })

  test("a page that does not read ends its session, once", async () => {
    const { connection, ended, send } = start({ outgoingBytes: 2000 })
    connection.bufferedBytes = 1000
    send(one(1, "large"))
    await turn()
    assert.equal(connection.closed?.code, CLOSE.NOT_READING)
    assert.deepEqual(connection.replies, [])
    assert.equal(ended(), 1)
  })

  test("a page that does not read can be ended by something else at that moment", () => {
    const { session, connection, ended, send } = start({ outgoingBytes: 2000 })
    connection.bufferedBytes = 1000
    send(one(1, "large"))
    session.end(CLOSE.NORMAL, "gone")
    assert.equal(connection.closed?.code, CLOSE.NOT_READING)
    assert.equal(ended(), 1)
  })
})

describe("an event that a page emits", () => {
  const emitting = (waiting: number): { readonly slow: Setup; readonly emit: () => void } => {
    const events = new Events(() => {})
    const slow = start({ events, outgoingBytes: 4000 })
    events.listen(slow.session, "flood", 1, { kind: "Any" })
    slow.connection.bufferedBytes = waiting
    return { slow, emit: () => events.emit("flood", "x", { kind: "Any" }, { source: "other" }) }
  }

  test("reaches a window that reads what it is sent", async () => {
    const { slow, emit } = emitting(999)
    emit()
    await turn()
    assert.equal(slow.connection.sent.length, 1)
  })

  test("is refused where a window does not keep up, and that window's session goes on", async () => {
    const { slow, emit } = emitting(1000)
    assert.throws(emit, /the window "main" does not keep up/)
    await turn()
    assert.deepEqual([slow.connection.sent.length, slow.connection.closed], [0, null])
  })
})
