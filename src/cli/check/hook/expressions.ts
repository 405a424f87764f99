import type {
  AnyNode,
  BinaryOperator,
  CallExpression,
  Expression,
  MemberExpression,
  ObjectExpression,
  Super,
} from "acorn"
import { callFunction, construct } from "./calls.ts"
import { defineClass } from "./classes.ts"
import { areEqual } from "./compare.ts"
import { globalNamed } from "./globals.ts"
import { getMember, hasMember, setMember } from "./members.ts"
import { bind, memberKey } from "./patterns.ts"
import { type Run, Thrown } from "./run.ts"
import type { Scope } from "./scope.ts"
import { itemsOf } from "./statements.ts"
import {
  constant,
  type FunctionValue,
  isNullish,
  keyOf,
  type List,
  list,
  object,
  originOf,
  unknown,
  type Value,
} from "./values.ts"

/** `a?.b` of nothing: the whole chain is `undefined`. */
class ShortCircuit {}

/** What an expression is. @throws Thrown */
export function evaluate(run: Run, node: AnyNode, scope: Scope): Value {
  run.step()
  switch (node.type) {
    case "Literal":
      if (node.regex) return { kind: "regex", source: node.regex.pattern, flags: node.regex.flags }
      return constant(node.value as string | number | boolean | bigint | null, node)
    case "TemplateLiteral": {
      const texts = node.quasis.map(({ value }) => value.cooked ?? "")
      const values = node.expressions.map((expression) => evaluate(run, expression, scope))
      return joined(
        texts.flatMap((text, index) => [constant(text), ...values.slice(index, index + 1)]),
        node,
      )
    }
    case "Identifier":
      if (node.name === "undefined") return constant(undefined, node)
      return scope.get(node.name) ?? globalNamed(run, node.name)
    case "ThisExpression":
      return scope.get("this") ?? run.window
    case "ArrayExpression":
      return listOf(run, node.elements, scope)
    case "ObjectExpression":
      return objectOf(run, node, scope)
    case "FunctionExpression":
    case "ArrowFunctionExpression": {
      const self = node.type === "ArrowFunctionExpression" ? (scope.get("this") ?? null) : null
      return { kind: "function", node, scope, self, bound: [], properties: new Map() } satisfies FunctionValue
    }
    case "ClassExpression":
      return defineClass(run, node, scope)
    case "ChainExpression":
      try {
        return evaluate(run, node.expression, scope)
      } catch (error) {
        if (error instanceof ShortCircuit) return constant(undefined, node)
        throw error
      }
    case "MemberExpression":
      return member(run, node, scope).value
    case "CallExpression":
      return call(run, node, scope)
    case "NewExpression":
      return construct(run, evaluate(run, node.callee, scope), listOf(run, node.arguments, scope), node)
    case "ConditionalExpression":
      return evaluate(
        run,
        run.decide(evaluate(run, node.test, scope), node.test) ? node.consequent : node.alternate,
        scope,
      )
    case "LogicalExpression": {
      const left = evaluate(run, node.left, scope)
      if (node.operator === "??") return isNullish(left) ? evaluate(run, node.right, scope) : left
      const isTrue = run.decide(left, node.left)
      return isTrue === (node.operator === "&&") ? evaluate(run, node.right, scope) : left
    }
    case "UnaryExpression":
      return unary(run, node.operator, node.argument, node, scope)
    case "BinaryExpression": {
      const left =
        node.left.type === "PrivateIdentifier" ? constant(`#${node.left.name}`) : evaluate(run, node.left, scope)
      return binary(run, node.operator, left, evaluate(run, node.right, scope), node)
    }
    case "AssignmentExpression": {
      const { left, operator } = node
      let value = evaluate(run, node.right, scope)
      if (operator === "+=" && left.type !== "ObjectPattern" && left.type !== "ArrayPattern")
        value = binary(run, "+", evaluate(run, left, scope), value, node)
      else if (operator !== "=" && !/^(\|\||&&|\?\?)=$/.test(operator)) value = unknown()
      bind(run, left, value, (name, part) => void assign(run, scope, name, part, node), scope)
      return value
    }
    case "UpdateExpression":
      bind(run, node.argument, unknown(), (name, part) => void assign(run, scope, name, part, node), scope)
      return unknown()
    case "SequenceExpression":
      return node.expressions.reduce<Value>((_, expression) => evaluate(run, expression, scope), constant(undefined))
    case "AwaitExpression": {
      const value = evaluate(run, node.argument, scope)
      if (value.kind !== "promise") return value
      if (value.isRejected) throw new Thrown(value.value)
      return value.value
    }
    case "SpreadElement":
      return evaluate(run, node.argument, scope)
    default:
      return unknown()
  }
}

/** A name without a declaration is a property of the window. */
function assign(run: Run, scope: Scope, name: string, value: Value, node: AnyNode): void {
  if (!scope.assign(name, value)) setMember(run, run.window, name, value, node)
}

function member(run: Run, node: MemberExpression, scope: Scope): { readonly self: Value; readonly value: Value } {
  const self = objectOrSuper(run, node.object, scope)
  if (node.optional && isNullish(self)) throw new ShortCircuit()
  const keyValue = node.computed ? evaluate(run, node.property, scope) : null
  const key = keyValue === null ? memberKey(run, node, scope) : keyOf(keyValue)
  return { self, value: getMember(run, self, key, node, keyValue) }
}

function objectOrSuper(run: Run, node: Expression | Super, scope: Scope): Value {
  return node.type === "Super" ? (scope.get("super") ?? unknown()) : evaluate(run, node, scope)
}

