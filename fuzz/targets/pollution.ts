import * as fc from "fast-check"

/** Where a careless merge of JSON can write: prototypes that plain values lead to by `constructor.prototype`. */
export const PROTOTYPES = {
  Object: Object.prototype,
  Array: Array.prototype,
  String: String.prototype,
  Number: Number.prototype,
  Boolean: Boolean.prototype,
} as const satisfies Readonly<Record<string, object>>

const CALL = [4_000_000_000, "forbidden", { everything: true }]
const RECEIVED = {
  id: 4_000_000_000,
  cmd: "forbidden",
  args: { everything: true },
  headers: { "x-admin": "yes" },
  bytes: 1,
  mayHoldChannels: false,
}

/** What is put there: whatever a reader could take for what it looks for. Functions are what no JSON holds, but other libraries assign. */
export const VALUES: Readonly<Record<string, () => unknown>> = {
  "a list of calls": () => [CALL],
  "a call": () => CALL,
  "a call as it is received": () => structuredClone(RECEIVED),
  "a command's name": () => "forbidden",
  "a granted command's name": () => "note",
  "a label": () => "main",
  "a header record": () => ({ "x-admin": "yes" }),
  "options with headers": () => ({ headers: { "x-admin": "yes" } }),
  "a token of a pattern": () => ({ is: "any" }),
  "a recursive wildcard": () => "**",
  "a wildcard": () => "*",
  "a scope": () => ({ allow: ["**"], deny: [] }),
  "a list of names": () => ["forbidden", "*"],
  "an object": () => ({}),
  "a list": () => [],
  "an empty text": () => "",
  true: () => true,
  false: () => false,
  null: () => null,
  zero: () => 0,
  one: () => 1,
  "a large number": () => 2 ** 31,
  bytes: () => Uint8Array.of(1, 2, 3),
  "a function": () => () => "forbidden",
  "a function that throws": () => () => {
    throw new Error("polluted")
  },
}

/** One property, or several, on one prototype. */
export interface Pollution {
  readonly prototype: keyof typeof PROTOTYPES
  readonly names: readonly string[]
  readonly value: string
  readonly isAccessor: boolean
}

const pollutionWith = (names: fc.Arbitrary<readonly string[]>, values: readonly string[]): fc.Arbitrary<Pollution> =>
  fc.record({
    prototype: fc.constantFrom("Object", "Object", "Object", "Object", "Array", "String", "Number", "Boolean"),
    names,
    value: fc.constantFrom(...values),
    isAccessor: fc.constant(false),
  })

export const pollutionOf = (names: fc.Arbitrary<readonly string[]>): fc.Arbitrary<Pollution> =>
  pollutionWith(names, Object.keys(VALUES))

/** Without functions: every stream of Node takes one for its own, under a dozen names. No page's JSON holds any. */
export const jsonPollutionOf = (names: fc.Arbitrary<readonly string[]>): fc.Arbitrary<Pollution> =>
  pollutionWith(
    names,
    Object.keys(VALUES).filter((value) => typeof VALUES[value]?.() !== "function"),
  )

const define = Object.defineProperty
const remove = Reflect.deleteProperty
const describe = Object.getOwnPropertyDescriptor

/** Puts on a prototype what a pollution says, and returns what removes it. What is there already, as `Array.prototype.map`, stays. */
export function pollute({ prototype, names, value, isAccessor }: Pollution): () => void {
  const target = PROTOTYPES[prototype]
  // Made before anything is polluted: a list grows by its prototype's "0", too.
  const make = VALUES[value] as () => unknown
  const put = [...new Set(names)].filter((name) => describe(target, name) === undefined)
  const descriptors = put.map(() => {
    const given = make()
    const read = isAccessor ? { get: () => given, set: () => {} } : { value: given, writable: true }
    return Object.assign(Object.create(null), read, { configurable: true, enumerable: true }) as PropertyDescriptor
  })
  const clean = (): void => {
    for (let at = 0; at < put.length; at++) remove(target, put[at] as string)
  }
  for (let at = 0; at < put.length; at++) define(target, put[at] as string, descriptors[at] as PropertyDescriptor)
  return clean
}

/** Runs `code` with what is on a prototype; afterwards it is as it was. */
export function polluted<Result>(pollution: Pollution, code: () => Result): Result {
  const clean = pollute(pollution)
  try {
    return code()
  } finally {
    clean()
  }
}
