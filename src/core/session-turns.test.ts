import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { turn } from "./core.fixture.ts"
import { did, type Setup, start } from "./session.fixture.ts"

describe("a session that has been sent more than it can do in one turn", () => {
  /** Each time that it is looked at, a millisecond has passed: a turn is one piece of work. */
  const busy = (): Setup => {
    let time = 0
    const setup = start({ now: () => time++ })
    setup.send({
      calls: [
        [1, "note", 1],
        [2, "note", 2],
        [3, "note", 3],
      ],
    })
    return setup
  }
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await turn()
  }

  test("has its peer wait meanwhile, and does all of it", async () => {
    const { connection } = busy()
    assert.deepEqual([did.ran, connection.isPaused], [[], true])
    await until(() => !connection.isPaused)
    assert.deepEqual(did.ran, [1, 2, 3])
    await turn()
    assert.equal(connection.replies.length, 3)
  })

  test("does what was sent before the page was gone, and ends then", async () => {
    const { session, ended } = busy()
    session.gone()
    assert.equal(ended(), 0)
    await until(() => ended() > 0)
    assert.deepEqual([did.ran, ended()], [[1, 2, 3], 1])
  })

  test("does nothing more once it is over", async () => {
    const { session, connection } = busy()
    session.end(CLOSE.CLOSING, "")
    await until(() => !connection.isPaused)
    assert.deepEqual(did.ran, [])
  })

  test("tells each of its calls that the app is closing", async () => {
    const { session, connection } = busy()
    await session.windDown()
    await turn()
    const closing = [1, 2, 3].map((id) => [id, 0, "the app is closing"])
    assert.deepEqual([did.ran, connection.replies], [[], closing])
  })
})
