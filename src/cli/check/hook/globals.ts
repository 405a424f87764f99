import { callBack, callFunction } from "./calls.ts"
import { spreadInto } from "./expressions.ts"
import { getMember, hasMember, setMember } from "./members.ts"
import { type Run, Thrown } from "./run.ts"
import { itemsOf, keysOf } from "./statements.ts"
import {
  ARGUMENTS,
  CALL,
  constant,
  keyOf,
  list,
  type Native,
  native,
  object,
  ofKind,
  originOf,
  promise,
  unknown,
  type Value,
} from "./values.ts"

/** Parts of the platform that neither check nor change what they are given. */
const HARMLESS = new Set([
  "console",
  "Math",
  "performance",
  "Intl",
  "Date",
  "Symbol",
  "Atomics",
  "document",
  "navigator",
])
const ERRORS = [
  "Error",
  "TypeError",
  "RangeError",
  "SyntaxError",
  "ReferenceError",
  "URIError",
  "EvalError",
  "AggregateError",
  "DOMException",
]

/** What a name means that no script declares. */
export function globalNamed(run: Run, name: string): Value {
  const own = run.window.properties.get(name)
  return own?.value ?? memberOfGlobal(run, name) ?? unknown()
}

/** A member of the window that the platform has. */
export function memberOfGlobal(run: Run, name: string): Value | null {
  if (["window", "self", "globalThis", "frames"].includes(name)) return run.window
  if (HARMLESS.has(name)) return unknown(null, true)
  if (name === "NaN" || name === "Infinity") return constant(Number(name))
  if (ERRORS.includes(name)) return errorClass()
  const make = GLOBALS[name]
  return make === undefined || !Object.hasOwn(GLOBALS, name) ? null : make(run)
}

function errorClass(): Value {
  const make = (): Value => ofKind("error")
  return native(make, [
    ["new", native(make)],
    ["isError", constant(true)],
  ])
}

const of = (members: Readonly<Record<string, Native["call"]>>, call: Native["call"] = () => unknown()): Value =>
  native(
    call,
    Object.entries(members).map(([name, member]) => [name, native(member)] as const),
  )

const NOTHING = constant(undefined)

