/**
 * Runs the isolation app's hook.
 *
 * Promises that each run ends once, in time: with what the hook returned or with a rejection. Only a hook that never gives its thread back
 * ends no run: then the page ends the session (docs/protocol.md, "Who does what on a violation"). Stops P20 (arguments that make a hook
 * slow) and P31 (a `null` hook on a polluted prototype, which would mean "no hook, on purpose").
 */

import { Rejection } from "../wire/errors.ts"
import type { HookState } from "../wire/messages.ts"
import { isObject } from "./hook-payload.ts"
import { safeToString } from "./safe-to-string.ts"

type ThenMethod = PromiseLike<unknown>["then"]
/** `window` is the label of the window that calls. */
type HookFunction = (payload: object, context: { readonly window: string }) => unknown

declare global {
  interface Window {
    __TAURI_ISOLATION_HOOK__?: HookFunction | null
  }
}

/** Returns what the isolation app has set by now. */
export function hookState(): HookState {
  const hook = currentHook()
  return hook === null ? "null" : typeof hook === "function" ? "function" : "missing"
}

/** Returns the window's own hook, never one from a prototype. */
function currentHook(): HookFunction | null | undefined {
  return Object.hasOwn(window, "__TAURI_ISOLATION_HOOK__") ? window.__TAURI_ISOLATION_HOOK__ : undefined
}

/**
 * Runs the hook with its payload. Calls exactly one of `passed` and `rejected`, once; before it returns if the hook is synchronous. Neither
 * may throw.
 */
export function runHook(
  payload: object,
  label: string,
  timeoutMs: number,
  passed: (result: unknown) => void,
  rejected: (rejection: Rejection) => void,
): void {
  const hook = currentHook()
  if (hook === null) return passed(payload)
  if (typeof hook !== "function") return rejected(new Rejection("HOOK_MISSING"))
  const deadline = performance.now() + timeoutMs
  let timer: ReturnType<typeof setTimeout> | undefined
  let isSettled = false
  const settle = (report: () => void): void => {
    if (isSettled) return
    isSettled = true
    clearTimeout(timer)
    // Asks the clock, because a hook that blocks the thread past its time is done before any timer fires.
    if (performance.now() > deadline) rejected(new Rejection("HOOK_TIMEOUT"))
    else report()
  }
  const fail = (error: unknown): void => {
    const message = safeToString(() => (error instanceof Error ? error.message : error))
    settle(() => rejected(new Rejection("HOOK_REFUSED", message)))
  }
  try {
    const result = hook(payload, Object.freeze({ window: label }))
    // The payload itself is no promise, whatever its arguments are called.
    const then = result === payload ? null : thenOf(result)
    if (then === null) return settle(() => passed(result))
    timer = setTimeout(() => settle(() => rejected(new Rejection("HOOK_TIMEOUT"))), timeoutMs)
    // In a promise of our own: a foreign thenable may call back twice, or at once.
    new Promise((resolve, reject) => void Reflect.apply(then, result, [resolve, reject])).then(
      (value) => settle(() => passed(value)),
      fail,
    )
  } catch (error) {
    fail(error)
  }
}

/** Returns the `then` of a promise, or of what is like one. A getter of the object's own is an argument: it is asked when that is read. */
function thenOf(value: unknown): ThenMethod | null {
  if (!isObject(value)) return null
  const own = Object.getOwnPropertyDescriptor(value, "then")
  const then: unknown = own === undefined ? (value as { then?: unknown }).then : own.value
  return typeof then === "function" ? (then as ThenMethod) : null
}
