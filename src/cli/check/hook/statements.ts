import type { AnyNode, ForInStatement, ForOfStatement, SwitchStatement, TryStatement } from "acorn"
import { callFunction } from "./calls.ts"
import { defineClass } from "./classes.ts"
import { areEqual } from "./compare.ts"
import { evaluate } from "./expressions.ts"
import { bind } from "./patterns.ts"
import { type Run, Thrown } from "./run.ts"
import { Scope } from "./scope.ts"
import { constant, type FunctionValue, originOf, unknown, type Value } from "./values.ts"

/** How a statement ended, when not by going on. */
export type Completion =
  | { readonly type: "return"; readonly value: Value; readonly node: AnyNode }
  | { readonly type: "break" | "continue"; readonly label: string | null }

/** A loop whose end is not known is gone through this often. */
const MOST_TURNS = 2

/** Runs statements in order. Functions are there before the first. */
export function runStatements(run: Run, statements: readonly AnyNode[], scope: Scope): Completion | null {
  for (const statement of statements) {
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement
    if (declared?.type !== "FunctionDeclaration" || declared.id === null) continue
    const value: FunctionValue = {
      kind: "function",
      node: declared,
      scope,
      self: null,
      bound: [],
      properties: new Map(),
    }
    scope.declare(declared.id.name, value)
  }
  for (const statement of statements) {
    const completion = runStatement(run, statement, scope)
    if (completion !== null) return completion
  }
  return null
}

function runStatement(run: Run, node: AnyNode, scope: Scope, label: string | null = null): Completion | null {
  run.step()
  switch (node.type) {
    case "ExpressionStatement": {
      const value = evaluate(run, node.expression, scope)
      if (value.kind === "promise" && !value.isHandled) run.facts.floating.add(node.expression)
      return null
    }
    case "VariableDeclaration":
      for (const { id, init } of node.declarations) {
        if (init === null && node.kind === "var" && id.type === "Identifier" && scope.get(id.name)) continue
        const value = init ? evaluate(run, init, scope) : constant(undefined)
        bind(run, id, value, (name, part) => scope.declare(name, part, node.kind === "var"), scope)
      }
      return null
    case "ClassDeclaration":
      if (node.id !== null) scope.declare(node.id.name, defineClass(run, node, scope))
      return null
    case "ExportNamedDeclaration":
      return node.declaration ? runStatement(run, node.declaration, scope) : null
    case "ReturnStatement":
      return {
        type: "return",
        value: node.argument ? evaluate(run, node.argument, scope) : constant(undefined),
        node,
      }
    case "ThrowStatement":
      throw new Thrown(evaluate(run, node.argument, scope))
    case "BlockStatement":
      return runStatements(run, node.body, new Scope(scope))
    case "IfStatement":
      if (run.decide(evaluate(run, node.test, scope), node.test)) return runStatement(run, node.consequent, scope)
      return node.alternate ? runStatement(run, node.alternate, scope) : null
    case "SwitchStatement":
      return runSwitch(run, node, scope)
    case "TryStatement":
      return runTry(run, node, scope)
    case "ForOfStatement":
    case "ForInStatement":
      return runForEach(run, node, scope, label)
    case "ForStatement": {
      const inner = new Scope(scope)
      if (node.init) {
        if (node.init.type === "VariableDeclaration") runStatement(run, node.init, inner)
        else evaluate(run, node.init, inner)
      }
      const goesOn = () => !node.test || run.decide(evaluate(run, node.test, inner), node.test)
      return loop(
        run,
        goesOn,
        () => runStatement(run, node.body, inner),
        label,
        () => node.update && evaluate(run, node.update, inner),
      )
    }
    case "WhileStatement":
      return loop(
        run,
        () => run.decide(evaluate(run, node.test, scope), node.test),
        () => runStatement(run, node.body, scope),
        label,
      )
    case "DoWhileStatement": {
      let isFirst = true
      const goesOn = (): boolean => {
        const goes = isFirst || run.decide(evaluate(run, node.test, scope), node.test)
        isFirst = false
        return goes
      }
      return loop(run, goesOn, () => runStatement(run, node.body, scope), label)
    }
    case "LabeledStatement": {
      const completion = runStatement(run, node.body, scope, node.label.name)
      return completion?.type === "break" && completion.label === node.label.name ? null : completion
    }
    case "BreakStatement":
      return { type: "break", label: node.label?.name ?? null }
    case "ContinueStatement":
      return { type: "continue", label: node.label?.name ?? null }
    default:
      return null
  }
}

