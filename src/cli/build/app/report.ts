import { statSync } from "node:fs"
import { join } from "node:path"
import { PROGRAM } from "../../../built-app.ts"
import { IsolationAppError } from "../../../isolation-app/isolation-app-error.ts"
import { shownPath } from "../../shown-path.ts"
import type { Terminal } from "../../terminal.ts"
import { errorAsJson, type ReportOptions } from "../report.ts"
import type { AppBuildError } from "./app-build-error.ts"
import type { AppBuild } from "./build-app.ts"

/** Says what came of building an app: in lines for people, or in a line of JSON. */
export function reportAppBuild(
  result: AppBuild | AppBuildError | IsolationAppError,
  { json, warnings }: ReportOptions,
  terminal: Terminal,
): void {
  if (result instanceof Error) {
    if (!json) return terminal.say(result.message)
    const asJson =
      result instanceof IsolationAppError
        ? errorAsJson(result)
        : { ok: false, error: { code: result.code, message: result.message } }
    return terminal.print(JSON.stringify({ ...asJson, warnings }))
  }
  if (json) return terminal.print(JSON.stringify({ ok: true, ...result, warnings }))
  const { folder, executable, files, signedBy } = result
  const program = join(folder, PROGRAM)
  const built = terminal.style("green", "built")
  const signed = signedBy === null ? "" : `, its isolation app signed by ${signedBy}`
  terminal.print(
    `${shownPath(folder)}: ${built}: ${files.length} files${signed}; runs with: node ${shownPath(program)}`,
  )
  if (executable !== null)
    terminal.print(`${shownPath(executable)}: ${built}: ${megabytes(executable)} MB, runs by itself`)
}

const megabytes = (file: string): number => Math.ceil(statSync(file).size / 1e6)
