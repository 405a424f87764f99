import { shownPath } from "../shown-path.ts"
import type { Terminal } from "../terminal.ts"
import { asRanges, type FileCoverage } from "./coverage.ts"
import { type FuzzCell, type FuzzReport, findings } from "./fuzz.ts"
import { FUZZ_CLASSES } from "./fuzz-classes.ts"
import { shown } from "./judge.ts"
import type { CaseResult } from "./run-cases.ts"

/** Everything that a run of `sallyport test` found out. */
export interface TestReport {
  readonly results: readonly CaseResult[]
  /** By test file; `null` when nobody asked. */
  readonly fuzzed: readonly FuzzReport[] | null
  readonly coverage: readonly FileCoverage[] | null
  readonly seconds: number
}

/** Whether there is something to mend. */
export function hasFindings({ results, fuzzed }: TestReport): boolean {
  return results.some(({ problem }) => problem !== null) || (fuzzed ?? []).some((report) => findings(report) > 0)
}

/** Prints a run for a person. */
export function printReport(report: TestReport, cwd: string, terminal: Terminal): void {
  const { results, fuzzed, coverage, seconds } = report
  const failed = results.filter(({ problem }) => problem !== null)
  for (const { case: testCase, problem } of results) {
    if (problem === null) terminal.print(`${terminal.style("green", "✓")} ${testCase.name}`)
    else terminal.print(`${terminal.style("red", "✗")} ${testCase.name}\n    ${problem}\n    ${sent(testCase.call)}`)
  }
  for (const one of fuzzed ?? []) printFuzz(one, terminal)
  if (coverage !== null) printCoverage(coverage, cwd, terminal)
  const summary = `${results.length - failed.length} passed, ${failed.length} failed (${seconds.toFixed(1)} s)`
  terminal.print(`\n${terminal.style(hasFindings(report) ? "red" : "green", summary)}`)
}

const sent = ({ cmd, payload }: { cmd: string; payload: unknown }): string => `invoke("${cmd}", ${shown(payload)})`

/** Command × class: how many of the hostile calls passed. */
function printFuzz(report: FuzzReport, terminal: Terminal): void {
  const { rows, unknownPassed, withoutGoodCall } = report
  terminal.print(
    `\n${terminal.style("bold", "Hostile arguments that the hook lets through, of those tried")} (+ accepted, ~ changed by the hook)`,
  )
  const width = Math.max(8, ...rows.map(({ command }) => command.length)) + 2
  const column = (name: string): number => Math.max(name.length, 6) + 2
  terminal.print(["command".padEnd(width), ...FUZZ_CLASSES.map((name) => name.padEnd(column(name)))].join("").trimEnd())
  for (const { command, cells } of rows) {
    const texts = cells.map((cell) => {
      const text = cellText(cell).padEnd(column(cell.class))
      return cell.passed.length > 0 ? terminal.style("red", text) : text
    })
    terminal.print([command.padEnd(width), ...texts].join("").trimEnd())
  }
  for (const { command, cells } of rows)
    for (const { class: name, passed } of cells) {
      const [first] = passed
      if (first === undefined) continue
      terminal.print(`${terminal.style("red", "✗")} ${command}, ${name} in ${first.place}: ${sent(first.call)}`)
    }
  for (const command of unknownPassed)
    terminal.print(`${terminal.style("red", "✗")} a command that no case names passes: invoke("${command}")`)
  if (withoutGoodCall.length > 0)
    terminal.say(`Not fuzzed, for want of a case that passes: ${withoutGoodCall.join(", ")}`)
  if (findings(report) > 0)
    terminal.say(
      'What may pass is said in the test file: { "cases": […], "fuzz": { "accept": { "search": ["type"] } } }',
    )
}

/** `2/8`: passed, of those tried; `+3`: passed as accepted; `~1`: passed, but changed by the hook. */
function cellText({ tried, passed, accepted, changed }: FuzzCell): string {
  if (tried === 0) return "–"
  const parts = [
    ...(passed.length === 0 ? [] : [`${passed.length}/${tried}`]),
    ...(accepted === 0 ? [] : [`+${accepted}`]),
    ...(changed === 0 ? [] : [`~${changed}`]),
  ]
  return parts.length === 0 ? "·" : parts.join(" ")
}

function printCoverage(coverage: readonly FileCoverage[], cwd: string, terminal: Terminal): void {
  terminal.print(`\n${terminal.style("bold", "Coverage")}`)
  for (const { file, lines, branches, missed } of coverage) {
    const never = missed.length === 0 ? "" : `; never ran: ${asRanges(missed)}`
    terminal.print(`${shownPath(file, cwd)}: ${percent(lines)} of lines, ${percent(branches)} of branches${never}`)
  }
}

function percent({ total, covered }: { total: number; covered: number }): string {
  return total === 0 ? "100 %" : `${Math.floor((100 * covered) / total)} % (${covered}/${total})`
}

/** A run for machines. */
export function jsonReport({ results, fuzzed, coverage, seconds }: TestReport): object {
  const failed = results.filter(({ problem }) => problem !== null).length
  return {
    passed: results.length - failed,
    failed,
    seconds,
    cases: results.map(({ file, case: { name }, answer, problem }) => ({ file, name, answer, problem })),
    ...(fuzzed === null
      ? {}
      : {
          fuzz: fuzzed.map(({ rows, unknownPassed, withoutGoodCall }) => ({
            unknown_passed: unknownPassed,
            without_good_call: withoutGoodCall,
            commands: Object.fromEntries(
              rows.map(({ command, cells }) => [
                command,
                Object.fromEntries(
                  cells.map(({ class: name, tried, passed, changed, accepted }) => [
                    name,
                    { tried, passed: passed.length, changed, accepted, calls: passed.map(({ call }) => call.payload) },
                  ]),
                ),
              ]),
            ),
          })),
        }),
    ...(coverage === null ? {} : { coverage }),
  }
}