function call(run: Run, node: CallExpression, scope: Scope): Value {
  let self: Value | null = null
  let callee: Value
  if (node.callee.type === "MemberExpression") {
    const found = member(run, node.callee, scope)
    self = node.callee.object.type === "Super" ? (scope.get("this") ?? null) : found.self
    callee = found.value
  } else callee = objectOrSuper(run, node.callee, scope)
  if (node.optional && isNullish(callee)) throw new ShortCircuit()
  if (node.callee.type === "Super") self = scope.get("this") ?? null
  const args = listOf(run, node.arguments, scope)
  return callFunction(run, callee, args.items, self, node)
}

function listOf(run: Run, elements: readonly (AnyNode | null)[], scope: Scope): List {
  const result = list([])
  for (const element of elements) {
    if (element === null) result.items.push(constant(undefined))
    else if (element.type === "SpreadElement") {
      const spread = evaluate(run, element.argument, scope)
      const items = itemsOf(spread)
      if (items === null) {
        result.isOpen = true
        result.items.push(unknown(originOf(spread)))
        if (spread.kind === "list") result.items.push(...spread.items)
      } else result.items.push(...items)
    } else result.items.push(evaluate(run, element, scope))
  }
  return result
}

function objectOf(run: Run, node: ObjectExpression, scope: Scope): Value {
  const result = object()
  for (const property of node.properties) {
    if (property.type === "SpreadElement") spreadInto(run, result, evaluate(run, property.argument, scope), property)
    else {
      const isGetter = property.kind === "get"
      const key = memberKey(run, { property: property.key, computed: property.computed }, scope)
      const value = evaluate(run, property.value, scope)
      if (key === null) result.isOpen = true
      else if (key === "__proto__" && !property.computed) continue
      else if (property.kind !== "set") result.properties.set(key, { value, node: property.key, isGetter })
    }
  }
  return result
}

/** `{ ...value }`. */
export function spreadInto(run: Run, target: Value & { kind: "object" }, value: Value, node: AnyNode): void {
  if (value.kind === "object") {
    for (const [key, property] of value.properties) target.properties.set(key, property)
    target.isOpen ||= value.isOpen
    target.base = value.base ?? target.base
  } else if (value.kind === "call") {
    for (const key of ["cmd", "callback", "error", "payload", "options"])
      target.properties.set(key, { value: run.ofCall(key, node), node, isGetter: false })
    target.base = value
  } else if (value.kind === "arguments" || value.kind === "unknown") target.base = value
}

function unary(run: Run, operator: string, argument: Expression, node: AnyNode, scope: Scope): Value {
  if (operator === "typeof") {
    const value =
      argument.type === "Identifier" && scope.get(argument.name) === undefined
        ? globalNamed(run, argument.name)
        : evaluate(run, argument, scope)
    return typeOf(value)
  }
  const value = evaluate(run, argument, scope)
  if (operator === "!") return constant(!run.decide(value, argument))
  if (operator === "void") return constant(undefined, node)
  if (operator === "-" && value.kind === "constant" && typeof value.value === "number") return constant(-value.value)
  if (operator === "delete") run.facts.writes ||= argument.type === "MemberExpression"
  return operator === "delete" ? constant(true) : unknown()
}

function typeOf(value: Value): Value {
  if (value.kind === "constant") return constant(value.value === null ? "object" : typeof value.value)
  if (value.kind === "function" || value.kind === "class" || value.kind === "native") return constant("function")
  if (value.kind !== "unknown") return constant("object")
  // Asked twice, answered once.
  const known = value.members.get("typeof") ?? unknown()
  value.members.set("typeof", known)
  return known
}

function binary(run: Run, operator: BinaryOperator, left: Value, right: Value, node: AnyNode): Value {
  if (/^[!=]==?$/.test(operator)) {
    const equal = areEqual(run, left, right, operator.length === 3, node)
    return constant(operator.startsWith("!") ? !equal : equal)
  }
  if (operator === "in") return constant(hasMember(run, right, left))
  if (operator === "instanceof") {
    if (left.kind === "constant") return constant(false)
    if (left.kind === "object" && left.of === "error") return constant(run.choose(null, false))
    return unknown()
  }
  if (operator === "+") return joined([left, right], node)
  if (left.kind === "constant" && right.kind === "constant") return compute(operator, left.value, right.value)
  return unknown()
}

/** A text made of several; of what is not known, where it came from. */
function joined(parts: readonly Value[], node: AnyNode): Value {
  if (parts.every((part) => part.kind === "constant")) {
    const origin = parts.some((part) => originOf(part)?.includes("cmd")) ? "part of cmd" : null
    const values = parts.map((part) => (part as { value: unknown }).value)
    if (values.every((value) => typeof value === "number"))
      return constant(values.reduce((sum, value) => sum + value, 0))
    return constant(values.map(String).join(""), node, origin)
  }
  const outside = parts.find((part) => part.kind !== "constant" && originOf(part) !== null)
  if (outside === undefined) return unknown()
  const origin = originOf(outside)
  // A path put together with another is not the one that the page gave: a test of it says nothing about that one.
  return unknown(origin?.startsWith("argument ") && !origin.endsWith("+") ? (`${origin}+` as typeof origin) : origin)
}

function compute(operator: BinaryOperator, left: unknown, right: unknown): Value {
  const a = left as number
  const b = right as number
  switch (operator) {
    case "<":
      return constant(a < b)
    case ">":
      return constant(a > b)
    case "<=":
      return constant(a <= b)
    case ">=":
      return constant(a >= b)
    case "-":
      return constant(a - b)
    case "*":
      return constant(a * b)
    default:
      return unknown()
  }
}
