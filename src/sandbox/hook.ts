import type { HookState } from "../protocol/messages.ts"
import { Deadlines } from "./deadlines.ts"
import { Refusal } from "./refusal.ts"

/** Second parameter of a hook. */
export interface HookContext {
  /** Label of the window that calls. */
  readonly window: string
}

type HookFunction = (payload: object, context: HookContext) => unknown

declare global {
  interface Window {
    __TAURI_ISOLATION_HOOK__?: HookFunction | null
  }
}

/** What the isolation app has set by now. */
export function hookState(): HookState {
  const hook = window.__TAURI_ISOLATION_HOOK__
  if (hook === null) return "null"
  return typeof hook === "function" ? "function" : "missing"
}

/** Runs the isolation app's hook and makes sure that each run ends, once, in time. */
export class HookRunner {
  readonly #context: HookContext
  readonly #timeoutMs: number
  readonly #deadlines: Deadlines

  constructor(label: string, timeoutMs: number) {
    this.#context = Object.freeze({ window: label })
    this.#timeoutMs = timeoutMs
    this.#deadlines = new Deadlines(timeoutMs)
  }

  /** Calls exactly one of `passed` (before returning, when the hook is synchronous) and `refused`. */
  run(payload: object, passed: (result: unknown) => void, refused: (reason: Refusal) => void): void {
    const hook = window.__TAURI_ISOLATION_HOOK__
    if (hook === null) return passed(payload)
    if (typeof hook !== "function") return refused(new Refusal("HOOK_MISSING"))
    const started = performance.now()
    let result: unknown
    try {
      result = hook(payload, this.#context)
      if (isThenable(result)) return this.#wait(result, started, passed, refused)
    } catch (error) {
      return refused(this.#isLate(started) ? this.#timedOut() : refusedBy(error))
    }
    if (this.#isLate(started)) refused(this.#timedOut())
    else passed(result)
  }

  #wait(
    promise: PromiseLike<unknown>,
    started: number,
    passed: (result: unknown) => void,
    refused: (reason: Refusal) => void,
  ): void {
    const stillWaiting = this.#deadlines.add(() => refused(this.#timedOut()))
    const settle = (report: () => void): void => {
      if (!stillWaiting()) return
      // A hook that blocked the thread past its time settles before the timer gets its turn.
      if (this.#isLate(started)) refused(this.#timedOut())
      else report()
    }
    // `Promise.resolve` first: a foreign thenable may call back twice, or at once.
    Promise.resolve(promise).then(
      (result) => settle(() => passed(result)),
      (error: unknown) => settle(() => refused(refusedBy(error))),
    )
  }

  #isLate(started: number): boolean {
    return performance.now() - started > this.#timeoutMs
  }

  #timedOut(): Refusal {
    return new Refusal("HOOK_TIMEOUT", `the isolation hook took longer than ${this.#timeoutMs} ms`)
  }
}

function refusedBy(error: unknown): Refusal {
  return new Refusal("HOOK_REFUSED", error instanceof Error ? error.message : String(error))
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
}
