import { inspectIsolationApp } from "../../isolation-app/inspect.ts"
import { toScript } from "../../isolation-app/to-script.ts"

/** A script of an isolation app, in the order in which a browser runs them. */
export interface HookScript {
  /** Absolute path: of the script, or of the page that holds it. */
  readonly file: string
  readonly text: string
  /** Lines of the file before the text, and columns before its first line. */
  readonly lineOffset: number
  readonly columnOffset: number
}

/**
 * The scripts that the frame will run, each with the file it came from: positions in errors and coverage are its own.
 *
 * @param dir an isolation app, or the source of one: TypeScript is without its types
 * @throws IsolationAppError
 */
export async function hookScripts(dir: string): Promise<HookScript[]> {
  const fail = (error: Error): never => {
    throw error
  }
  const inspection = await inspectIsolationApp(dir, fail, { toScript })
  return (inspection?.scripts ?? []).map(({ file, text, start }) => ({
    file,
    text,
    lineOffset: start.line - 1,
    columnOffset: start.column - 1,
  }))
}
