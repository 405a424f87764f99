import type { AnyNode } from "acorn"
import { callBack } from "./calls.ts"
import { isAmong } from "./compare.ts"
import type { Run } from "./run.ts"
import { constant, type List, list, originOf, unknown, type Value } from "./values.ts"

const METHODS = new Set([
  ...[
    "includes",
    "has",
    "indexOf",
    "some",
    "every",
    "find",
    "findIndex",
    "filter",
    "map",
    "flatMap",
    "forEach",
    "reduce",
  ],
  ...[
    "push",
    "add",
    "unshift",
    "join",
    "slice",
    "concat",
    "values",
    "keys",
    "entries",
    "at",
    "sort",
    "reverse",
    "delete",
  ],
])

export const isListMethod = (key: string): boolean => METHODS.has(key)

/** A method of an array or a `Set`. */
export function listMethod(run: Run, self: List, key: string, args: readonly Value[], node: AnyNode): Value {
  const [first = constant(undefined)] = args
  const { items, isOpen } = self
  switch (key) {
    case "includes":
    case "has":
      return constant(isAmong(run, first, items, isOpen, node))
    case "indexOf":
      return constant(isAmong(run, first, items, isOpen, node) ? 0 : -1)
    case "push":
    case "add":
    case "unshift":
      items.push(...args)
      return key === "add" ? self : constant(items.length)
    case "join":
      return joined(self, first)
    case "values":
    case "slice":
    case "sort":
    case "reverse":
      return list([...items], isOpen)
    case "concat":
      return list([...items, ...args.flatMap((part) => (part.kind === "list" ? part.items : [part]))], isOpen)
    case "keys":
      return list(self.isSet ? [...items] : items.map((_, index) => constant(index)), isOpen)
    case "entries":
      return list(
        items.map((item, index) => list([self.isSet ? item : constant(index), item])),
        isOpen,
      )
    case "at":
      return isOpen || first.kind !== "constant" ? unknown() : (items.at(Number(first.value)) ?? constant(undefined))
    case "delete":
      self.isOpen = true
      return unknown()
    default:
      return iterate(run, self, key, first, args[1], node)
  }
}

function joined({ items, isOpen }: List, separator: Value): Value {
  const texts = items.map((item) => (item.kind === "constant" ? String(item.value) : null))
  if (isOpen || texts.includes(null) || separator.kind !== "constant")
    return unknown(items.map(originOf).find((origin) => origin !== null) ?? null)
  const origin = items.some((item) => originOf(item) !== null) ? "part of cmd" : null
  return constant(texts.join(String(separator.value ?? ",")), null, origin)
}

/** The methods that call back for each item. */
function iterate(run: Run, self: List, key: string, callback: Value, start: Value | undefined, node: AnyNode): Value {
  const { items, isOpen } = self
  const ask = (item: Value, index: number): Value =>
    callBack(run, callback, [item, constant(index), self], key === "forEach")
  const given = isOpen ? (items.length === 0 ? [unknown()] : items) : items
  switch (key) {
    case "forEach":
      for (const [index, item] of given.entries()) ask(item, index)
      return constant(undefined)
    case "map":
    case "flatMap": {
      const values = given.map(ask)
      return list(
        key === "map" ? values : values.flatMap((value) => (value.kind === "list" ? value.items : [value])),
        isOpen,
      )
    }
    case "filter":
      return list(
        given.filter((item, index) => run.decide(ask(item, index), node)),
        isOpen,
      )
    case "reduce": {
      let total = start ?? unknown()
      for (const [index, item] of given.entries()) total = callBack(run, callback, [total, item, constant(index), self])
      return isOpen ? unknown(originOf(total)) : total
    }
    default: {
      const sought = key !== "every"
      for (const [index, item] of given.entries()) {
        if (run.decide(ask(item, index), node) !== sought) continue
        if (key === "find") return item
        return constant(key === "findIndex" ? index : sought)
      }
      if (isOpen) return unknown()
      return constant(key === "find" ? undefined : key === "findIndex" ? -1 : !sought)
    }
  }
}
