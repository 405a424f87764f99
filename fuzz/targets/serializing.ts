import assert from "node:assert/strict"
import * as fc from "fast-check"
import { serialize } from "../../src/boundary/wire/serialize.ts"
import { property, type Target } from "../property.ts"
import { bytes, forgetful, jsonValue, trickyKey } from "../values.ts"

const TO_IPC = "__TAURI_TO_IPC_KEY__"

/** What arguments are made of in a page. */
const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "medium" },
    jsonValue,
    fc.constantFrom(
      undefined,
      Number.NaN,
      Infinity,
      -0,
      Symbol("s"),
      () => 1,
      new Date(0),
      new Date(Number.NaN),
      /x/,
      1n,
      new Set([1]),
      new Error("e"),
      Object(1),
      Object("s"),
      Object(false),
    ),
    bytes,
    bytes.map((data) => data.buffer),
    bytes.map((data) => Buffer.from(data)),
    bytes.map((data) => new DataView(data.buffer)),
    fc.array(fc.nat(0xffff), { maxLength: 4 }).map((numbers) => Uint16Array.from(numbers)),
    fc
      .array(fc.tuple(fc.oneof(trickyKey, fc.integer()), tie("value")), { maxLength: 4 })
      .map((entries) => new Map(entries)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(trickyKey, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    fc
      .array(fc.tuple(trickyKey, tie("value")), { maxLength: 4 })
      .map((entries) => Object.assign(Object.create(null), Object.fromEntries(entries))),
    tie("value").map((inner) => ({ toJSON: () => inner })),
    tie("value").map((inner) => ({ [TO_IPC]: () => inner })),
    tie("value").map((inner) => Object.defineProperty({ a: 1 }, TO_IPC, { value: () => inner })),
    tie("value").map((inner) => Object.defineProperty([1], TO_IPC, { value: () => inner })),
    tie("value").map(
      (inner) =>
        new (class {
          readonly [TO_IPC] = (): unknown => inner
        })(),
    ),
    tie("value").map(
      (inner) =>
        new (class {
          [TO_IPC](): unknown {
            return inner
          }
        })(),
    ),
    tie("value").map((inner) => Object.create({ inherited: inner })),
    tie("value").map((inner) => ({
      get gotten() {
        return inner
      },
    })),
  ),
})).value

/** Tauri's own rules (crates/tauri/scripts/process-ipc-message-fn.js), as a replacer over `JSON.stringify` and nothing else. */
function reference(value: unknown): string {
  const json = JSON.stringify(value, function (this: Record<string, unknown>, key: string, given: unknown): unknown {
    const held = this[key]
    if (Buffer.isBuffer(held)) return Array.from(held)
    if (given instanceof Map) return Object.fromEntries(given)
    if (given instanceof Uint8Array) return Array.from(given)
    if (given instanceof ArrayBuffer) return Array.from(new Uint8Array(given))
    if (typeof given !== "object" || given === null) return given
    const toIpc = (given as Record<string, unknown>)[TO_IPC]
    return typeof toIpc === "function" ? toIpc.call(given) : given
  })
  return json ?? "null"
}

const outcome = (make: () => unknown): unknown => {
  try {
    return { made: make() }
  } catch (error) {
    return { threw: (error as Error).name }
  }
}

export const serializing: Target = {
  name: "serializing",
  properties: [
    property("any arguments are the JSON that Tauri's rules make of them, or throw as those do", value, (given) => {
      assert.deepEqual(
        outcome(() => serialize(given)),
        outcome(() => reference(given)),
      )
    }),
    property(
      "each property is read once: what a getter or a proxy says the first time is what is sent",
      fc.tuple(jsonValue, fc.boolean()),
      ([given, isProxy]) => {
        const asked = new Map<string, number>()
        const ask = (path: string): number => asked.set(path, (asked.get(path) ?? 0) + 1).get(path) as number
        assert.equal(serialize(forgetful(given, ask, isProxy)), JSON.stringify(given))
        assert.deepEqual(
          [...asked].filter(([, times]) => times > 1),
          [],
        )
      },
    ),
    property(
      "what JSON can hold is JSON.stringify's, at any depth",
      fc.tuple(jsonValue, fc.nat(20)),
      ([inner, depth]) => {
        let given = inner
        for (let level = 0; level < depth; level++) given = level % 2 ? [given] : { given }
        assert.equal(serialize(given), JSON.stringify(given))
      },
    ),
  ],
}
