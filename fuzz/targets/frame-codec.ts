import assert from "node:assert/strict"
import * as fc from "fast-check"
import { type ReceivedPayload, readCallPayload } from "../../src/boundary/core/call-payload.ts"
import { cutBlobs, encodePayload, splitPayload } from "../../src/boundary/wire/payload.ts"
import { layOut } from "../../src/core/core.fixture.ts"
import { payloadMemory } from "../../src/core/payload-memory.ts"
import { readReport, type SandboxReport } from "../../src/core/sandbox-report.ts"
import { property, type Target } from "../property.ts"
import { bytes, jsonValue, mutate, mutation } from "../values.ts"

const LIMITS = { jsonBytes: 4096, blobBytes: 256, nesting: 12, bytesInFlight: 2 ** 27 }

const blobs = fc.array(bytes, { maxLength: 4 })

/** Tuples of every shape, right and wrong. */
const call = fc.oneof(
  fc.tuple(
    fc.nat(9),
    fc.constant("a"),
    fc.constant(null),
    fc.constant(null),
    fc.oneof(fc.nat(5), fc.constantFrom("length", "__proto__", "0", "at", -1, 0.5)),
  ),
  fc.tuple(fc.nat(0xffff_ffff), fc.string(), jsonValue),
  fc.tuple(
    fc.oneof(fc.nat(), fc.constantFrom(-1, 0.5, 2 ** 32, null, "1")),
    fc.oneof(fc.string(), fc.constantFrom(null, 1)),
    jsonValue,
    fc.oneof(
      fc.constant(null),
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.constant(1)), { noNullPrototype: true }),
    ),
    fc.oneof(fc.constantFrom(null, -1, 0.5, "length", "__proto__", "0", 1e9), fc.nat(5)),
  ),
  jsonValue,
)

/** A payload as a page may send it. */
const payload = fc
  .tuple(
    fc.record(
      {
        hook: fc.oneof(fc.constantFrom("function", "null", "missing", "", null), jsonValue),
        calls: fc.oneof(fc.array(call, { maxLength: 5 }), jsonValue),
        refused: fc.oneof(fc.array(fc.tuple(fc.nat(), fc.string(), fc.string(), fc.string())), jsonValue),
        logs: fc.oneof(fc.array(fc.tuple(fc.constantFrom("log", "warn", "x"), fc.string())), jsonValue),
      },
      { requiredKeys: [] },
    ),
    blobs,
    fc.option(fc.oneof(fc.array(fc.oneof(fc.nat(80), fc.constantFrom(-1, 0.5, "1", null, 2 ** 53))), jsonValue), {
      freq: 4,
    }),
  )
  .map(([json, raw, lengths]) => layOut({ ...json, blobs: lengths ?? raw.map(({ length }) => length) }, raw))

interface Received extends ReceivedPayload {
  readonly report: SandboxReport
}

/** Reads, or rejects with an `Error`. No prototype changes, whatever happens. */
function read(frame: Uint8Array, take: (bytes: number) => boolean = () => true): Received | null {
  const before = Object.getOwnPropertyNames(Object.prototype).length
  try {
    const received = readCallPayload(frame, LIMITS, payloadMemory(LIMITS, take))
    return { ...received, report: readReport(received.members) }
  } catch (error) {
    assert.ok(error instanceof Error)
    assert.ok(!(error instanceof RangeError && /call stack/i.test(error.message)))
    return null
  } finally {
    assert.equal(Object.getOwnPropertyNames(Object.prototype).length, before)
    assert.equal(({} as Record<string, unknown>).polluted, undefined)
  }
}

function expectSound({ calls, report }: Received, frame: Uint8Array): void {
  const { hook, refused, logs } = report
  assert.ok(hook === null || ["function", "null", "missing"].includes(hook))
  for (const { id, cmd, args, headers, bytes } of calls) {
    assert.ok(Number.isInteger(id) && id >= 0 && id <= 0xffff_ffff)
    assert.equal(typeof cmd, "string")
    assert.ok(args !== undefined && args !== null)
    // No byte of JSON counts for more than 144, and a call by itself for 512.
    assert.ok(bytes >= 0 && bytes <= 512 + 144 * frame.length + LIMITS.blobBytes)
    if (headers !== null) for (const value of Object.values(headers)) assert.equal(typeof value, "string")
    if (args instanceof Uint8Array) assert.equal(args.buffer.byteLength, args.length, "holds more than its own bytes")
    expectOrdinary(args)
    expectOrdinary(headers)
  }
  for (const [, ...texts] of refused) for (const text of texts) assert.equal(typeof text, "string")
  for (const line of logs) assert.equal(line.length, 2)
}

/** No prototype but the usual ones, and no own property that would be one after a careless copy. */
function expectOrdinary(value: unknown): void {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return
  assert.ok([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)))
  assert.ok(!Object.hasOwn(value, "__proto__"))
  for (const key of Object.keys(value)) expectOrdinary((value as Record<string, unknown>)[key])
}

