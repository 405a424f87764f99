import type { AnyNode } from "acorn"
import { isAboutCommand, type Run } from "./run.ts"
import { type Constant, isNullish, originOf, type Value } from "./values.ts"

/** Whether two values are equal; what cannot be known is chosen. */
export function areEqual(run: Run, left: Value, right: Value, isStrict: boolean, node: AnyNode): boolean {
  noteName(run, left, right)
  noteName(run, right, left)
  if (left.kind === "constant" && right.kind === "constant") {
    // biome-ignore lint/suspicious/noDoubleEquals: the hook's own operator
    return isStrict ? left.value === right.value : left.value == right.value
  }
  if (left.kind !== "unknown" && right.kind !== "unknown") return left === right
  const outside = left.kind === "unknown" ? left : right
  const other = outside === left ? right : left
  if (other.kind === "constant" && other.value === 0) run.indexes.get(outside)?.()
  if (other.kind === "constant" && typeof other.value === "string") {
    const isDots = other.value === ".." || other.value === "."
    run.guard(outside, isDots ? "dotdot" : "exact", node, other.value)
  } else if (other.kind === "unknown") run.guard(outside, "exact", node)
  const key = other.kind === "constant" ? `${isNullish(other) && !isStrict ? "nullish" : String(other.value)}` : other
  return run.choose(questionAbout(outside, key), isAboutCommand(left) || isAboutCommand(right))
}

/** One object for each question: the same value compared with the same again has the same answer. */
const QUESTIONS = new WeakMap<Value, Map<unknown, object>>()

function questionAbout(value: Value, key: unknown): object {
  const questions = QUESTIONS.get(value) ?? new Map<unknown, object>()
  QUESTIONS.set(value, questions)
  const known = questions.get(key) ?? {}
  questions.set(key, known)
  return known
}

function noteName(run: Run, value: Value, other: Value): void {
  if (originOf(value) !== "cmd" || value.kind !== "constant") return
  if (other.kind === "constant" && typeof other.value === "string" && other.origin === null)
    run.facts.name(other.value, other.node)
}

/** Whether a value is one of these, by SameValueZero. `null`: it cannot be known, for there may be others. */
export function isAmong(run: Run, value: Value, items: readonly Value[], isOpen: boolean, node: AnyNode): boolean {
  const constants = items.filter((item): item is Constant => item.kind === "constant")
  for (const item of constants) noteName(run, value, item)
  if (value.kind === "unknown") run.guard(value, items.every(isDots) && items.length > 0 ? "dotdot" : "exact", node)
  if (value.kind !== "unknown") {
    if (constants.some((item) => value.kind === "constant" && item.value === value.value) || items.includes(value))
      return true
    if (!isOpen && !items.some(({ kind }) => kind === "unknown")) return false
  }
  return run.choose(questionAbout(value, items), isAboutCommand(value))
}

const isDots = (value: Value): boolean => value.kind === "constant" && (value.value === ".." || value.value === ".")
