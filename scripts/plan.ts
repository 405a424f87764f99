import { listTests } from "./inventory/list-tests.ts"
import type { Selection } from "./selection.ts"
import type { Suite } from "./suites.ts"

/** What the default run does not run of a suite. */
export interface LeftOut {
  readonly tests: number
  readonly reason: string
}

/** What a run with a selection runs. */
export interface Plan {
  /** With the checks and files that the selection includes; suites without any are missing. */
  readonly suites: readonly Suite[]
  /** By suite. */
  readonly leftOut: Readonly<Record<string, LeftOut>>
}

/** Titles by file. */
type Titles = Readonly<Record<string, readonly string[]>>

/** Plans a run of suites. Files that leave out tests by default are imported in processes of their own, to list their tests. */
export async function plan(suites: readonly Suite[], selection: Selection): Promise<Plan> {
  const files = suites.flatMap(({ files = [], leftOut }) => (leftOut === undefined ? [] : files))
  const [byDefault, leftOut] = await Promise.all([listTests(files, "default"), listTests(files, "left-out")])
  return planWith(suites, selection, byDefault, leftOut)
}

/** Plans a run of suites from the titles of those files that leave out tests by default. */
export function planWith(suites: readonly Suite[], selection: Selection, byDefault: Titles, leftOut: Titles): Plan {
  const count = (titles: readonly string[] | undefined): number => titles?.length ?? 0
  const isSelected = (file: string): boolean => {
    // A file without any test is a failure of the default run.
    const isLeftOut = count(leftOut[file]) > 0
    return (
      (selection !== "default" && isLeftOut) || (selection !== "left-out" && (!isLeftOut || count(byDefault[file]) > 0))
    )
  }
  return {
    suites: suites
      .map((suite) => ({
        ...suite,
        checks: selection === "left-out" ? [] : (suite.checks ?? []),
        files: (suite.files ?? []).filter(isSelected),
      }))
      .filter(({ checks, files }) => checks.length + files.length > 0),
    leftOut: Object.fromEntries(
      suites.flatMap(({ name, files = [], leftOut: reason }) => {
        const tests = files.reduce((sum, file) => sum + count(leftOut[file]), 0)
        return reason === undefined ? [] : [[name, { tests, reason }]]
      }),
    ),
  }
}

/** Says what the default run leaves out: each suite after `--all`, and otherwise how many tests. */
export function leftOutLines(leftOut: Plan["leftOut"], selection: Selection): readonly string[] {
  const all = Object.entries(leftOut).filter(([, { tests }]) => tests > 0)
  const count = all.reduce((sum, [, { tests }]) => sum + tests, 0)
  if (count === 0 || selection === "left-out") return []
  if (selection === "default") return [`\nLeft out: ${count} tests that npm test -- --all runs, too.`]
  const width = Math.max(...all.map(([name]) => name.length))
  return [
    `\nThe default run leaves out ${count} of these tests:`,
    ...[...new Set(all.map(([, { reason }]) => reason))].flatMap((reason) => [
      ...all
        .filter(([, other]) => other.reason === reason)
        .map(([name, { tests }]) => `  ${name.padEnd(width)}  ${tests}`),
      `    ${reason}`,
    ]),
  ]
}
