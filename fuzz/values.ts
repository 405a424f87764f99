import * as fc from "fast-check"

/** Names that JavaScript gives a meaning to, among any others. */
export const trickyKey: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "toJSON",
    "hasOwnProperty",
    "length",
    "0",
    "",
    "then",
  ),
  fc.string(),
  fc.string({ unit: "binary", maxLength: 4 }),
)

/** What `JSON.parse` can make, with own properties of tricky names. */
export const jsonValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false, 0, 1, -1, 1e308, 5e-324),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
    fc.array(tie("value")),
    fc.array(fc.tuple(trickyKey, tie("value"))).map((entries) => Object.fromEntries(entries)),
  ),
})).value

/**
 * A copy of a JSON value, of getters or of proxies, that gives each property once and something else from then on.
 *
 * @param asked hears of each property that is read, by its path
 */
export function forgetful(value: unknown, asked: (path: string) => number, isProxy: boolean, path = "$"): unknown {
  if (typeof value !== "object" || value === null) return value
  const read = (holder: object, name: PropertyKey): unknown => {
    if (typeof name === "symbol" || (!isProxy && name === "length")) return Reflect.get(holder, name)
    const inner = `${path}.${JSON.stringify(name)}`
    return asked(inner) === 1 ? forgetful(Reflect.get(holder, name), asked, isProxy, inner) : "another answer"
  }
  if (isProxy) return new Proxy(value, { get: read })
  const copy: object = Array.isArray(value) ? [] : {}
  for (const name of Object.keys(value))
    Object.defineProperty(copy, name, { get: () => read(value, name), enumerable: true, configurable: true })
  return copy
}

export const bytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 64 })

/** What happens to bytes on their way: a bit or a byte changed, some cut out, doubled or put in. */
export interface Mutation {
  readonly kind: "flip" | "set" | "cut" | "insert" | "repeat" | "end"
  readonly at: number
  readonly length: number
  readonly byte: number
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("flip", "set", "cut", "insert", "repeat", "end"),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.integer({ min: 1, max: 12 }),
  byte: fc.integer({ min: 0, max: 255 }),
})

/** The bytes after all that has happened to them. */
export function mutate(original: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  let bytes = [...original]
  for (const { kind, at: share, length, byte } of mutations) {
    const at = Math.floor(share * bytes.length)
    if (kind === "flip" && bytes.length > 0) bytes[at] = (bytes[at] as number) ^ (1 << (byte & 7))
    if (kind === "set" && bytes.length > 0) bytes[at] = byte
    if (kind === "cut") bytes.splice(at, length)
    if (kind === "insert") bytes.splice(at, 0, ...Array.from({ length }, () => byte))
    if (kind === "repeat") bytes.splice(at, 0, ...bytes.slice(at, at + length))
    if (kind === "end") bytes = bytes.slice(0, at)
  }
  return Uint8Array.from(bytes)
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
