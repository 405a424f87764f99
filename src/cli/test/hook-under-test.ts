import type { Limits } from "../../boundary/wire/limits.ts"

/** A call as `invoke()` makes it. */
export interface TestCall {
  readonly cmd: string
  /** The arguments: what JSON can hold, or bytes for a raw argument. */
  readonly payload: unknown
  readonly headers: Readonly<Record<string, string>> | null
}

/** What became of a call behind the hook, read from what the sandbox sealed. */
export type Answer =
  | { readonly passed: true; readonly cmd: string; readonly payload: unknown }
  /** `code` as of an `IsolationError`. */
  | { readonly passed: false; readonly code: string; readonly message: string }

/** An isolation app that runs and can be asked, one call at a time. */
export interface HookUnderTest {
  /** @param window label of the window that calls; each has a session of its own, and with it the hook's state */
  ask(call: TestCall, window: string): Promise<Answer>
  close(): Promise<void>
}

export interface HookOptions {
  readonly limits: Limits
  /** Takes the lines of the isolation app's console. */
  readonly log: (line: string) => void
}
