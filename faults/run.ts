/** Breaks what an app stands on, and looks at what was promised: `npm run faults -- --help`. */
import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { BROWSERS, type BrowserName, browserName } from "../e2e/drivers/driver.ts"
import { FAULTS } from "./catalogue/index.ts"
import type { Fault, Promised } from "./fault.ts"
import { report } from "./report.ts"
import { runControl, runFault, type Verdict } from "./run-fault.ts"

const HELP = `Breaks what a real app stands on, and looks at what was promised: each promise settles once, nothing is run twice,
nothing is left, the app goes on or says why not. docs/faults.md says what happens in each.

  npm run faults                           all of them, in Chromium, Firefox and WebKitGTK: about a quarter of an hour
  npm run faults -- --only core-killed     one fault, or those whose names hold a text
  npm run faults -- --browser firefox      one browser, or several
  npm run -s faults -- --json              one JSON object on standard output

  --browser NAME   chromium, firefox or webkit (default: all three); faults that need none are always there
  --only TEXT      the beginning of an id, or a part of a name
  --quick          as npm test runs them: seconds for minutes, and not in every browser
  --controls       breaks the code instead, once for each promise, and sees it reported
  --list           what there is, without running it
  --json           counts: faults (runs), survived, lost, doubled, leaked, browsers
  --write          writes docs/faults.md after a whole run in which all were survived
  --help           this text

Ends with 0 when all are survived (with --controls: when all are reported), 1 otherwise, 2 when it could not run.
`

const DOCUMENT = fileURLToPath(new URL("../docs/faults.md", import.meta.url))

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      browser: { type: "string", multiple: true, default: [...BROWSERS] },
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      controls: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const browsers = values.browser.map(browserName)
  const { only, quick, write } = values
  if (write && (quick || only !== undefined || browsers.length < BROWSERS.length))
    throw new Error("--write needs a run of everything: leave out --quick, --only and --browser")
  const faults = FAULTS.filter(({ id, name }) => only === undefined || id.startsWith(only) || name.includes(only))
  if (faults.length === 0) throw new Error(`no fault's id begins with "${only}", nor does a name hold it: see --list`)
  if (values.list) {
    for (const { id, name } of faults) console.log(`${id}\t${name}`)
    return 0
  }
  if (values.controls) return controls(faults)

  const verdicts: Verdict[] = []
  for (const fault of faults)
    for (const browser of wanted(fault, browsers, quick)) {
      const verdict = await runFault(fault, browser, { isQuick: quick })
      verdicts.push(verdict)
      console.error(line(verdict))
    }
  const counts = {
    faults: verdicts.length,
    survived: verdicts.filter(isSurvived).length,
    lost: sum(verdicts, "lost"),
    doubled: sum(verdicts, "doubled"),
    leaked: sum(verdicts, "leaked"),
  }
  if (values.json) console.log(JSON.stringify({ ...counts, browsers }))
  else
    console.log(
      `\n${counts.faults} faults, ${counts.survived} survived: ${counts.lost} promises lost, ` +
        `${counts.doubled} calls run twice, ${counts.leaked} things left`,
    )
  if (counts.survived < counts.faults) return 1
  if (write) await writeFile(DOCUMENT, report(FAULTS))
  return 0
}

async function controls(faults: readonly Fault[]): Promise<number> {
  let failed = 0
  for (const fault of faults)
    for (const control of fault.controls) {
      const { isReported, verdict } = await runControl(fault, control)
      if (!isReported) failed++
      const what = `${fault.id}: without ${control.change.off}`
      console.error(
        isReported ? `✓ ${what}: ${control.breaks} is reported` : `✗ ${what}: ${control.breaks} is NOT reported`,
      )
      if (!isReported) console.error(details(verdict))
    }
  console.log(`\n${failed} controls failed`)
  return failed === 0 ? 0 : 1
}

/** In which browsers a fault happens in this run; `null`: without one. */
function wanted(fault: Fault, browsers: readonly BrowserName[], isQuick: boolean): readonly (BrowserName | null)[] {
  if (fault.browsers.length === 0) return [null]
  return fault.browsers.filter((name) => browsers.includes(name) && !(isQuick && fault.leftOutOfTests?.includes(name)))
}

function isSurvived({ findings, problem }: Verdict): boolean {
  return findings.length === 0 && problem === null
}

function sum(verdicts: readonly Verdict[], what: Promised): number {
  return verdicts
    .flatMap(({ findings }) => findings)
    .filter((finding) => finding.what === what)
    .reduce((total, { count }) => total + count, 0)
}

function line(verdict: Verdict): string {
  const { fault, browser } = verdict
  const what = `${fault.id}: ${fault.name}${browser === null ? "" : ` (${browser})`}`
  return isSurvived(verdict) ? `✓ ${what}` : `✗ ${what}\n${details(verdict)}`
}

function details({ findings, problem }: Verdict): string {
  const lines = findings.map(({ what, words }) => `${what}: ${words}`)
  if (problem !== null) lines.push(`could not be judged: ${problem}`)
  return lines.join("\n").replace(/^/gm, "    ")
}
