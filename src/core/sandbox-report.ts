import { ERRORS, type ErrorCode } from "../boundary/wire/errors.ts"
import type { HookState, LogLine, RefusedCall } from "../boundary/wire/messages.ts"
import { own } from "../boundary/wire/own.ts"
import { decided } from "./decisions.ts"

/** Messages of a sandbox besides calls: the state of its hook, the calls that it rejected, and lines of its console. */
export interface SandboxReport {
  readonly hook: HookState | null
  readonly refused: readonly RefusedCall[]
  readonly logs: readonly LogLine[]
}

const HOOK_STATES: readonly unknown[] = ["function", "null", "missing"] satisfies HookState[]
const LOG_LEVELS: readonly unknown[] = ["debug", "info", "log", "warn", "error"] satisfies LogLine[0][]

/**
 * Reads the report in the members of a payload.
 *
 * @throws TypeError if a part of it is invalid
 */
export function readReport(members: object): SandboxReport {
  return {
    hook: readHookState(own(members, "hook")),
    refused: list(own(members, "refused")).map(readRefused),
    logs: list(own(members, "logs")).map(readLog),
  }
}

/** Publishes a report for the audit, and logs what a person needs to know. */
export function publishReport(
  { hook, refused, logs }: SandboxReport,
  session: { readonly window: string; readonly session: string },
  log: (line: string) => void,
): void {
  if (hook !== null) decided({ kind: "hook", ...session, state: hook })
  if (hook === "missing") log("the isolation app set no window.__TAURI_ISOLATION_HOOK__: every call is refused")
  for (const [id, command, code, reason] of refused)
    decided({ kind: "call-refused", ...session, id, command, code, reason: reason || ERRORS[code as ErrorCode] })
  for (const [level, text] of logs) {
    decided({ kind: "isolation-log", ...session, level, text })
    log(`${level}: ${text}`)
  }
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new TypeError("the parts of a report are lists")
  return value
}

function readHookState(state: unknown): HookState | null {
  if (state === undefined) return null
  if (!HOOK_STATES.includes(state)) throw new TypeError('`hook` must be "function", "null" or "missing"')
  return state as HookState
}

/** A line that the sandbox could not read has no id, and is rejected all the same. */
function readRefused(tuple: unknown): RefusedCall {
  const [id, ...texts] = list(tuple)
  if ((typeof id !== "number" && id !== null) || texts.length !== 3 || !texts.every(isText))
    throw new TypeError("a rejection is an id, a command, a code and a reason")
  return tuple as RefusedCall
}

function readLog(tuple: unknown): LogLine {
  const [level, text, ...more] = list(tuple)
  if (!LOG_LEVELS.includes(level) || !isText(text) || more.length > 0)
    throw new TypeError("a line of the console is a level and a text")
  return tuple as LogLine
}

function isText(value: unknown): value is string {
  return typeof value === "string"
}
