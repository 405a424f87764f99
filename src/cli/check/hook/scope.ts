import type { Value } from "./values.ts"

/** The names that a block or function sees. */
export class Scope {
  readonly parent: Scope | null
  readonly #isFunction: boolean
  readonly #names = new Map<string, Value>()

  constructor(parent: Scope | null, isFunction = false) {
    this.parent = parent
    this.#isFunction = isFunction
  }

  /** @param hoisted `var`: it belongs to the function around */
  declare(name: string, value: Value, hoisted = false): void {
    if (hoisted && !this.#isFunction && this.parent !== null) this.parent.declare(name, value, true)
    else this.#names.set(name, value)
  }

  get(name: string): Value | undefined {
    return this.#names.get(name) ?? this.parent?.get(name)
  }

  /** Whether there was such a name to assign to. */
  assign(name: string, value: Value): boolean {
    if (!this.#names.has(name)) return this.parent?.assign(name, value) ?? false
    this.#names.set(name, value)
    return true
  }
}
