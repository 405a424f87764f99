import type { HookState } from "../wire/messages.ts"
import { HookRejection } from "./hook-rejection.ts"
import { safeToString } from "./safe-to-string.ts"

/** Second parameter of a hook. */
export interface HookContext {
  /** Label of the window that calls. */
  readonly window: string
}

type ThenMethod = PromiseLike<unknown>["then"]
type HookFunction = (payload: object, context: HookContext) => unknown

declare global {
  interface Window {
    __TAURI_ISOLATION_HOOK__?: HookFunction | null
  }
}

/** What the isolation app has set by now. */
export function hookState(): HookState {
  const hook = currentHook()
  if (hook === null) return "null"
  return typeof hook === "function" ? "function" : "missing"
}

/** The window's own: a `null` on `Object.prototype` must not mean "no hook, on purpose". */
function currentHook(): HookFunction | null | undefined {
  return Object.hasOwn(window, "__TAURI_ISOLATION_HOOK__") ? window.__TAURI_ISOLATION_HOOK__ : undefined
}

/** Who hears what came of a run of the hook: exactly one of the two, once. An object, where two functions would be made for each call. */
export interface HookOutcome {
  /** Told before `run` returns, when the hook is synchronous. */
  passed(result: unknown): void
  refused(reason: HookRejection): void
}

/** Runs the isolation app's hook and makes sure that each run ends, once, in time. */
export class HookRunner {
  readonly #context: HookContext
  readonly #timeoutMs: number
  /** When the run before ended, or the batch began: a synchronous run begins then, and each asks the clock only once. */
  #then = 0
  /** When the clock was last looked at, by the other clock. */
  #wallMs = 0

  constructor(label: string, timeoutMs: number) {
    this.#context = Object.freeze({ window: label })
    this.#timeoutMs = timeoutMs
    this.#look()
  }

  /** To be called before a batch is run. */
  begin(): void {
    this.#look()
  }

  /** Looks at the clock, but not twice in the same millisecond: that is told in a quarter of the time. */
  #look(): void {
    const wallMs = Date.now()
    if (wallMs !== this.#wallMs) this.#then = performance.now()
    this.#wallMs = wallMs
  }

  run(payload: object, outcome: HookOutcome): void {
    const hook = currentHook()
    if (hook === null) return outcome.passed(payload)
    if (typeof hook !== "function") return outcome.refused(new HookRejection("HOOK_MISSING"))
    const deadline = this.#then + this.#timeoutMs
    let result: unknown
    let failure: HookRejection | null = null
    let then: ThenMethod | null = null
    try {
      result = hook(payload, this.#context)
      // The view itself is no promise, whatever its arguments are called.
      if (result !== payload) then = thenOf(result)
    } catch (error) {
      failure = refusedBy(error)
    }
    // Asks the clock: a hook that blocked the thread past its time is done before any timer gets its turn.
    this.#look()
    if (then === null && this.#then > deadline) failure = new HookRejection("HOOK_TIMEOUT")
    if (failure !== null) return outcome.refused(failure)
    if (then === null) return outcome.passed(result)
    this.#await(result, then, deadline, outcome)
  }

  /** Apart, because what its functions share would be set aside for every run. */
  #await(result: unknown, then: ThenMethod, deadline: number, outcome: HookOutcome): void {
    let isWaiting = true
    const settle = (report: () => void): void => {
      if (!isWaiting) return
      isWaiting = false
      clearTimeout(timer)
      if (performance.now() > deadline) outcome.refused(new HookRejection("HOOK_TIMEOUT"))
      else report()
    }
    const timer = setTimeout(() => settle(() => outcome.refused(new HookRejection("HOOK_TIMEOUT"))), this.#timeoutMs)
    // In a promise of our own: a foreign thenable may call back twice, or at once.
    new Promise((resolve, reject) => void Reflect.apply(then, result, [resolve, reject])).then(
      (value) => settle(() => outcome.passed(value)),
      (error: unknown) => settle(() => outcome.refused(refusedBy(error))),
    )
  }
}

function refusedBy(error: unknown): HookRejection {
  return new HookRejection(
    "HOOK_REFUSED",
    safeToString(() => (error instanceof Error ? error.message : error)),
  )
}

/** The `then` of a promise, or of what is like one. A getter of the object's own is an argument: it is asked when that is read. */
function thenOf(value: unknown): ThenMethod | null {
  if (typeof value !== "object" || value === null) return null
  const own = Object.getOwnPropertyDescriptor(value, "then")
  const then: unknown = own === undefined ? (value as { then?: unknown }).then : own.value
  return typeof then === "function" ? (then as ThenMethod) : null
}
