import { type ChainReport, verifyAuditLog } from "../../core/audit-chain.ts"
import { olderFiles } from "../../core/audit-file-names.ts"
import type { ExitStatus } from "../command-line.ts"
import { CommandError } from "../run-command.ts"
import type { Terminal } from "../terminal.ts"

/** Problems that people read; all are in the JSON. */
const SHOWN = 50

/** Checks a log and reports. @throws CommandError when a file cannot be read */
export async function verify(
  given: readonly string[],
  expected: readonly string[],
  asJson: boolean,
  terminal: Terminal,
): Promise<ExitStatus> {
  const [only = ""] = given
  const report = await readAs(given.length === 1 ? [...older(only), only] : given, expected)
  const isIntact = report.problems.length === 0
  if (asJson) terminal.print(JSON.stringify({ ok: isIntact, ...report }))
  else print(report, terminal)
  return isIntact ? 0 : 1
}

function older(file: string): string[] {
  try {
    return olderFiles(file).map(({ path }) => path)
  } catch {
    // That there is no such folder the file itself says better.
    return []
  }
}

async function readAs(
  files: readonly string[],
  expected: readonly string[],
): Promise<ChainReport & { files: readonly string[] }> {
  try {
    return { files, ...(await verifyAuditLog(files, expected)) }
  } catch (error) {
    const { code, message, path } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new CommandError(code === "ENOENT" ? `${path}: there is no such file` : `the log cannot be read: ${message}`)
  }
}

function print(
  { files, entries, last, problems, notes }: ChainReport & { files: readonly string[] },
  terminal: Terminal,
): void {
  for (const { file, line, column, message } of problems.slice(0, SHOWN)) {
    const place = file === null ? "" : `${terminal.style("bold", `${file}:${line}:${column}`)}: `
    terminal.print(`${place}${message}`)
  }
  if (problems.length > SHOWN) terminal.print(`… and ${problems.length - SHOWN} more: --json lists them`)
  for (const note of notes) terminal.print(terminal.style("dim", `note: ${note}`))
  const count = `${counted(entries, "entry", "entries")} in ${counted(files.length, "file", "files")}`
  if (problems.length > 0)
    terminal.print(terminal.style("red", `✗ ${counted(problems.length, "problem", "problems")}, ${count}`))
  else terminal.print(`${terminal.style("green", "✓")} ${count}, each linked to the one before`)
  if (last !== null) terminal.print(`  the last: entry ${last.entry}, sha256 ${last.hash}`)
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`
}
