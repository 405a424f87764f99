import assert from "node:assert/strict"
import * as fc from "fast-check"
import { RecordOpener } from "../../src/boundary/core/record-opener.ts"
import { KEY, SESSION, seal } from "../../src/core/core.fixture.ts"
import { property, type Target } from "../property.ts"
import { bytes, isSame, mutate, mutation } from "../values.ts"

const OTHER_KEY = KEY.map((byte) => byte ^ 1)
const OTHER_SESSION = SESSION.map((byte) => byte ^ 1)

const payloads = fc.array(bytes, { minLength: 1, maxLength: 5 })
const index = fc.nat(4)

/** What an attacker in the page can do with frames that pass through its hands, and with some of another session. */
const attempt = fc.oneof(
  fc.record({ does: fc.constant("carry" as const), frame: index }),
  fc.record({
    does: fc.constant("mutate" as const),
    frame: index,
    mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ does: fc.constant("splice" as const), frame: index, other: index, at: fc.nat(60) }),
  fc.record({
    does: fc.constant("relabel" as const),
    frame: index,
    seq: fc.oneof(fc.nat(6), fc.maxSafeNat()),
    version: fc.nat(2),
  }),
  fc.record({
    does: fc.constant("foreign" as const),
    frame: index,
    isKeyOther: fc.boolean(),
    isSessionOther: fc.boolean(),
  }),
  fc.record({ does: fc.constant("invent" as const), bytes: fc.uint8Array({ maxLength: 60 }) }),
)

type Attempt = typeof attempt extends fc.Arbitrary<infer Value> ? Value : never

/** The frame of an attempt. */
function make(attempt: Attempt, sealed: readonly Uint8Array[], contents: readonly Uint8Array[]): Uint8Array {
  const at = (index: number): Uint8Array => sealed[index % sealed.length] as Uint8Array
  if (attempt.does === "invent") return attempt.bytes
  const frame = at(attempt.frame)
  if (attempt.does === "carry") return frame
  if (attempt.does === "mutate") return mutate(frame, attempt.mutations)
  if (attempt.does === "splice")
    return Uint8Array.from([...frame.subarray(0, attempt.at), ...at(attempt.other).subarray(attempt.at)])
  if (attempt.does === "relabel") {
    const header = Buffer.alloc(9)
    header.writeUInt8(attempt.version)
    header.writeBigUInt64BE(BigInt(attempt.seq), 1)
    return Uint8Array.from([...header, ...frame.subarray(9)])
  }
  const number = attempt.frame % contents.length
  return seal(contents[number] as Uint8Array, {
    seq: number + 1,
    key: attempt.isKeyOther ? OTHER_KEY : KEY,
    session: attempt.isSessionOther ? OTHER_SESSION : SESSION,
  })
}

export const opener: Target = {
  name: "opener",
  properties: [
    property("every frame that was sealed opens in its turn, exactly once", payloads, (contents) => {
      const opener = new RecordOpener(KEY, SESSION)
      for (const [index, content] of contents.entries()) {
        const frame = seal(content, { seq: index + 1 })
        assert.deepEqual([...(opener.open(frame) ?? [-1])], [...content])
        assert.equal(opener.open(frame), null)
        assert.equal(opener.opened, index + 1)
      }
    }),
    property(
      "whatever is done to frames, only the next one opens, as it was sealed, and nothing else moves the count",
      fc.tuple(payloads, fc.array(attempt, { maxLength: 30 })),
      ([contents, attempts]) => {
        const sealed = contents.map((content, index) => seal(content, { seq: index + 1 }))
        const opener = new RecordOpener(KEY, SESSION)
        let next = 0
        for (const attempt of attempts) {
          const frame = make(attempt, sealed, contents)
          const before = Uint8Array.from(frame)
          const opened = opener.open(frame)
          assert.ok(isSame(frame, before), "the frame was changed")
          const isNext = next < sealed.length && isSame(frame, sealed[next] as Uint8Array)
          if (isNext) assert.deepEqual([...(opened ?? [-1])], [...(contents[next++] as Uint8Array)])
          else assert.equal(opened, null)
          assert.equal(opener.opened, next)
        }
      },
    ),
  ],
}
