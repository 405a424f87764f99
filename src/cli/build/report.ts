import { statSync } from "node:fs"
import { join } from "node:path"
import type { Build } from "../../isolation-app/build.ts"
import { IsolationAppError } from "../../isolation-app/isolation-app-error.ts"
import { shownPath } from "../shown-path.ts"
import type { Terminal } from "../terminal.ts"

export interface ReportOptions {
  readonly json: boolean
  /** What was found beside the build, for JSON: people have been told. */
  readonly warnings: readonly string[]
}

/** Says what came of a build: in a line for people, or in a line of JSON. */
export function reportBuild(result: Build | Error, { json, warnings }: ReportOptions, terminal: Terminal): void {
  const asJson = result instanceof Error ? errorAsJson(result) : buildAsJson(result)
  if (json) terminal.print(JSON.stringify({ ...asJson, warnings }))
  else if (result instanceof Error) terminal.say(inWords(result))
  else terminal.print(inOneLine(result, terminal))
}

function inOneLine({ source, dir, sources, lock, changed }: Build, terminal: Terminal): string {
  const bytes = statSync(join(dir, "index.html")).size.toLocaleString("en")
  const lockedBy = lock.signature === undefined ? "locked" : `locked and signed by ${lock.signature.publicKey}`
  const what = changed ? terminal.style("green", "built") : "as it was"
  return `${shownPath(dir)}: ${what}: ${sources.length} files of ${shownPath(source)} in ${bytes} bytes, ${lockedBy}`
}

const inWords = (error: Error): string =>
  error instanceof IsolationAppError ? error.message : `This should not have happened:\n${error.stack ?? error.message}`

function buildAsJson({ source, dir, sources, lock, changed }: Build): object {
  return { ok: true, source, dir, sources, files: lock.files, signedBy: lock.signature?.publicKey ?? null, changed }
}

export function errorAsJson(error: Error): object {
  if (!(error instanceof IsolationAppError)) return { ok: false, error: { code: null, message: error.message } }
  const { code, message, file, position } = error
  return { ok: false, error: { code, message, file, line: position?.line ?? null, column: position?.column ?? null } }
}
