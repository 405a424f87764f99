/** Breaks what an app stands on, and looks at what was promised: `npm run faults -- --help`. */
import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { BROWSER_FLAG, wantedBrowsers } from "../e2e/drivers/browser-flag.ts"
import { BROWSERS, type BrowserName } from "../e2e/drivers/driver.ts"
import { defineCommand, type ExitStatus, UsageError } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import type { Terminal } from "../src/cli/terminal.ts"
import { FAULTS } from "./catalogue/index.ts"
import type { Fault, Promised } from "./fault.ts"
import { report } from "./report.ts"
import { runControl, runFault, type Verdict } from "./run-fault.ts"

const DOCUMENT = fileURLToPath(new URL("../docs/faults.md", import.meta.url))

const FAULTS_RUN = defineCommand({
  name: "",
  summary:
    "Breaks what a real app stands on, and looks at what was promised: each promise settles once, nothing is run twice, " +
    "nothing is left, the app goes on or says why not. docs/faults.md says what happens in each.",
  examples: [
    ["", "all of them, in Chromium, Firefox and WebKitGTK: about a quarter of an hour"],
    ["--only core-killed", "one fault, or those whose names hold a text"],
    ["--browser firefox", "one browser, or several; faults that need none are always there"],
  ],
  flags: {
    browser: BROWSER_FLAG,
    only: { type: "string", value: "TEXT", help: "the beginning of an id, or a part of a name" },
    quick: { type: "boolean", help: "as npm test runs them: seconds for minutes, and not in every browser" },
    controls: { type: "boolean", help: "breaks the code instead, once for each promise, and sees it reported" },
    list: { type: "boolean", help: "what there is, without running it" },
    json: {
      type: "boolean",
      help: "one JSON object on standard output (npm run -s): faults (runs), survived, lost, doubled, leaked, browsers",
    },
    write: { type: "boolean", help: "writes docs/faults.md after a whole run in which all were survived" },
  },
  exit: "Exit status: 0 all are survived (with --controls: all are reported), 1 one is not, 2 it could not run.",
  async run({ flags, terminal }) {
    const browsers = wantedBrowsers(flags.browser)
    const { only, quick, write } = flags
    if (write && (quick || only !== undefined || browsers.length < BROWSERS.length))
      throw new UsageError("--write needs a run of everything: leave out --quick, --only and --browser")
    const faults = FAULTS.filter(({ id, name }) => only === undefined || id.startsWith(only) || name.includes(only))
    if (faults.length === 0)
      throw new UsageError(`no fault's id begins with "${only}", nor does a name hold it: see --list`)
    if (flags.list) {
      for (const { id, name } of faults) terminal.print(`${id}\t${name}`)
      return 0
    }
    if (flags.controls) return controls(faults, terminal)

    const verdicts = await happen(faults, browsers, quick, terminal)
    const counts = {
      faults: verdicts.length,
      survived: verdicts.filter(isSurvived).length,
      lost: sum(verdicts, "lost"),
      doubled: sum(verdicts, "doubled"),
      leaked: sum(verdicts, "leaked"),
    }
    if (flags.json) terminal.print(JSON.stringify({ ...counts, browsers }))
    else
      terminal.print(
        `\n${counts.faults} faults, ${counts.survived} survived: ${counts.lost} promises lost, ` +
          `${counts.doubled} calls run twice, ${counts.leaked} things left`,
      )
    if (counts.survived < counts.faults) return 1
    if (write) await writeFile(DOCUMENT, report(FAULTS))
    return 0
  },
})

await runTool(FAULTS_RUN, "npm run faults --")

async function happen(
  faults: readonly Fault[],
  browsers: readonly BrowserName[],
  isQuick: boolean,
  terminal: Terminal,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const fault of faults)
    for (const browser of wanted(fault, browsers, isQuick)) {
      const verdict = await runFault(fault, browser, { isQuick })
      verdicts.push(verdict)
      terminal.say(line(verdict))
    }
  return verdicts
}

async function controls(faults: readonly Fault[], terminal: Terminal): Promise<ExitStatus> {
  let failed = 0
  for (const fault of faults)
    for (const control of fault.controls) {
      const { isReported, verdict } = await runControl(fault, control)
      if (!isReported) failed++
      const what = `${fault.id}: without ${control.change.off}`
      terminal.say(
        isReported ? `✓ ${what}: ${control.breaks} is reported` : `✗ ${what}: ${control.breaks} is NOT reported`,
      )
      if (!isReported) terminal.say(details(verdict))
    }
  terminal.print(`\n${failed} controls failed`)
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
