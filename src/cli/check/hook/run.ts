import type { AnyNode } from "acorn"
import type { Facts, Guard } from "./facts.ts"
import { Scope } from "./scope.ts"
import { ARGUMENTS, constant, type ObjectValue, object, originOf, unknown, type Value } from "./values.ts"

/** Something was thrown. */
export class Thrown {
  readonly value: Value
  constructor(value: Value) {
    this.value = value
  }
}

/** Followed for longer than any hook takes: what is known by then is all that will be. */
export class OutOfSteps extends Error {}

/** Steps that one path may take, and calls in calls. */
const MOST_STEPS = 20_000
const DEEPEST = 30

/** One path through an isolation app: what cannot be known is chosen, and each choice is taken both ways in turn. */
export class Run {
  readonly command: string
  readonly facts: Facts
  readonly window: ObjectValue = object([], true)
  readonly scope: Scope = new Scope(null, true)
  /** Results of `indexOf`, and what is noted when one is compared with 0. */
  readonly indexes: Map<Value, () => void> = new Map()
  /** Functions that run later: timers, listeners. */
  readonly later: Value[] = []
  /** Where a value was returned first. */
  readonly returned: Map<Value, AnyNode> = new Map()
  /** The choices of this path, in order. */
  readonly choices: boolean[]
  /** Whether every question about the command itself could be answered. */
  isSure = true
  /** `try` blocks around. */
  tries = 0
  depth = 0
  /** What was written to the call. */
  readonly written: Map<string, Value> = new Map()
  readonly #members = new Map<string, Value>()
  readonly #answers = new Map<unknown, boolean>()
  #next = 0
  #steps = 0

  constructor(command: string, facts: Facts, choices: readonly boolean[]) {
    this.command = command
    this.facts = facts
    this.choices = [...choices]
  }

  step(): void {
    if (++this.#steps > MOST_STEPS) throw new OutOfSteps()
  }

  get steps(): number {
    return this.#steps
  }

  get isTooDeep(): boolean {
    return this.depth > DEEPEST
  }

  /** Answers a question that reading cannot answer; the same question, the same answer. */
  choose(question: unknown, isAboutCommand: boolean): boolean {
    if (isAboutCommand) this.isSure = false
    const known = question === null ? undefined : this.#answers.get(question)
    if (known !== undefined) return known
    const answer = this.choices[this.#next] ?? true
    this.choices[this.#next++] = answer
    if (question !== null) this.#answers.set(question, answer)
    return answer
  }

  /** Whether a value is true. */
  decide(value: Value, node: AnyNode): boolean {
    if (value.kind === "constant") return Boolean(value.value)
    if (value.kind === "promise") this.facts.conditions.add(node)
    if (value.kind !== "unknown") return true
    return this.choose(value, isAboutCommand(value))
  }

  /** What cannot be read may throw: where that would be caught, it is tried. */
  mayThrow(): void {
    if (this.tries > 0 && this.choose(null, false)) throw new Thrown(unknown())
  }

  /** A member of the call. */
  ofCall(key: string | null, node: AnyNode): Value {
    if (key === null) return this.#member("argument *")
    const written = this.written.get(key)
    if (written !== undefined) return written
    if (key === "cmd") return constant(this.command, node, "cmd")
    if (key === "payload") return ARGUMENTS
    if (key === "callback" || key === "error" || key === "options") return this.#member(key)
    if (key === "args") {
      this.facts.args.add(node)
      // Read on as its author meant it.
      return ARGUMENTS
    }
    this.facts.flat.set(node, key)
    return this.argument(key)
  }

  /** One of the arguments. */
  argument(key: string | null): Value {
    return this.#member(`argument ${key ?? "*"}`)
  }

  #member(key: string): Value {
    const known = this.#members.get(key)
    if (known !== undefined) return known
    const value = unknown(key.startsWith("argument ") ? (key as `argument ${string}`) : null)
    this.#members.set(key, value)
    return value
  }

  /** Notes how an argument is tested. */
  guard(value: Value, kind: Guard["kind"], node: AnyNode, text: string | null = null): void {
    const origin = originOf(value)
    if (origin?.startsWith("argument ")) this.facts.guard(origin.slice("argument ".length), { kind, node, text })
  }

  /** Notes that something which cannot be read gets these values. */
  opaque(values: readonly Value[], node: AnyNode): void {
    for (const value of values) {
      const origin = originOf(value)
      if (origin === null) continue
      this.facts.opaque = true
      if (isAboutCommand(value)) this.isSure = false
      this.guard(value, "opaque", node)
    }
    this.mayThrow()
  }
}

export function isAboutCommand(value: Value): boolean {
  const origin = originOf(value)
  return origin === "cmd" || origin === "part of cmd" || origin === "call"
}