const GLOBALS: Readonly<Record<string, (run: Run) => Value>> = {
  Object: (run) => {
    const own = native((args) => constant(hasMember(run, args[0] ?? NOTHING, args[1] ?? NOTHING)))
    const prototype = object(
      [["hasOwnProperty", native(([key = NOTHING], self) => constant(hasMember(run, self ?? NOTHING, key)))]],
      true,
    )
    const same: Native["call"] = ([value = NOTHING]) => value
    const members = of(
      {
        keys: ([value = NOTHING]) => listOrUnknown(keysOf(value), value),
        getOwnPropertyNames: ([value = NOTHING]) => listOrUnknown(keysOf(value), value),
        values: ([value = NOTHING]) =>
          listOrUnknown(keysOf(value)?.map((key) => getMember(run, value, keyOf(key), NODE)) ?? null, value),
        entries: ([value = NOTHING]) =>
          listOrUnknown(
            keysOf(value)?.map((key) => list([key, getMember(run, value, keyOf(key), NODE)])) ?? null,
            value,
            true,
          ),
        freeze: same,
        seal: same,
        preventExtensions: same,
        setPrototypeOf: same,
        create: () => object(),
        getPrototypeOf: () => unknown(null, true),
        assign: ([target = NOTHING, ...sources]) => {
          if (target.kind === "object") for (const source of sources) spreadInto(run, target, source, NODE)
          else if (originOf(target) !== null) run.facts.writes = true
          return target
        },
        fromEntries: ([entries = NOTHING]) => fromEntries(entries, "object"),
        defineProperty: ([target = NOTHING, key = NOTHING, descriptor = NOTHING]) => {
          if (descriptor.kind === "object") {
            const { value, get } = Object.fromEntries(descriptor.properties)
            const made = value?.value ?? (get === undefined ? NOTHING : callFunction(run, get.value, [], target, null))
            setMember(run, target, keyOf(key), made, NODE)
          }
          return target
        },
      },
      ([value = NOTHING]) => value,
    ) as Native
    return native(members.call, [...members.members, ["hasOwn", own], ["prototype", prototype]])
  },
  Reflect: (run) =>
    of({
      has: ([target = NOTHING, key = NOTHING]) => constant(hasMember(run, target, key)),
      ownKeys: ([value = NOTHING]) => listOrUnknown(keysOf(value), value),
      get: ([target = NOTHING, key = NOTHING], _, node) => getMember(run, target, keyOf(key), node, key),
      set: ([target = NOTHING, key = NOTHING, value = NOTHING], _, node) => {
        setMember(run, target, keyOf(key), value, node)
        return constant(true)
      },
      apply: ([callee = NOTHING, self = NOTHING, args = NOTHING], _, node) =>
        callFunction(run, callee, itemsOf(args) ?? [unknown(originOf(args))], self, node),
    }),
  Array: () =>
    of({
      isArray: ([value = NOTHING]) =>
        value.kind === "unknown" ? unknown() : constant(value.kind === "list" && !value.isSet),
      from: ([value = NOTHING]) => listOrUnknown(itemsOf(value), value),
      of: (items) => list([...items]),
    }),
  Set: () => native(() => unknown(), [["new", native(([items]) => setOf(items))]]),
  WeakSet: () => native(() => unknown(), [["new", native(([items]) => setOf(items))]]),
  Map: () => native(() => unknown(), [["new", native(([entries]) => fromEntries(entries ?? list([]), "map"))]]),
  WeakMap: () => native(() => unknown(), [["new", native(() => ({ ...ofKind("map"), isOpen: true }))]]),
  Promise: (run) => {
    const all: Native["call"] = ([values = NOTHING]) => {
      const items = itemsOf(values) ?? []
      const rejected = items.find((item) => item.kind === "promise" && item.isRejected)
      if (rejected?.kind === "promise") return promise(rejected.value, true)
      return promise(list(items.map((item) => (item.kind === "promise" ? item.value : item))))
    }
    const make = native(([executor = NOTHING]) => {
      let made: Value = promise(unknown())
      const resolve = native(([value = NOTHING]) => {
        made = value.kind === "promise" ? value : promise(value)
        return constant(undefined)
      })
      const reject = native(([value = NOTHING]) => {
        made = promise(value, true)
        return constant(undefined)
      })
      try {
        callBack(run, executor, [resolve, reject])
      } catch (error) {
        if (!(error instanceof Thrown)) throw error
        made = promise(error.value, true)
      }
      return made
    })
    const settled = of({
      resolve: ([value = NOTHING]) => (value.kind === "promise" ? value : promise(value)),
      reject: ([value = NOTHING]) => promise(value, true),
      all,
      allSettled: () => promise(unknown()),
      any: () => promise(unknown()),
      race: all,
    }) as Native
    return native(settled.call, [...settled.members, ["new", make]])
  },
  JSON: (run) =>
    of({
      stringify: ([value = NOTHING]) => unknown(originOf(value)),
      parse: ([value = NOTHING]) => {
        run.mayThrow()
        const origin = originOf(value)
        return origin === "call" ? CALL : origin === "argument *" ? ARGUMENTS : unknown(origin)
      },
    }),
  structuredClone: () => native(([value = NOTHING]) => value),
  RegExp: (run) => {
    const make = native(([value = NOTHING]) => {
      run.mayThrow()
      return value.kind === "constant" ? { kind: "regex", source: String(value.value), flags: "" } : unknown()
    })
    return native(make.call, [["new", make]])
  },
  String: (run) => text(run, [["raw", native(() => unknown())]]),
  Number: () =>
    of(
      Object.fromEntries(
        ["isInteger", "isSafeInteger", "isFinite", "isNaN", "parseInt", "parseFloat"].map((name) => [
          name,
          ([value = NOTHING]: readonly Value[]) => (value.kind === "unknown" ? unknown() : constant(false)),
        ]),
      ),
      () => unknown(),
    ),
  Boolean: (run) =>
    native(([value = NOTHING], _, node) => constant(run.decide(value, node)), [["new", native(() => unknown())]]),
  decodeURIComponent: (run) => text(run),
  decodeURI: (run) => text(run),
  encodeURIComponent: (run) => text(run),
  parseInt: () => native(() => unknown()),
  parseFloat: () => native(() => unknown()),
  isNaN: () => native(() => unknown()),
  Uint8Array: () => native(() => unknown(), [["new", native(([value = NOTHING]) => unknown(originOf(value)))]]),
  ArrayBuffer: () => native(() => unknown(), [["isView", native(() => unknown())]]),
  setTimeout: (run) => later(run, 0),
  setInterval: (run) => later(run, 0),
  queueMicrotask: (run) => later(run, 0),
  requestAnimationFrame: (run) => later(run, 0),
  addEventListener: (run) => later(run, 1),
  clearTimeout: () => native(() => constant(undefined)),
  clearInterval: () => native(() => constant(undefined)),
}

const NODE = { type: "EmptyStatement", start: 0, end: 0 } as const

/** A function that makes a text of a value, and may throw. */
function text(run: Run, members: Iterable<readonly [string, Value]> = []): Value {
  return native(([value = NOTHING]) => {
    if (value.kind === "constant") return constant(String(value.value), value.node, value.origin)
    run.mayThrow()
    return unknown(originOf(value))
  }, members)
}

function later(run: Run, index: number): Value {
  return native((args) => {
    const task = args[index]
    if (task?.kind === "function") run.later.push(task)
    return unknown()
  })
}

function setOf(items: Value | undefined): Value {
  if (items === undefined) return list([], false, true)
  const known = itemsOf(items)
  if (known !== null) return list([...known], false, true)
  return list(items.kind === "list" ? [...items.items] : [], true, true)
}

function fromEntries(entries: Value, of: "map" | "object"): Value {
  const made = { ...ofKind("map"), of }
  const items = itemsOf(entries)
  made.isOpen = items === null
  for (const entry of items ?? []) {
    const pair = itemsOf(entry)
    const [key, value] = pair ?? []
    const name = key === undefined ? null : keyOf(key)
    if (name === null || value === undefined) made.isOpen = true
    else made.properties.set(name, { value, node: key?.kind === "constant" ? key.node : null, isGetter: false })
  }
  return made
}

function listOrUnknown(items: readonly Value[] | null, value: Value, pairs = false): Value {
  if (items !== null) return list([...items])
  const item = unknown(originOf(value))
  return list([pairs ? list([unknown(), item]) : item], true)
}
