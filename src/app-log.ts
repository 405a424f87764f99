import { inspect } from "node:util"

/** Takes what a person should read. */
export type Log = (line: string) => void

/**
 * The app author's `log`, made safe: pages have a say in what is logged and when, so that nothing it throws, and nothing
 * that its promise rejects with, may end the Core. The line is then printed instead, with what went wrong.
 */
export function appLog(log: ((line: string) => unknown) | undefined): Log {
  if (log === undefined) return (line) => console.error(line)
  const failed = (line: string, error: unknown): void =>
    console.error(`${line}\n(the app's own log failed: ${error instanceof Error ? error.message : inspect(error)})`)
  return (line) => {
    try {
      // An async function is one that returns nothing, to TypeScript.
      Promise.resolve(log(line)).catch((error: unknown) => failed(line, error))
    } catch (error) {
      failed(line, error)
    }
  }
}
