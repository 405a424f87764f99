import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { KEY, layOut, SESSION, seal } from "../../core/core.fixture.ts"
import { payloadMemory } from "../../core/payload-memory.ts"
import { resolveLimits } from "../wire/limits.ts"
import { PART_BYTES } from "../wire/parts.ts"
import { RecordOpener } from "./record-opener.ts"
import { SealedSession } from "./sealed-session.ts"

const LIMITS = resolveLimits()
const start = (opener: RecordOpener | null = new RecordOpener(Uint8Array.from(KEY), SESSION)): SealedSession =>
  new SealedSession(
    opener,
    LIMITS,
    payloadMemory(LIMITS, () => true),
  )
const note = (id: number): Uint8Array => layOut({ calls: [[id, "note"]] })
const record = (seq: number): Uint8Array => seal(note(seq), { seq })
const idsIn = (session: SealedSession, message: Uint8Array | string): number[] =>
  session.open(message).calls.map(({ id }) => id)

describe("a sealed session", () => {
  test("opens records in order, and then has sealed", () => {
    const session = start()
    assert.equal(session.hasSealed, false)
    assert.deepEqual([idsIn(session, record(1)), idsIn(session, record(2))], [[1], [2]])
    assert.deepEqual([session.hasSealed, session.isOver], [true, false])
  })

  test("opens a record that came in parts", () => {
    const session = start()
    const whole = seal(
      layOut({ calls: [[1, "note", null, null, 0]], blobs: [PART_BYTES] }, [new Uint8Array(PART_BYTES)]),
    )
    assert.equal(session.receive(`${whole.length}`), null)
    assert.equal(session.expectsPart, true)
    assert.equal(session.receive(whole.slice(0, PART_BYTES)), null)
    const received = session.receive(whole.slice(PART_BYTES))
    assert.equal(session.expectsPart, false)
    assert.deepEqual(idsIn(session, received ?? ""), [1])
  })

  for (const [name, message] of [
    ["a record that comes again", record(1)],
    ["a record that follows an omitted one", record(3)],
    ["a call in the clear", note(2)],
    ["a record of another session", seal(note(2), { seq: 2, session: new Uint8Array(16) })],
    ["a sealed payload that is none", seal(Uint8Array.of(1), { seq: 2 })],
    ["a sealed call that is none", seal(layOut({ calls: [[-1, "note"]] }), { seq: 2 })],
    ["a message that is no record", "text"],
  ] as const)
    test(`opens nothing after ${name}`, () => {
      const key = Uint8Array.from(KEY)
      const session = start(new RecordOpener(key, SESSION))
      session.open(record(1))
      assert.throws(() => session.open(message))
      assert.equal(session.isOver, true)
      for (const seq of [2, 3]) assert.throws(() => session.open(record(seq)), /not the next record/)
      assert.deepEqual(key, new Uint8Array(32))
    })

  test("opens nothing after its end", () => {
    const session = start()
    session.end()
    assert.throws(() => session.open(record(1)), /not the next record/)
    assert.equal(session.hasSealed, false)
  })

  test("opens nothing after its end in brownfield, where it takes payloads in the clear", () => {
    const session = start(null)
    assert.deepEqual(idsIn(session, note(1)), [1])
    session.end()
    assert.throws(() => session.open(note(2)), /not the next record/)
  })
})
