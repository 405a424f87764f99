import { shownPath } from "../shown-path.ts"
import type { Terminal } from "../terminal.ts"
import type { FileChange, InitResult } from "./init-project.ts"

export interface ReportOptions {
  readonly json: boolean
  readonly dryRun: boolean
}

/** Says what `init` did to a project, and what is to be done next. */
export function reportInit(
  { project, changes, commands }: InitResult,
  { json, dryRun }: ReportOptions,
  terminal: Terminal,
): void {
  if (json) return terminal.print(JSON.stringify({ config: project.config, target: project.target, changes, commands }))
  if (changes.length === 0)
    return terminal.print(`${shownPath(project.config)}: all is there already; nothing was changed`)
  printChanges(changes, dryRun, terminal)
  if (commands === null || dryRun) return
  const found =
    commands.length === 0
      ? "No command was found in the sources."
      : `Found ${commands.length} commands; the hook lists them, each behind a comment.`
  terminal.say(
    `\n${found} Until it allows one, every call is refused.\nNext: allow what your app needs in src-isolation, then sallyport check and sallyport test.`,
  )
}

/** Says what a new app consists of, and how to start it. */
export function reportNewApp(
  { dir, changes }: { readonly dir: string; readonly changes: readonly FileChange[] },
  { json, dryRun }: ReportOptions,
  terminal: Terminal,
): void {
  if (json) return terminal.print(JSON.stringify({ dir, changes }))
  printChanges(changes, dryRun, terminal)
  if (!dryRun) terminal.say(`\nNext: cd ${shownPath(dir)} && npm install && npm start`)
}

function printChanges(changes: readonly FileChange[], dryRun: boolean, terminal: Terminal): void {
  for (const { file, change, what } of changes) {
    const verb = dryRun ? { made: "would make", changed: "would change" }[change] : change
    terminal.print(`${terminal.style("green", verb)} ${shownPath(file)}: ${what}`)
  }
}
