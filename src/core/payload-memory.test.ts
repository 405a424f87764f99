import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { type ReceivedPayload, readCallPayload } from "../boundary/core/call-payload.ts"
import { layOut } from "./core.fixture.ts"
import { payloadMemory } from "./payload-memory.ts"

const LIMITS = { jsonBytes: 2000, blobBytes: 100, nesting: 8, bytesInFlight: 1e6 }
const read = (json: unknown, limits = LIMITS): ReceivedPayload =>
  readCallPayload(
    layOut(json),
    limits,
    payloadMemory(limits, () => true),
  )

describe("a call that its window has no memory for", () => {
  const LARGE = "x".repeat(500)
  const take = (json: unknown, blobs: readonly Uint8Array[], bytes: number): ReceivedPayload => {
    let left = bytes
    const memory = payloadMemory(LIMITS, (needed) => {
      if (needed > left) return false
      left -= needed
      return true
    })
    return readCallPayload(layOut(json, blobs), LIMITS, memory)
  }
  const shown = ({ calls }: ReceivedPayload): unknown[] =>
    calls.map(({ id, cmd, args, bytes, isExcess }) => [id, cmd, args, isExcess ? bytes : bytes > 0])

  test("has its id and its command, and no arguments; those around it have theirs", () => {
    const calls = [
      [1, "a", { b: 1 }],
      [2, 'c"[\\', LARGE],
      [3, "d", [2]],
    ]
    assert.deepEqual(shown(take({ calls, refused: [[4, "e", "NOT_JSON", ""]] }, [], 1976)), [
      [1, "a", { b: 1 }, true],
      [2, 'c"[\\', {}, 0],
      [3, "d", [2], true],
    ])
  })

  test("is counted before it is parsed", () => {
    // What follows the command is no JSON, and nothing looks at it.
    const { calls } = take(`{"calls":[[ 1 , "a" ,nonsense "${LARGE}"],[2,"b"]]}`, [], 1188)
    assert.deepEqual(shown({ calls } as never), [
      [1, "a", {}, 0],
      [2, "b", {}, true],
    ])
  })

  test("may have one for its JSON and none for its raw argument: then it gives back what it holds", () => {
    const calls = [[1, "a", null, null, 0]]
    const [call] = take({ calls, blobs: [100] }, [new Uint8Array(100)], 738).calls
    assert.deepEqual([call?.args, call?.isExcess], [{}, true])
    assert.ok((call?.bytes ?? 0) > 500)
    assert.equal(take({ calls, blobs: [100] }, [new Uint8Array(100)], 1088).calls[0]?.isExcess, false)
  })

  test("counts a raw argument for each call that names it", () => {
    const calls = Array.from({ length: 5 }, (_, id) => [id, "a", null, null, 0])
    const taken = take({ calls, blobs: [100] }, [new Uint8Array(100)], 1e6).calls
    assert.equal(new Set(taken.map(({ args }) => (args as Uint8Array).buffer)).size, 5)
    for (const { bytes } of taken) assert.ok(bytes > 600)
  })

  test("is refused with its payload when it does not begin as calls do", () => {
    for (const tuple of [`{"0":1,"1":"${LARGE}"}`, `["${LARGE}"]`, `[1,["${LARGE}"]]`, `"${LARGE}"`])
      assert.throws(() => take(`{"calls":[${tuple}]}`, [], 100), TypeError)
  })
})

test("counts texts that may become channels, in a payload that names one", () => {
  const bytesOf = (args: unknown): number => read({ calls: [[1, "a", args]] }).calls[0]?.bytes ?? 0
  const channels = Array.from({ length: 20 }, (_, id) => `__CHANNEL__:${id}`)
  assert.ok(bytesOf(channels) > 20_000)
  assert.ok(bytesOf(channels.map((text) => text.replace("C", "c"))) < 5000)
})

test("refuses a payload that has more besides its calls than the window may hold", () => {
  const refused = Array.from({ length: 20 }, () => [1, "a", "NOT_JSON", ""])
  assert.ok(read({ refused }))
  assert.throws(() => read({ refused }, { ...LIMITS, bytesInFlight: 1000 }), /1000 bytes/)
})

test("a name of the payload's own that is written with an escape is refused, because it hides which list has the calls", () => {
  for (const json of ['{"\\u005f_proto__":{"polluted":1}}', '{"\\u0063alls":[]}'])
    assert.throws(() => read(json), /without escapes/)
})
