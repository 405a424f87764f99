import assert from "node:assert/strict"
import { describe, test } from "node:test"
import type { PageLimits } from "../protocol/page-messages.ts"
import { Calls } from "./calls.ts"

const LIMITS = { blobBytes: 10, callsInFlight: 3, bytesInFlight: 1000, frameTimeoutMs: 1 }
/** Of a brownfield page, and so small that each call is a batch of its own. */
const ONE_BY_ONE = { ...LIMITS, jsonBytes: 300 }

/** What became of a promise by now: `undefined` when nothing did. */
async function state(promise: Promise<unknown>): Promise<unknown> {
  let settled: unknown
  promise.then(
    (value) => {
      settled = { value }
    },
    (error: unknown) => {
      settled = error instanceof Error ? { code: (error as { code?: string }).code ?? error.name } : { rejected: error }
    },
  )
  await new Promise((resolve) => setImmediate(resolve))
  return settled
}

describe("a call", () => {
  test("is a tuple, with what each place needs: the last is the index of its raw argument", () => {
    const calls = new Calls()
    calls.add('a"b', { c: 1 }, undefined, null)
    calls.add("d", undefined, { headers: { "X-E": "f" } }, null)
    calls.add("g", Uint8Array.of(1, 2), undefined, null)
    calls.add("h", new DataView(Uint8Array.of(1, 2, 3).buffer, 1), { headers: [["i", "j"]] }, null)
    const { tuples, blobs } = calls.take(LIMITS)
    assert.deepEqual(
      tuples.map((tuple) => JSON.parse(tuple)),
      [
        [1, 'a"b', { c: 1 }],
        [2, "d", {}, { "x-e": "f" }],
        [3, "g", null, null, 0],
        [4, "h", null, { i: "j" }, 1],
      ],
    )
    assert.deepEqual(blobs, [Uint8Array.of(1, 2), Uint8Array.of(2, 3)])
  })

  test("is serialized at once: what changes later changes nothing", () => {
    const calls = new Calls()
    const [args, bytes] = [{ a: 1 }, Uint8Array.of(1)]
    calls.add("a", args, undefined, null)
    calls.add("b", bytes, undefined, null)
    args.a = 2
    bytes[0] = 2
    const { tuples, blobs } = calls.take(LIMITS)
    assert.equal(tuples[0], '[1,"a",{"a":1}]')
    assert.deepEqual(blobs, [Uint8Array.of(1)])
  })

  for (const [name, cmd, args, options, code] of [
    ["a command that is no text", 7, {}, undefined, "TypeError"],
    ["a BigInt", "a", { n: 1n }, undefined, "NOT_SERIALIZABLE"],
    ["a header that is none", "a", {}, { headers: { "a b": "c" } }, "TypeError"],
    ["bytes beyond the limit", "a", new Uint8Array(11), undefined, "BLOB_TOO_LARGE"],
  ] as const) {
    test(`rejects, leaving nothing behind: ${name}`, async () => {
      const calls = new Calls()
      assert.deepEqual(await state(calls.add(cmd, args, options, LIMITS)), { code })
      assert.deepEqual([calls.pending, calls.queued], [0, 0])
    })
  }

  test("passes with bytes as large as the limit", () => {
    const calls = new Calls()
    calls.add("a", new Uint8Array(10), undefined, LIMITS)
    assert.equal(calls.queued, 1)
  })
})

