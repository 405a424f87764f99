/**
 * What an expression of an isolation app may be, as far as reading it can tell. The hook is never run: the values of its call
 * and of everything from outside are `unknown`, and remember where they came from.
 */
import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  Class,
  FunctionDeclaration,
  FunctionExpression,
} from "acorn"
import type { Scope } from "./scope.ts"

/** Where a value came from: the command's name, a part of it, the whole call, one of the arguments (by its path). */
export type Origin = "cmd" | "part of cmd" | "call" | `argument ${string}` | null

export interface Constant {
  readonly kind: "constant"
  readonly value: string | number | boolean | bigint | null | undefined
  readonly origin: Origin
  readonly node: AnyNode | null
}

export interface Unknown {
  readonly kind: "unknown"
  readonly origin: Origin
  /** A part of the platform that neither checks nor changes what it is given: `console`, `Math`. */
  readonly isHarmless: boolean
  /** What was read from it: the same every time. */
  readonly members: Map<string, Value>
}

/** An object or a `Map`: `isOpen` when it may have more than these properties. */
export interface ObjectValue {
  readonly kind: "object"
  readonly of: "object" | "map" | "error"
  readonly properties: Map<string, Property>
  isOpen: boolean
  /** What it was spread from: properties that it does not have itself are that one's. */
  base: Value | null
  readonly class: ClassValue | null
}

export interface Property {
  readonly value: Value
  readonly node: AnyNode | null
  readonly isGetter: boolean
}

/** An array or a `Set`. */
export interface List {
  readonly kind: "list"
  readonly isSet: boolean
  readonly items: Value[]
  isOpen: boolean
}

export type FunctionNode =
  | FunctionDeclaration
  | AnonymousFunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression

export interface FunctionValue {
  readonly kind: "function"
  readonly node: FunctionNode
  readonly scope: Scope
  readonly self: Value | null
  readonly bound: readonly Value[]
  readonly properties: Map<string, Value>
}

export interface ClassValue {
  readonly kind: "class"
  readonly node: Class
  readonly scope: Scope
  readonly parent: Value | null
  readonly statics: Map<string, Value>
}

export interface Native {
  readonly kind: "native"
  readonly members: ReadonlyMap<string, Value>
  readonly call: (args: readonly Value[], self: Value | null, node: AnyNode) => Value
}

export interface PromiseValue {
  readonly kind: "promise"
  readonly isRejected: boolean
  readonly value: Value
  readonly isHandled: boolean
}

export interface Regex {
  readonly kind: "regex"
  readonly source: string
  readonly flags: string
}

/** The hook's call, and its arguments. */
export interface Call {
  readonly kind: "call" | "arguments"
}

export type Value =
  | Constant
  | Unknown
  | ObjectValue
  | List
  | FunctionValue
  | ClassValue
  | Native
  | PromiseValue
  | Regex
  | Call

export const CALL: Call = { kind: "call" }
export const ARGUMENTS: Call = { kind: "arguments" }

export function constant(value: Constant["value"], node: AnyNode | null = null, origin: Origin = null): Constant {
  return { kind: "constant", value, node, origin }
}

export function unknown(origin: Origin = null, isHarmless = false): Unknown {
  return { kind: "unknown", origin, isHarmless, members: new Map() }
}

export function list(items: Value[], isOpen = false, isSet = false): List {
  return { kind: "list", items, isOpen, isSet }
}

export function object(entries: Iterable<readonly [string, Value]> = [], isOpen = false): ObjectValue {
  const properties = [...entries].map(([key, value]): [string, Property] => [
    key,
    { value, node: null, isGetter: false },
  ])
  return { kind: "object", of: "object", properties: new Map(properties), isOpen, base: null, class: null }
}

export function ofKind(of: "map" | "error"): ObjectValue {
  return { ...object(), of }
}

export function native(call: Native["call"], members: Iterable<readonly [string, Value]> = []): Native {
  return { kind: "native", call, members: new Map(members) }
}

export function promise(value: Value, isRejected = false, isHandled = false): PromiseValue {
  return { kind: "promise", value, isRejected, isHandled }
}

/** Where a value came from. */
export function originOf(value: Value): Origin {
  if (value.kind === "call") return "call"
  if (value.kind === "arguments") return "argument *"
  if (value.kind === "constant" || value.kind === "unknown") return value.origin
  if (value.kind === "object" && value.base !== null) return originOf(value.base)
  if (value.kind === "list") return value.items.map(originOf).find((origin) => origin !== null) ?? null
  return null
}

export function isNullish(value: Value): value is Constant & { value: null | undefined } {
  return value.kind === "constant" && (value.value === null || value.value === undefined)
}

/** The property key that a value stands for; `null` when that is not known. */
export function keyOf(value: Value): string | null {
  return value.kind === "constant" ? String(value.value) : null
}
