import type { LogLine } from "../wire/messages.ts"
import { safeToString } from "./safe-to-string.ts"

const LEVELS = ["debug", "info", "log", "warn", "error"] as const satisfies readonly LogLine[0][]

/** Characters of a line that are kept. */
const LINE_CHARACTERS = 2000
/** Lines a second that are passed on; a hook may log each call, and calls come by the ten thousand. */
const LINES_PER_SECOND = 200

/**
 * Passes the isolation app's console on, besides printing as ever, and its uncaught errors with it. At most 200 lines a
 * second; what is left out is counted.
 */
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
  if (typeof value === "string") return value
  return safeToString(() => {
    // JSON has nothing of an error; its text is its name and its message.
    if (value instanceof Error) return value
    try {
      return JSON.stringify(value) ?? value
    } catch {
      return value
    }
  })
}