describe("a call settles once:", () => {
  test("with the first of its answers, whatever comes later", async () => {
    const calls = new Calls()
    const states = ["a", "b", "c"].map((cmd) => state(calls.add(cmd, {}, undefined, null)))
    calls.take(LIMITS)
    calls.settle(1, true, "yes")
    calls.settle(1, false, "no")
    calls.refuse(1, "HOOK_REFUSED", "no")
    calls.settle(2, false, "no")
    calls.settle(2, true, "yes")
    calls.refuse(3, "HOOK_TIMEOUT", "slow")
    calls.failAll("CONNECTION_LOST")
    assert.deepEqual(await Promise.all(states), [{ value: "yes" }, { rejected: "no" }, { code: "HOOK_TIMEOUT" }])
    assert.equal(calls.pending, 0)
  })

  test("and an answer to an id that is not there is ignored", () => {
    const calls = new Calls()
    for (const id of [0, -1, 1, Number.NaN]) calls.settle(id, true, null)
  })

  test("calls that were sent fail with their session; those still queued wait for the next", async () => {
    const calls = new Calls()
    const [sent, queued] = ["a", "b"].map((cmd) => calls.add(cmd, {}, undefined, null))
    assert.equal(calls.take(ONE_BY_ONE).tuples.length, 1)
    calls.failSent("CONNECTION_LOST")
    assert.deepEqual(await state(sent as Promise<unknown>), { code: "CONNECTION_LOST" })
    assert.equal(await state(queued as Promise<unknown>), undefined)
    assert.deepEqual(calls.take(ONE_BY_ONE).tuples, ['[2,"b",{}]'])
    calls.settle(2, true, null)
    assert.deepEqual(await state(queued as Promise<unknown>), { value: null })
  })

  test("calls that were lent are queued again when they are taken back, and fail with the others once they were given away", async () => {
    const calls = new Calls()
    const big = "x".repeat(300 * 1024)
    const lent = calls.add("a", { big }, undefined, null)
    const batch = calls.take(LIMITS, "all")
    const later = calls.add("b", {}, undefined, null)
    assert.deepEqual([calls.fillsBatch, calls.queued, calls.pending], [false, 1, 2])
    calls.takeBack()
    assert.deepEqual([calls.fillsBatch, calls.queued, calls.pending], [true, 2, 2])
    calls.failSent("CONNECTION_LOST")
    assert.deepEqual([await state(lent), await state(later)], [undefined, undefined])
    assert.deepEqual(calls.take(LIMITS, "all"), batch)
    calls.giveAway()
    calls.takeBack()
    calls.failSent("CONNECTION_LOST")
    assert.deepEqual([await state(lent), await state(later)], [{ code: "CONNECTION_LOST" }, undefined])
  })

  test("when nothing can be had, all fail, and nothing is left to send", async () => {
    const calls = new Calls()
    const promise = calls.add("a", {}, undefined, null)
    calls.failAll("SESSION_REFUSED", "why")
    assert.deepEqual(await state(promise), { code: "SESSION_REFUSED" })
    assert.deepEqual([calls.pending, calls.queued], [0, 0])
  })
})

describe("an id is a call's own", () => {
  test("also when a call is made while another one's arguments are turned into JSON", async () => {
    const calls = new Calls()
    const made: Promise<unknown>[] = []
    const inner = (cmd: string): void => void made.push(calls.add(cmd, {}, undefined, LIMITS))
    const args = { toJSON: () => inner("in toJSON") }
    const headers = new Proxy([["a", "b"]], {
      get: (list, name) => {
        if (name === Symbol.iterator) inner("in headers")
        return Reflect.get(list, name)
      },
    })
    made.push(calls.add("outer", args, { headers }, LIMITS))
    const ids = calls.take(LIMITS).tuples.map((tuple) => JSON.parse(tuple)[0])
    assert.deepEqual([ids, calls.pending], [[2, 3, 1], 3])
    for (const id of ids) calls.settle(id, true, id)
    assert.deepEqual(await Promise.all(made), [2, 3, 1])
  })

  test("when the 32 bits are used up: they begin anew, without those that still wait", async () => {
    const calls = new Calls(0xffff_ffff - 1)
    const made = ["last", "first", "second"].map((cmd) => calls.add(cmd, {}, undefined, LIMITS))
    const ids = calls.take(LIMITS).tuples.map((tuple) => JSON.parse(tuple)[0])
    assert.deepEqual(ids, [0xffff_ffff, 1, 2])
    for (const id of ids) calls.settle(id, true, id)
    assert.deepEqual(await Promise.all(made), ids)
  })
})

