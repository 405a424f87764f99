/** Runs every suite and counts: `npm test -- --help`. */
import { availableParallelism } from "node:os"
import { BROWSERS } from "../e2e/drivers/driver.ts"
import { defineCommand, UsageError } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import { leftOutLines, plan } from "./plan.ts"
import { Progress } from "./progress.ts"
import { type Job, runBeside } from "./run-beside.ts"
import { add, NOTHING, type Outcome, runCheck, runFile } from "./run-suite.ts"
import type { Selection } from "./selection.ts"
import { NO_BROWSER, SUITES, type Suite, suitesFor, whyNotTested } from "./suites.ts"

const TEST = defineCommand({
  name: "",
  summary: "Runs the tests, and ends with one line: N passed, N failed.",
  description:
    `Suites: ${kinds().join(", ")}\n\n` +
    "The default run leaves out what other tests of it prove already, so that it can run before each change. --all runs everything, " +
    "and lists what the default run leaves out; a release is tested with it.",
  positionals: "[SUITE…]",
  examples: [
    ["", "the default run"],
    ["--all", "everything, as for a release"],
    ["unit", "one suite, or several"],
    ["e2e --browser firefox", "one browser, or several"],
  ],
  flags: {
    all: { type: "boolean", help: "everything" },
    "left-out": { type: "boolean", help: "only what the default run leaves out" },
    browser: {
      type: "string",
      value: "NAME",
      multiple: true,
      choices: [...BROWSERS, NO_BROWSER],
      help: `only what needs this browser; ${NO_BROWSER}: what needs no browser`,
    },
    parallel: { type: "string", value: "N", help: `files at a time (${defaultParallel()} here)` },
    "allow-missing": { type: "boolean", help: "a browser or a tool that is not installed does not fail the run" },
    json: { type: "boolean", help: "one JSON object on standard output instead" },
  },
  exit: "Exit status: 0 all passed, 1 some failed, 2 it could not run.",
  async run({ flags, positionals, terminal }) {
    if (flags.all && flags["left-out"]) throw new UsageError("--all and --left-out are two different runs")
    const selection = flags.all ? "all" : flags["left-out"] ? "left-out" : "default"
    const wanted = chosen(suitesFor(flags.browser), positionals)
    const { suites, leftOut } = await plan(wanted, selection)
    if (suites.length === 0) throw new UsageError("this selection holds no test")
    const progress = new Progress(terminal, flags.json)
    const results = await runSuites(suites, selection, parallelOf(flags.parallel), progress)
    const outcomes = Object.values(results)
    const { passed, failed: failedTests } = outcomes.reduce(add, NOTHING)
    const missing = outcomes.filter(({ notTested }) => notTested !== null).length
    const failed = failedTests + (flags["allow-missing"] ? 0 : missing)
    if (flags.json) terminal.print(JSON.stringify({ passed, failed, selection, left_out: leftOut, suites: results }))
    else {
      for (const line of leftOutLines(leftOut, selection)) terminal.print(line)
      terminal.print(`\n${passed} passed, ${failed} failed`)
    }
    return failed === 0 && passed > 0 ? 0 : 1
  },
})

await runTool(TEST, "npm test --")

/** Runs the files of all suites beside each other. Each suite is printed when it is complete. */
async function runSuites(
  suites: readonly Suite[],
  selection: Selection,
  parallel: number,
  progress: Progress,
): Promise<Readonly<Record<string, Outcome>>> {
  const results: Record<string, Outcome> = {}
  const jobs: Job[] = []
  for (const suite of suites) {
    const { name, checks = [], files = [], alone } = suite
    const notTested = await whyNotTested(suite)
    let outcome = { ...NOTHING, notTested }
    let left = checks.length + files.length
    let started = 0
    const job = (what: string, run: () => Promise<Outcome>): Job => ({
      isAlone: alone !== undefined,
      run: async () => {
        started ||= performance.now()
        progress.begin(what)
        const result = await run()
        outcome = add(outcome, result)
        progress.end(what)
        if (--left > 0) return
        results[name] = outcome
        progress.complete(name, outcome, (performance.now() - started) / 1000)
      },
    })
    if (notTested === null)
      jobs.push(
        ...checks.map((check) => job(name, () => runCheck(check))),
        ...files.map((file) => job(file, () => runFile(file, selection))),
      )
    else {
      results[name] = outcome
      progress.complete(name, outcome, 0)
    }
  }
  await runBeside(jobs, parallel)
  return results
}

function chosen(suites: readonly Suite[], names: readonly string[]): readonly Suite[] {
  const known = kinds()
  for (const name of names)
    if (!known.includes(name)) throw new UsageError(`there is no suite "${name}": ${known.join(", ")}`)
  return names.length === 0 ? suites : suites.filter((suite) => names.includes(kind(suite)))
}

/** The words that suites are asked for by. */
function kinds(): readonly string[] {
  return [...new Set(SUITES.map(kind))]
}

function kind({ name }: Suite): string {
  return name.split(" ", 1)[0] ?? name
}

/** One more than processors: most suites wait for browsers, for sockets and for time to pass. */
function defaultParallel(): number {
  return availableParallelism() + 1
}

function parallelOf(value: string | undefined): number {
  const parallel = value === undefined ? defaultParallel() : Number(value)
  if (!Number.isInteger(parallel) || parallel < 1) throw new UsageError(`--parallel ${value}: expected a number from 1`)
  return parallel
}
