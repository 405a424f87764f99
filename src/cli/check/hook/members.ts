import type { AnyNode } from "acorn"
import { callFunction, memberOfClass } from "./calls.ts"
import { memberOfGlobal } from "./globals.ts"
import { methodOf } from "./methods.ts"
import { type Run, Thrown } from "./run.ts"
import { constant, isNullish, keyOf, ofKind, originOf, unknown, type Value } from "./values.ts"

/**
 * Reads a member. A key that is the command's name (`TABLE[cmd]`) says which commands are named: the keys of the table.
 *
 * @param key `null`: not known
 * @throws Thrown for members of `null` and `undefined`
 */
export function getMember(
  run: Run,
  value: Value,
  key: string | null,
  node: AnyNode,
  keyValue: Value | null = null,
): Value {
  if (isNullish(value)) throw new Thrown(ofKind("error"))
  if (keyValue !== null) noteKeys(run, value, keyValue)
  const method = key === null ? null : methodOf(run, value, key)
  if (method !== null) return method
  switch (value.kind) {
    case "call":
      return run.ofCall(key, node)
    case "arguments":
      return key === "length" || key === "byteLength" ? unknown() : run.argument(key)
    case "constant":
      return memberOfText(value, key)
    case "unknown":
      return memberOfUnknown(value, key)
    case "list": {
      if (value.isOpen) return value.items[0] ?? unknown()
      if (key === "length" || key === "size") return constant(value.items.length)
      return key === null ? unknown() : (value.items[Number(key)] ?? constant(undefined, node))
    }
    case "object": {
      if (key === null) return unknown()
      const property = value.properties.get(key)
      if (property?.isGetter) return callFunction(run, property.value, [], value, node)
      if (property !== undefined) return property.value
      if (value.class !== null) {
        const member = memberOfClass(run, value.class, key, value, node)
        if (member !== null) return member
      }
      if (value === run.window) return memberOfGlobal(run, key) ?? unknown()
      if (value.base !== null) return getMember(run, value.base, key, node)
      if (value.of === "error") return key === "message" ? unknown() : constant(undefined, node)
      return value.isOpen ? unknown() : constant(undefined, node)
    }
    case "function":
      return value.properties.get(key ?? "") ?? unknown()
    case "class":
      return value.statics.get(key ?? "") ?? unknown()
    case "native":
      return value.members.get(key ?? "") ?? unknown(null, true)
    default:
      return unknown()
  }
}

function memberOfText(value: Value & { kind: "constant" }, key: string | null): Value {
  if (typeof value.value !== "string" || key === null) return constant(undefined)
  const origin = value.origin === "cmd" ? "part of cmd" : value.origin
  if (key === "length") return constant(value.value.length, null, origin)
  return constant(/^\d+$/.test(key) ? value.value[Number(key)] : undefined, null, origin)
}

function memberOfUnknown(value: Value & { kind: "unknown" }, key: string | null): Value {
  const known = key === null ? undefined : value.members.get(key)
  if (known !== undefined) return known
  const { origin, isHarmless } = value
  const isSize = key === "length" || key === "byteLength" || key === "size"
  const inner = origin?.startsWith("argument ") && !isSize && key !== null && !/^\d+$/.test(key)
  const path = origin === "argument *" ? (`argument ${key}` as const) : (`${origin}.${key}` as typeof origin)
  const member = unknown(inner ? path : isSize ? null : origin, isHarmless)
  if (key !== null) value.members.set(key, member)
  return member
}

/** `TABLE[cmd]`, `cmd in TABLE`, `Object.hasOwn(TABLE, cmd)`, `map.get(cmd)`: the commands that are named are the keys. */
export function noteKeys(run: Run, table: Value, key: Value): void {
  if (originOf(key) !== "cmd" || table.kind !== "object" || table === run.window) return
  for (const [name, { node }] of table.properties) run.facts.name(name, node)
}

/** Whether a value has a property of this name; what cannot be known is chosen. */
export function hasMember(run: Run, value: Value, key: Value): boolean {
  noteKeys(run, value, key)
  const name = keyOf(key)
  if (value.kind === "object" && name !== null) {
    if (value.properties.has(name)) return true
    if (!value.isOpen && value.base === null) return false
  }
  if (value.kind === "call" && name !== null) {
    if (["cmd", "callback", "error", "payload", "options"].includes(name)) return true
    // Noted as a read beside `payload.payload`.
    return run.choose(run.ofCall(name, key.kind === "constant" && key.node !== null ? key.node : NOWHERE), false)
  }
  return run.choose(null, originOf(key) === "cmd")
}

const NOWHERE = { type: "EmptyStatement", start: 0, end: 0 } as AnyNode

/** Writes a member. */
export function setMember(run: Run, target: Value, key: string | null, value: Value, node: AnyNode): void {
  switch (target.kind) {
    case "call":
      run.facts.writes = true
      if (key !== null) run.written.set(key, value)
      return
    case "arguments":
      run.facts.writes = true
      return
    case "unknown":
      if (originOf(target) !== null) run.facts.writes = true
      if (key !== null) target.members.set(key, value)
      return
    case "object":
      if (key === null) target.isOpen = true
      else target.properties.set(key, { value, node, isGetter: false })
      return
    case "list":
      if (key !== null && Number(key) === target.items.length) target.items.push(value)
      else target.isOpen = true
      return
    case "function":
      if (key !== null) target.properties.set(key, value)
      return
    case "class":
      if (key !== null) target.statics.set(key, value)
      return
    default:
  }
}
