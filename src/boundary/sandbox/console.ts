/**
 * Sends what the isolation app prints, and its uncaught errors, to the Core's audit.
 *
 * Promises that a hook's failure is seen outside the browser, and that a page which makes the hook print floods nothing: at most 200
 * lines a second, of at most 2,000 characters. Stops P27.
 */
import type { LogLine } from "../wire/messages.ts"
import { safeToString } from "./safe-to-string.ts"

const LEVELS = ["debug", "info", "log", "warn", "error"] as const satisfies readonly LogLine[0][]

const LINE_CHARACTERS = 2000
/** A hook may print a line for each call, and calls come by the ten thousand. */
const LINES_PER_SECOND = 200

/** Forwards the console, which prints as before. Lines that are left out are counted. */
export function forwardConsole(forward: (line: LogLine) => void): void {
  let lines = 0
  const pass = (level: LogLine[0], text: string): void => {
    if (lines++ === 0) setTimeout(nextSecond, 1000)
    if (lines <= LINES_PER_SECOND) forward([level, text.slice(0, LINE_CHARACTERS)])
  }
  const nextSecond = (): void => {
    const left = lines - LINES_PER_SECOND
    lines = 0
    if (left > 0) pass("warn", `${left} lines left out`)
  }
  for (const level of LEVELS) {
    const print = console[level].bind(console)
    console[level] = (...values: unknown[]) => {
      print(...values)
      pass(level, values.map(describe).join(" "))
    }
  }
  addEventListener("error", (event) => pass("error", event.message))
  addEventListener("unhandledrejection", (event) => pass("error", `unhandled rejection: ${describe(event.reason)}`))
}

function describe(value: unknown): string {
  // JSON has nothing of an error; its text is its name and its message.
  return safeToString(() => (typeof value !== "object" || value instanceof Error ? value : JSON.stringify(value)))
}
