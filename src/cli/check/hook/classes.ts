import type { AnyNode, Class } from "acorn"
import { callFunction } from "./calls.ts"
import { evaluate } from "./expressions.ts"
import { memberKey } from "./patterns.ts"
import type { Run } from "./run.ts"
import { Scope } from "./scope.ts"
import { runStatements } from "./statements.ts"
import {
  type ClassValue,
  constant,
  type FunctionValue,
  type ObjectValue,
  object,
  ofKind,
  unknown,
  type Value,
} from "./values.ts"

/** A class with its static members. */
export function defineClass(run: Run, node: Class, scope: Scope): ClassValue {
  const parent = node.superClass ? evaluate(run, node.superClass, scope) : null
  const inner = new Scope(scope)
  const value: ClassValue = { kind: "class", node, scope: inner, parent, statics: new Map() }
  if (node.id) inner.declare(node.id.name, value)
  const body = new Scope(inner, true)
  body.declare("this", value)
  for (const element of node.body.body) {
    if (element.type === "StaticBlock") runStatements(run, element.body, new Scope(body, true))
    else if (element.static) {
      const key = memberKey(run, { property: element.key, computed: element.computed }, scope)
      const member = element.value ? evaluate(run, element.value, body) : constant(undefined)
      if (key !== null) value.statics.set(key, member)
    }
  }
  return value
}

/** Makes an instance, or, of a class that another extends, its part of one. */
export function construct(run: Run, made: ClassValue, args: readonly Value[], part: ObjectValue | null): Value {
  const self: ObjectValue = part ?? { ...(isError(made) ? ofKind("error") : object()), class: made }
  const { parent, scope, node } = made
  const inner = new Scope(scope, true)
  inner.declare("this", self)
  inner.declare("super", parent ?? unknown())
  const initializer = node.body.body.find(
    (element) => element.type === "MethodDefinition" && element.kind === "constructor",
  )
  if (initializer === undefined && parent?.kind === "class") construct(run, parent, args, self)
  if (parent !== null && parent.kind !== "class" && self.of !== "error") self.isOpen = true
  for (const element of node.body.body) {
    if (element.type !== "PropertyDefinition" || element.static) continue
    const key = memberKey(run, { property: element.key, computed: element.computed }, scope)
    const value = element.value ? evaluate(run, element.value, inner) : constant(undefined)
    if (key !== null) self.properties.set(key, { value, node: element.key, isGetter: false })
  }
  if (initializer?.type === "MethodDefinition")
    callFunction(run, method(initializer.value, inner, self), args, self, initializer)
  return self
}

/** A member that an instance has of its class, or of one that this extends. */
export function memberOfClass(run: Run, of: ClassValue, key: string, self: Value, node: AnyNode): Value | null {
  for (const element of of.node.body.body) {
    if (element.type !== "MethodDefinition" || element.static || element.kind === "constructor") continue
    if (memberKey(run, { property: element.key, computed: element.computed }, of.scope) !== key) continue
    const scope = new Scope(of.scope, true)
    scope.declare("super", of.parent === null ? unknown() : superOf(of.parent, self))
    const value = method(element.value, scope, self)
    return element.kind === "get" ? callFunction(run, value, [], self, node) : value
  }
  if (of.parent?.kind === "class") return memberOfClass(run, of.parent, key, self, node)
  return null
}

/** What `super.method` looks into. */
function superOf(parent: Value, self: Value): Value {
  if (parent.kind !== "class" || self.kind !== "object") return unknown()
  return { ...self, properties: new Map(), class: parent }
}

function method(node: FunctionValue["node"], scope: Scope, self: Value): FunctionValue {
  return { kind: "function", node, scope, self, bound: [], properties: new Map() }
}

function isError(value: Value): boolean {
  if (value.kind === "class") return value.parent !== null && isError(value.parent)
  return value.kind === "native" && value.members.has("isError")
}
