import type { AnyNode, Program } from "acorn"
import { callFunction } from "./calls.ts"
import { Facts } from "./facts.ts"
import { OutOfSteps, Run, Thrown } from "./run.ts"
import { runLater, runStatements } from "./statements.ts"
import { CALL, type FunctionNode, type PromiseValue, unknown, type Value } from "./values.ts"

/** What a hook is: `late` when it is there only after timers and listeners have run. */
export type Hook =
  | { readonly kind: "function"; readonly node: FunctionNode; readonly isLate: boolean }
  | { readonly kind: "null" | "missing" | "other"; readonly node: AnyNode | null; readonly isLate: boolean }

/** How one path through the hook ends. */
export interface Ending {
  readonly type: "return" | "throw"
  readonly value: Value
  /** The `return`, or the hook itself where there is none. */
  readonly node: AnyNode | null
  /** Whether every question about the command itself could be answered. */
  readonly isSure: boolean
}

/** What becomes of a command in the hook. */
export interface Followed {
  readonly command: string
  readonly endings: readonly Ending[]
  readonly facts: Facts
  /** Whether there were more paths than were gone. */
  readonly isCut: boolean
}

/** Paths that are gone for one command: each question that cannot be answered doubles them. */
const MOST_PATHS = 200
/** Steps for one command, over all its paths. */
const MOST_STEPS = 400_000

/** What the scripts set as the hook. */
export function findHook(scripts: readonly Program[]): Hook {
  const run = new Run("", new Facts(), [])
  const name = "__TAURI_ISOLATION_HOOK__"
  let isLate = false
  try {
    runScripts(run, scripts)
    isLate = !isSet(hookOf(run))
    runLater(run)
  } catch (error) {
    if (!(error instanceof OutOfSteps)) throw error
  }
  const hook = hookOf(run)
  const node = run.window.properties.get(name)?.node ?? null
  if (hook === undefined) return { kind: "missing", node, isLate: false }
  if (hook.kind === "function") return { kind: "function", node: hook.node, isLate }
  const isNull = hook.kind === "constant" && hook.value === null
  if (!isNull && hook.kind === "constant") return { kind: "missing", node, isLate: false }
  return { kind: isNull ? "null" : "other", node, isLate }
}

const isSet = (hook: Value | undefined): boolean =>
  hook !== undefined && !(hook.kind === "constant" && hook.value === undefined)

function hookOf(run: Run): Value | undefined {
  const name = "__TAURI_ISOLATION_HOOK__"
  return run.window.properties.get(name)?.value ?? run.scope.get(name)
}

/** Goes all paths that a call of a command can take through the scripts and their hook. */
export function followHook(scripts: readonly Program[], command: string): Followed {
  const facts = new Facts()
  const endings: Ending[] = []
  let choices: boolean[] = []
  let steps = 0
  for (let paths = 0; ; paths++) {
    if (paths === MOST_PATHS || steps > MOST_STEPS) return { command, endings, facts, isCut: true }
    const run = new Run(command, facts, choices)
    try {
      const ending = goOnePath(run, scripts)
      if (ending !== null) endings.push(ending)
    } catch (error) {
      if (!(error instanceof OutOfSteps) && !(error instanceof RangeError)) throw error
    }
    steps += run.steps
    // The last question that was answered "yes" is answered "no" next.
    const last = run.choices.lastIndexOf(true)
    if (last < 0) return { command, endings, facts, isCut: false }
    choices = [...run.choices.slice(0, last), false]
  }
}

function goOnePath(run: Run, scripts: readonly Program[]): Ending | null {
  // What the scripts do before the hook is called is no answer to the call.
  runScripts(run, scripts)
  runLater(run)
  const hook = hookOf(run)
  if (hook?.kind !== "function" && hook?.kind !== "native") return null
  const node = hook.kind === "function" ? hook.node : null
  run.isSure = true
  try {
    const value = settled(callFunction(run, hook, [CALL, unknown()], run.window, node))
    if (value.kind === "promise") return { type: "throw", value: value.value, node, isSure: run.isSure }
    return { type: "return", value, node: run.returned.get(value) ?? node, isSure: run.isSure }
  } catch (error) {
    if (!(error instanceof Thrown)) throw error
    return { type: "throw", value: error.value, node, isSure: run.isSure }
  }
}

/** What a promise comes to: a value, or itself when it is rejected. */
function settled(value: Value): Exclude<Value, PromiseValue> | PromiseValue {
  return value.kind === "promise" && !value.isRejected ? settled(value.value) : value
}

function runScripts(run: Run, scripts: readonly Program[]): void {
  for (const script of scripts) {
    try {
      run.scope.declare("this", run.window)
      runStatements(run, script.body, run.scope)
    } catch (error) {
      // A script that throws has run as far as that; the next one runs.
      if (!(error instanceof Thrown)) throw error
    }
  }
}
