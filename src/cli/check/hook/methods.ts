import type { AnyNode } from "acorn"
import { callBack, callFunction } from "./calls.ts"
import { isAmong } from "./compare.ts"
import { askUnknown, testKnown, testUnknown } from "./guards.ts"
import { isListMethod, listMethod } from "./list-methods.ts"
import { hasMember, noteKeys } from "./members.ts"
import { type Run, Thrown } from "./run.ts"
import { itemsOf } from "./statements.ts"
import { constant, keyOf, list, native, originOf, promise, unknown, type Value } from "./values.ts"

/** A method that a value has by its kind; `null`: it has none of that name. */
export function methodOf(run: Run, value: Value, key: string): Value | null {
  const make = (call: (args: readonly Value[], node: AnyNode) => Value): Value =>
    native((args, _, node) => call(args, node))
  if (key === "hasOwnProperty" && (value.kind === "object" || value.kind === "call" || value.kind === "arguments"))
    return native(([name = constant(undefined)], self) => constant(hasMember(run, self ?? value, name)))
  switch (value.kind) {
    case "unknown":
      if (value.members.has(key)) return null
      return originOf(value) === null || !METHODS.has(key)
        ? null
        : make((args, node) => methodOfUnknown(run, value, key, args, node))
    case "constant":
      if (typeof value.value === "string" && key in String.prototype && key !== "length")
        return make((args, node) => methodOfText(run, value.value as string, value, key, args, node))
      return typeof value.value === "number" || typeof value.value === "boolean" ? make(() => unknown()) : null
    case "list":
      return isListMethod(key) ? make((args, node) => listMethod(run, value, key, args, node)) : null
    case "regex":
      return key === "test" || key === "exec" ? make(([text], node) => test(run, value, text, node)) : null
    case "promise":
      return key === "then" || key === "catch" || key === "finally" ? make((args) => then(run, value, key, args)) : null
    case "function":
    case "native":
    case "class":
      return methodOfFunction(run, value, key, make)
    case "object":
      return value.of === "map" ? methodOfMap(run, value, key, make) : null
    default:
      return null
  }
}

/** Methods that ask, of texts and lists: what is asked of a value from outside. Another name is an argument's part. */
const METHODS = new Set([
  ...Object.getOwnPropertyNames(String.prototype).filter((name) => name !== "length"),
  ...Object.getOwnPropertyNames(Array.prototype).filter((name) => name !== "length"),
  ...["has", "hasOwnProperty", "toFixed"],
])

function methodOfUnknown(run: Run, self: Value, key: string, args: readonly Value[], node: AnyNode): Value {
  // What is called for each part is given one that is not known.
  for (const callback of args) {
    if (callback.kind === "function") {
      const value = callBack(run, callback, [unknown(originOf(self))], key === "forEach")
      if (["some", "every", "find", "filter"].includes(key))
        return unknown(value.kind === "promise" ? null : originOf(self))
    }
  }
  return askUnknown(run, self, key, args, node)
}

function methodOfText(run: Run, text: string, value: Value, key: string, args: readonly Value[], node: AnyNode): Value {
  const origin = originOf(value) === null ? null : ("part of cmd" as const)
  const [first] = args
  if (first?.kind === "regex" && (key === "match" || key === "search")) return testKnown(run, first, text, value)
  if (first?.kind === "regex") return unknown(origin)
  if (!args.every((argument) => argument.kind === "constant")) {
    const asked = args.find((argument) => originOf(argument) !== null)
    if (asked !== undefined && key === "includes") run.guard(asked, "exact", node)
    return unknown(origin)
  }
  if (!PURE.has(key)) return unknown(origin)
  const method = String.prototype[key as "slice"] as unknown as (...values: unknown[]) => unknown
  const result = method.apply(
    text,
    args.map((argument) => (argument as { value: unknown }).value),
  )
  if (Array.isArray(result)) return list(result.map((part: string) => constant(part, null, origin)))
  if (origin !== null && result === true) run.facts.matched = true
  if (originOf(value) === "cmd" && key === "startsWith")
    run.facts.prefixes.add(String(args[0]?.kind === "constant" && args[0].value))
  return constant(result as string, null, typeof result === "boolean" ? null : origin)
}