function runSwitch(run: Run, node: SwitchStatement, scope: Scope): Completion | null {
  const value = evaluate(run, node.discriminant, scope)
  const inner = new Scope(scope)
  const matching = node.cases.findIndex(
    ({ test }) => test && areEqual(run, value, evaluate(run, test, inner), true, test),
  )
  const start = matching >= 0 ? matching : node.cases.findIndex(({ test }) => !test)
  if (start < 0) return null
  const completion = runStatements(
    run,
    node.cases.slice(start).flatMap(({ consequent }) => consequent),
    inner,
  )
  return completion?.type === "break" && completion.label === null ? null : completion
}

function runTry(run: Run, { block, handler, finalizer }: TryStatement, scope: Scope): Completion | null {
  let completion: Completion | null = null
  let thrown: Thrown | null = null
  const guarded = (step: () => Completion | null): void => {
    try {
      completion = step()
    } catch (error) {
      if (!(error instanceof Thrown)) throw error
      thrown = error
    }
  }
  if (handler) run.tries++
  try {
    guarded(() => runStatement(run, block, scope))
  } finally {
    if (handler) run.tries--
  }
  const caught = thrown as Thrown | null
  if (caught !== null && handler) {
    thrown = null
    const inner = new Scope(scope)
    if (handler.param) bind(run, handler.param, caught.value, (name, value) => inner.declare(name, value), inner)
    guarded(() => runStatement(run, handler.body, inner))
  }
  const last = finalizer ? runStatement(run, finalizer, scope) : null
  if (last !== null) return last
  if (thrown !== null) throw thrown
  return completion
}

function runForEach(
  run: Run,
  node: ForOfStatement | ForInStatement,
  scope: Scope,
  label: string | null,
): Completion | null {
  const iterated = evaluate(run, node.right, scope)
  const items = node.type === "ForOfStatement" ? itemsOf(iterated) : keysOf(iterated)
  let index = 0
  let current: Value = unknown()
  const goesOn = (): boolean => {
    if (items !== null) return items[index] !== undefined
    return index === 0 && run.choose(null, false)
  }
  const body = (): Completion | null => {
    current = items?.[index] ?? unknown(originOf(iterated))
    index++
    const inner = new Scope(scope)
    if (node.left.type === "VariableDeclaration") {
      const [declaration] = node.left.declarations
      if (declaration) bind(run, declaration.id, current, (name, value) => inner.declare(name, value), inner)
    } else bind(run, node.left, current, (name, value) => void scope.assign(name, value), scope)
    return runStatement(run, node.body, inner)
  }
  return loop(run, goesOn, body, label, () => undefined, items === null ? MOST_TURNS : 1000)
}

/** What `for (… of value)` goes through; `null`: not known. */
export function itemsOf(value: Value): readonly Value[] | null {
  if (value.kind === "list") return value.isOpen ? null : value.items
  if (value.kind === "constant" && typeof value.value === "string")
    return [...value.value].map((text) => constant(text))
  if (value.kind === "object" && value.of === "map" && !value.isOpen) {
    return [...value.properties].map(([key, { value: item, node }]) => ({
      kind: "list",
      items: [constant(key, node), item],
      isOpen: false,
      isSet: false,
    }))
  }
  return null
}

/** The names of the properties of a value; `null`: not known. */
export function keysOf(value: Value): readonly Value[] | null {
  if (value.kind === "object" && !value.isOpen && value.base === null)
    return [...value.properties].map(([key, { node }]) => constant(key, node))
  if (value.kind === "list" && !value.isOpen) return value.items.map((_, index) => constant(String(index)))
  return null
}

function loop(
  run: Run,
  goesOn: () => boolean,
  body: () => Completion | null,
  label: string | null,
  after: () => unknown = () => undefined,
  most = 1000,
): Completion | null {
  const choices = run.choices.length
  for (let turn = 0; turn < most && goesOn(); turn++) {
    run.step()
    // Each turn that had to be guessed doubles the paths: nothing new is seen in the third.
    if (turn >= MOST_TURNS && run.choices.length > choices + MOST_TURNS * 4) return null
    const completion = body()
    if (completion?.type === "return") return completion
    if (completion?.type === "break" || completion?.type === "continue") {
      const isMine = completion.label === null || completion.label === label
      if (!isMine) return completion
      if (completion.type === "break") return null
    }
    after()
  }
  return null
}

/** Calls the functions that were put off: timers and listeners. */
export function runLater(run: Run): void {
  for (const task of run.later.splice(0)) {
    try {
      callFunction(run, task, [unknown()], null, null)
    } catch (error) {
      if (!(error instanceof Thrown)) throw error
    }
  }
}
