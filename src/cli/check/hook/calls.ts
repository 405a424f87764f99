import type { AnyNode } from "acorn"
import { construct as constructClass, memberOfClass } from "./classes.ts"
import { evaluate } from "./expressions.ts"
import { bind } from "./patterns.ts"
import { type Run, Thrown } from "./run.ts"
import { Scope } from "./scope.ts"
import { runStatements } from "./statements.ts"
import { constant, type FunctionValue, type List, list, ofKind, promise, unknown, type Value } from "./values.ts"

export { memberOfClass }

/** Calls a value. @throws Thrown */
export function callFunction(
  run: Run,
  callee: Value,
  args: readonly Value[],
  self: Value | null,
  node: AnyNode | null,
): Value {
  run.step()
  if (callee.kind === "native") return callee.call(args, self, node ?? NOWHERE)
  if (callee.kind === "function") return callWritten(run, callee, args, self)
  if (callee.kind === "class") {
    // super(…)
    if (self?.kind === "object") constructClass(run, callee, args, self)
    return constant(undefined)
  }
  if (callee.kind === "unknown" && !callee.isHarmless) {
    run.opaque(self === null ? args : [self, ...args], node ?? NOWHERE)
    // What comes back may be anything: also what was given.
    for (const argument of args) {
      if (argument.kind === "function") callBack(run, argument, [unknown()])
    }
    return unknown()
  }
  if (callee.kind === "unknown") return unknown(null, true)
  throw new Thrown(ofKind("error"))
}

const NOWHERE = { type: "EmptyStatement", start: 0, end: 0 } as AnyNode

function callWritten(
  run: Run,
  { node, scope, self: own, bound }: FunctionValue,
  given: readonly Value[],
  self: Value | null,
): Value {
  if (run.isTooDeep) {
    run.opaque(given, node)
    return unknown()
  }
  const args = [...bound, ...given]
  const inner = new Scope(scope, true)
  if (node.type !== "ArrowFunctionExpression") {
    inner.declare("this", own ?? self ?? constant(undefined))
    inner.declare("arguments", list([...args]))
  }
  const execute = (): Value => {
    for (const [index, parameter] of node.params.entries()) {
      const value = parameter.type === "RestElement" ? list(args.slice(index)) : (args[index] ?? constant(undefined))
      const pattern = parameter.type === "RestElement" ? parameter.argument : parameter
      bind(run, pattern, value, (name, part) => inner.declare(name, part), inner)
    }
    if (node.generator) return unknown()
    if (node.body.type !== "BlockStatement") return returned(run, evaluate(run, node.body, inner), node.body)
    const completion = runStatements(run, node.body.body, inner)
    if (completion?.type === "return") return returned(run, completion.value, completion.node)
    return returned(run, constant(undefined), node)
  }
  run.depth++
  try {
    const value = execute()
    if (!node.async) return value
    return value.kind === "promise" ? value : promise(value)
  } catch (error) {
    if (!node.async || !(error instanceof Thrown)) throw error
    return promise(error.value, true)
  } finally {
    run.depth--
  }
}

function returned(run: Run, value: Value, node: AnyNode): Value {
  if (!run.returned.has(value)) run.returned.set(value, node)
  return value
}

/** Calls what was given to a function that calls it back, once. A promise that it makes is nobody's. */
export function callBack(run: Run, callback: Value, args: readonly Value[], isDropped = false): Value {
  if (callback.kind !== "function") return callFunction(run, callback, args, null, null)
  const value = callFunction(run, callback, args, null, null)
  if (isDropped && value.kind === "promise") run.facts.floating.add(callback.node)
  return value
}

/** `new callee(…args)`. @throws Thrown */
export function construct(run: Run, callee: Value, { items, isOpen }: List, node: AnyNode): Value {
  if (callee.kind === "class") return constructClass(run, callee, items, null)
  if (callee.kind === "native") {
    const make = callee.members.get("new")
    if (make?.kind === "native") return make.call(isOpen ? [unknown(), ...items] : items, null, node)
    return unknown()
  }
  if (callee.kind === "function") {
    const self: Value = { ...ofKind("error"), of: "object", isOpen: true, base: null, class: null }
    const value = callFunction(run, callee, items, self, node)
    return value.kind === "object" ? value : self
  }
  if (callee.kind === "unknown" && !callee.isHarmless) run.opaque(items, node)
  return unknown(null, callee.kind === "unknown" && callee.isHarmless)
}