describe("limits of a page", () => {
  test("callsInFlight: as many as the limit, one more rejects, an answer makes room", async () => {
    const calls = new Calls()
    for (let n = 0; n < 3; n++) calls.add("a", {}, undefined, LIMITS)
    assert.deepEqual(await state(calls.add("a", {}, undefined, LIMITS)), { code: "TOO_MANY_CALLS" })
    calls.settle(1, true, null)
    assert.equal(await state(calls.add("a", {}, undefined, LIMITS)), undefined)
  })

  test("bytesInFlight: what would go beyond rejects, however large it is; an answer makes room", async () => {
    const calls = new Calls()
    const limits = { ...LIMITS, blobBytes: 10_000 }
    calls.add("a", new Uint8Array(500), undefined, limits)
    assert.deepEqual(await state(calls.add("a", new Uint8Array(600), undefined, limits)), { code: "TOO_MANY_BYTES" })
    assert.deepEqual(await state(calls.add("a", { text: "x".repeat(600) }, undefined, limits)), {
      code: "TOO_MANY_BYTES",
    })
    calls.settle(1, true, null)
    assert.equal(await state(calls.add("a", new Uint8Array(600), undefined, limits)), undefined)
  })

  const brownfield = { ...LIMITS, callsInFlight: 100, bytesInFlight: 10_000, jsonBytes: 1000, nesting: 4 }
  const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels))
  for (const [name, args, code] of [
    ["jsonBytes: as much as the limit passes", { text: "x".repeat(1000 - 256 - 19) }, undefined],
    ["jsonBytes: one byte more rejects", { text: "x".repeat(1000 - 256 - 18) }, "JSON_TOO_LARGE"],
    ["jsonBytes counts bytes, not characters", { text: "世".repeat(300) }, "JSON_TOO_LARGE"],
    ["nesting: as deep as the limit passes", { a: nested(3) }, undefined],
    ["nesting: one level more rejects", { a: nested(4), text: "so long that it is looked at" }, "NESTING_TOO_DEEP"],
    ["blobBytes: more than the limit rejects", new Uint8Array(11), "BLOB_TOO_LARGE"],
  ] as const) {
    test(`in brownfield ${name}, and so when it was made before the limits were known`, async () => {
      const calls = new Calls()
      const expected = code === undefined ? undefined : { code }
      assert.deepEqual(await state(calls.add("a", args, undefined, brownfield)), expected)
      const early = [{}, args, {}, args].map((one) => calls.add("a", one, undefined, null))
      calls.holdTo(brownfield)
      assert.deepEqual(await Promise.all(early.map(state)), [undefined, expected, undefined, expected])
      assert.equal(calls.queued, code === undefined ? 5 : 2)
    })
  }

  test("jsonBytes and nesting are not the page's to judge in isolation: the hook may make less of it", async () => {
    const calls = new Calls()
    const limits = { ...LIMITS, bytesInFlight: 1e9 }
    const args = { text: "x".repeat(5_000_000), a: nested(1000) }
    assert.equal(await state(calls.add("a", args, undefined, limits)), undefined)
  })

  test("hold for calls that were made before the limits were known: the newest reject", async () => {
    const calls = new Calls()
    const made = Array.from({ length: 5 }, () => calls.add("a", {}, undefined, null))
    calls.holdTo(LIMITS)
    const states = await Promise.all(made.map(state))
    const refused = { code: "TOO_MANY_CALLS" }
    assert.deepEqual(states, [undefined, undefined, undefined, refused, refused])
    assert.equal(calls.queued, 3)
  })
})

describe("a batch", () => {
  const lengths = (calls: Calls, limits: PageLimits): number[] => {
    const result: number[] = []
    while (calls.queued > 0) result.push(calls.take(limits).tuples.length)
    return result
  }

  test("holds calls in order until 256 KiB of JSON or of bytes are full, and at least one", () => {
    const calls = new Calls()
    const limits = { ...LIMITS, blobBytes: 1e9 }
    for (const size of [120_000, 120_000, 120_000, 400_000, 1])
      calls.add("a", { text: "x".repeat(size) }, undefined, null)
    assert.deepEqual(lengths(calls, limits), [2, 1, 1, 1])
    for (const size of [120_000, 120_000, 120_000, 400_000, 1]) calls.add("a", new Uint8Array(size), undefined, null)
    assert.deepEqual(lengths(calls, limits), [2, 1, 1, 1])
    assert.deepEqual(calls.take(limits), { tuples: [], blobs: [] })
  })

  test("in brownfield is never larger than the frame that the Core takes, whatever it holds", () => {
    const calls = new Calls()
    for (let n = 0; n < 500; n++) calls.add("世界", { text: "世界".repeat(n % 30) }, undefined, null)
    const [jsonBytes, blobBytes] = [1000, 50]
    for (let n = 0; n < 500; n++) calls.add("a", new Uint8Array(n % 50), undefined, null)
    let count = 0
    while (calls.queued > 0) {
      const { tuples, blobs } = calls.take({ ...LIMITS, jsonBytes, blobBytes })
      count += tuples.length
      const json = `{"calls":[${tuples}],"blobs":[${blobs.map((blob) => blob.length)}]}`
      assert.ok(Buffer.byteLength(json) <= jsonBytes, json)
      assert.ok(blobs.reduce((sum, blob) => sum + blob.length, 0) <= blobBytes)
    }
    assert.equal(count, 1000)
  })
})