export const frameCodec: Target = {
  name: "frame-codec",
  properties: [
    property(
      "what is laid out is read back, byte by byte",
      fc.tuple(fc.string({ unit: "grapheme" }), blobs),
      ([json, raw]) => {
        const { json: text, rest } = splitPayload(encodePayload(json, raw))
        assert.equal(text, json)
        assert.deepEqual(
          cutBlobs(
            raw.map(({ length }) => length),
            rest,
          ).map((blob) => [...blob]),
          raw.map((blob) => [...blob]),
        )
        assert.deepEqual([...encodePayload(json, raw)], [...layOut(json, raw)])
      },
    ),
    property(
      "blobs are cut at exactly the lengths that add up to what is there, or not at all",
      fc.tuple(
        fc.oneof(
          fc.array(fc.oneof(fc.nat(20), fc.constantFrom(-1, 0.5, Number.NaN, Infinity, 2 ** 53, "1", null, [1]))),
          jsonValue,
        ),
        bytes,
      ),
      ([lengths, rest]) => {
        const isRight =
          Array.isArray(lengths) &&
          lengths.every((length) => Number.isSafeInteger(length) && (length as number) >= 0) &&
          lengths.reduce((sum: number, length) => sum + (length as number), 0) === rest.length
        if (!isRight) return void assert.throws(() => cutBlobs(lengths, rest), RangeError)
        const cut = cutBlobs(lengths, rest)
        assert.deepEqual(
          cut.map(({ length }) => length),
          lengths,
        )
        assert.deepEqual(
          cut.flatMap((blob) => [...blob]),
          [...rest],
        )
      },
    ),
    property(
      "calls come out as they were put in",
      fc.array(
        fc.tuple(
          fc.nat(0xffff_ffff),
          fc.string(),
          fc.oneof(
            bytes,
            fc.jsonValue({ maxDepth: 5 }).filter((value) => !/__proto__/.test(JSON.stringify(value))),
          ),
        ),
        { maxLength: 4 },
      ),
      (calls) => {
        const raw = calls.flatMap(([, , args]) => (args instanceof Uint8Array ? [args] : []))
        const tuples = calls.map(([id, cmd, args]) =>
          args instanceof Uint8Array ? [id, cmd, null, null, raw.indexOf(args)] : [id, cmd, args],
        )
        const frame = layOut({ calls: tuples, blobs: raw.map(({ length }) => length) }, raw)
        const received = read(frame)
        if (received !== null) expectSound(received, frame)
        assert.deepEqual(
          received?.calls.map(({ id, cmd, args }) => [id, cmd, args instanceof Uint8Array ? [...args] : args]),
          calls.map(([id, cmd, args]) => [
            id,
            cmd,
            args instanceof Uint8Array ? [...args] : JSON.parse(JSON.stringify(args ?? {})),
          ]),
        )
      },
    ),
    property(
      "a raw argument is named by its index, and by nothing else",
      fc.tuple(
        blobs,
        fc.oneof(
          fc.nat(5),
          fc.constantFrom("length", "__proto__", "0", "at", -1, 0.5),
          jsonValue.filter((value) => value !== null),
        ),
      ),
      ([raw, named]) => {
        // As many calls as blobs: a table may not be longer.
        const others = raw.slice(1).map((_, index) => [index + 2, "b"])
        const calls = [[1, "a", null, null, named], ...others]
        const frame = layOut({ calls, blobs: raw.map(({ length }) => length) }, raw)
        const expected = typeof named === "number" ? raw[named] : undefined
        assert.deepEqual(
          read(frame)
            ?.calls.slice(0, 1)
            .map(({ args }) => args),
          expected && [new Uint8Array(expected)],
        )
      },
    ),
    property(
      "calls for which memory is left are the same, whichever others are cut out",
      fc.tuple(payload, fc.array(fc.boolean())),
      ([frame, isLeft]) => {
        const all = read(frame)
        let taken = 0
        const some = read(frame, () => isLeft[taken++] ?? true)
        if (all === null) return
        assert.deepEqual(
          some?.calls.map(({ id, cmd }) => [id, cmd]),
          all.calls.map(({ id, cmd }) => [id, cmd]),
        )
        for (const [index, call] of (some?.calls ?? []).entries())
          if (!call.isExcess) assert.deepEqual(call, all.calls[index])
        assert.deepEqual(some?.report, all.report)
      },
    ),
    property("any payload is refused, or read as calls of the right shape", payload, (frame) => {
      const received = read(frame)
      if (received !== null) expectSound(received, frame)
    }),
    property(
      "any mutation of a payload is refused, or read as calls of the right shape",
      fc.tuple(payload, fc.array(mutation, { minLength: 1, maxLength: 6 })),
      ([frame, mutations]) => {
        const mutated = mutate(frame, mutations)
        const received = read(mutated)
        if (received !== null) expectSound(received, mutated)
      },
    ),
    property(
      "any bytes are refused, or read as calls of the right shape",
      fc.uint8Array({ maxLength: 200 }),
      (frame) => {
        const received = read(frame)
        if (received !== null) expectSound(received, frame)
      },
    ),
  ],
}