/** Of texts, without surprises: no callbacks, no results of any length. */
const PURE = new Set([
  ...["startsWith", "endsWith", "includes", "indexOf", "lastIndexOf", "slice", "substring", "substr", "split", "at"],
  ...["toLowerCase", "toUpperCase", "trim", "trimStart", "trimEnd", "charAt", "charCodeAt", "codePointAt", "concat"],
  ...["replace", "replaceAll", "normalize", "toString", "valueOf", "localeCompare"],
])

function test(run: Run, regex: Value & { kind: "regex" }, text: Value | undefined, node: AnyNode): Value {
  if (text?.kind === "constant") return testKnown(run, regex, String(text.value), text)
  return text === undefined ? unknown() : testUnknown(run, regex, text, node)
}

function then(run: Run, self: Value & { kind: "promise" }, key: string, [done, failed]: readonly Value[]): Value {
  const handler =
    key === "catch" ? done : self.isRejected && key === "then" ? failed : self.isRejected ? undefined : done
  const isHandled = self.isHandled || key === "catch" || failed !== undefined
  const isCalled = handler !== undefined && (key !== "catch" || self.isRejected)
  if (!isCalled) return promise(self.value, self.isRejected, isHandled)
  try {
    const value = callFunction(run, handler, key === "finally" ? [] : [self.value], null, null)
    if (key === "finally") return promise(self.value, self.isRejected, isHandled)
    return value.kind === "promise" ? { ...value, isHandled } : promise(value, false, isHandled)
  } catch (error) {
    if (!(error instanceof Thrown)) throw error
    return promise(error.value, true, isHandled)
  }
}

type Make = (call: (args: readonly Value[], node: AnyNode) => Value) => Value

function methodOfFunction(run: Run, value: Value, key: string, make: Make): Value | null {
  if (key === "call") return make(([self, ...args], node) => callFunction(run, value, args, self ?? null, node))
  if (key === "apply")
    return make(([self, args], node) => {
      const items = args === undefined ? [] : (itemsOf(args) ?? [unknown(originOf(args))])
      return callFunction(run, value, items, self ?? null, node)
    })
  if (key === "bind" && value.kind === "function")
    return make(([self, ...args]) => ({ ...value, self: self ?? null, bound: [...value.bound, ...args] }))
  return null
}

function methodOfMap(run: Run, value: Value & { kind: "object" }, key: string, make: Make): Value | null {
  const { properties } = value
  switch (key) {
    case "get":
      return make(([name = constant(undefined)]) => {
        noteKeys(run, value, name)
        const found = keyOf(name)
        if (found === null) return unknown(originOf(name))
        return properties.get(found)?.value ?? (value.isOpen ? unknown() : constant(undefined))
      })
    case "has":
      return make(([name = constant(undefined)], node) => {
        noteKeys(run, value, name)
        const names = [...properties].map(([written, { node }]) => constant(written, node))
        return constant(isAmong(run, name, names, value.isOpen, node))
      })
    case "set":
      return make(([name = constant(undefined), item = constant(undefined)]) => {
        const written = keyOf(name)
        if (written === null) value.isOpen = true
        else
          properties.set(written, { value: item, node: name.kind === "constant" ? name.node : null, isGetter: false })
        return value
      })
    case "keys":
      return make(() =>
        list(
          [...properties].map(([name, { node }]) => constant(name, node)),
          value.isOpen,
        ),
      )
    case "values":
      return make(() =>
        list(
          [...properties.values()].map(({ value: item }) => item),
          value.isOpen,
        ),
      )
    case "forEach":
      return make(([callback = constant(undefined)]) => {
        for (const [name, { value: item }] of properties) callBack(run, callback, [item, constant(name)], true)
        return constant(undefined)
      })
    default:
      return null
  }
}
