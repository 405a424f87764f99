/** Runs every suite and counts: `npm test -- --help`. */
import { readdirSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { BROWSER_FLAG, wantedBrowsers } from "../e2e/drivers/browser-flag.ts"
import { BROWSERS, type BrowserName } from "../e2e/drivers/driver.ts"
import { findBrowser } from "../e2e/drivers/find-browser.ts"
import { whyNotChecked } from "../model/spin.ts"
import { defineCommand, UsageError } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import { type Outcome, runCheck, runTests } from "./run-suite.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Parts that are compiled for realms of their own, and the tests of those of the browser, which run in Node. */
const PROJECTS = [
  ".",
  "src/page",
  "src/page/tsconfig.test.json",
  "src/boundary/sandbox",
  "src/boundary/sandbox/tsconfig.test.json",
  "attacks",
  "fuzz",
  "faults",
  "bench",
  "scripts/inventory",
]

/** A suite that can be asked for by name. */
interface Suite {
  readonly name: string
  readonly run: () => Promise<Outcome>
}

const bin = (program: string): string => join(root, "node_modules", ".bin", program)
const under = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file))
    .sort()

const TEST = defineCommand({
  name: "",
  summary: "Runs the tests, and ends with one line: N passed, N failed.",
  description: `Suites: ${kinds(suitesIn(BROWSERS)).join(", ")}`,
  positionals: "[SUITE…]",
  examples: [
    ["", "everything"],
    ["unit", "one suite, or several"],
    ["e2e --browser firefox", "one browser, or several"],
  ],
  flags: {
    browser: BROWSER_FLAG,
    "allow-missing": { type: "boolean", help: "a browser or a tool that is not installed does not fail the run" },
    json: { type: "boolean", help: "one JSON object on standard output instead" },
  },
  exit: "Exit status: 0 all passed, 1 some failed, 2 it could not run.",
  async run({ flags, positionals, terminal }) {
    const wanted = chosen(suitesIn(wantedBrowsers(flags.browser)), positionals)
    const results: Record<string, Outcome> = {}
    for (const { name, run } of wanted) {
      if (!flags.json) terminal.print(`\n── ${name}`)
      const started = performance.now()
      const outcome = await run()
      results[name] = outcome
      for (const failure of outcome.failures) terminal.say(`\n✗ ${failure}`)
      if (!flags.json) terminal.print(summary(outcome, (performance.now() - started) / 1000))
    }
    const all = Object.values(results)
    const passed = sum(all, ({ passed }) => passed)
    const missing = all.filter(({ notTested }) => notTested !== null).length
    const failed = sum(all, ({ failed }) => failed) + (flags["allow-missing"] ? 0 : missing)
    if (flags.json) terminal.print(JSON.stringify({ passed, failed, suites: results }))
    else terminal.print(`\n${passed} passed, ${failed} failed`)
    return failed === 0 && passed > 0 ? 0 : 1
  },
})

await runTool(TEST, "npm test --")

function suitesIn(browsers: readonly BrowserName[]): readonly Suite[] {
  return [
    {
      name: "types",
      run: () => runCheck("tsc", bin("tsc"), ...PROJECTS.map((project) => ["--noEmit", "-p", project])),
    },
    { name: "lint", run: () => runCheck("biome", bin("biome"), ["check", "--error-on-warnings"]) },
    {
      name: "unit",
      run: () =>
        runTests(
          [...under("src", ".test.ts"), ...under("scripts", ".test.ts"), ...under("bench", ".test.ts")],
          availableParallelism(),
        ),
    },
    { name: "model", run: () => checkModels() },
    ...browserSuites(browsers),
    { name: "conformance", run: () => runTests(["conformance/coverage.test.ts"], 1) },
    ...eachBrowser("conformance", browsers),
    { name: "attacks", run: () => runTests(under("attacks", ".test.ts"), 1) },
    ...eachBrowser("attacks", browsers),
    { name: "attacks local", run: () => runTests(["attacks/local.suite.ts"], 1) },
    {
      name: "fuzz",
      run: () => runTests([...under("fuzz", ".test.ts"), "fuzz/fuzz.suite.ts"], availableParallelism()),
    },
    { name: "soak", run: () => runTests(["soak/soak.suite.ts"], 1) },
    ...browsers
      .filter((browser) => browser === "chromium")
      .map((browser) => ({ name: `soak ${browser}`, run: () => inBrowser("chromium", ["soak/page.suite.ts"]) })),
    { name: "faults", run: () => happen(browsers) },
    { name: "package", run: () => runTests(["e2e/package.test.ts", "e2e/built-app.test.ts"], 1) },
  ]
}

/** What runs in a browser, once in each. What finds its own browser runs once, with Chromium. */
function browserSuites(browsers: readonly BrowserName[]): Suite[] {
  const files = [...under("e2e", ".e2e.ts"), ...under("bench", ".e2e.ts")]
  return browsers.map((browser) => ({
    name: `e2e ${browser}`,
    run: () => {
      const others = files.filter((file) => BROWSERS.every((name) => file !== join("e2e", `${name}.e2e.ts`)))
      return inBrowser(browser, [join("e2e", `${browser}.e2e.ts`), ...(browser === "chromium" ? others : [])])
    },
  }))
}

/** The suite of a folder, once in each browser. */
function eachBrowser(folder: string, browsers: readonly BrowserName[]): Suite[] {
  return browsers.map((browser) => ({
    name: `${folder} ${browser}`,
    run: () => inBrowser(browser, [`${folder}/${browser}.suite.ts`]),
  }))
}

/** Faults, two browsers at a time: most of their time is spent waiting. A browser that is missing is none of the reasons to skip the others. */
async function happen(browsers: readonly BrowserName[]): Promise<Outcome> {
  const missing = browsers.map(whyMissing)
  const there = browsers.filter((_, index) => missing[index] === null)
  const suites = ["no-browser", ...there].map((name) => `faults/${name}.suite.ts`)
  const outcome = await runTests([...under("faults", ".test.ts"), ...suites], 2)
  return { ...outcome, notTested: missing.find((why) => why !== null) ?? null }
}

async function checkModels(): Promise<Outcome> {
  const notTested = await whyNotChecked()
  return notTested === null
    ? runTests(["model/properties.test.ts", "model/model.test.ts"], 1)
    : { passed: 0, failed: 0, failures: [], notTested }
}

async function inBrowser(browser: BrowserName, files: readonly string[]): Promise<Outcome> {
  const notTested = whyMissing(browser)
  return notTested === null ? runTests(files, 1) : { passed: 0, failed: 0, failures: [], notTested }
}

function whyMissing(browser: BrowserName): string | null {
  try {
    findBrowser(browser)
    if (browser === "webkit") findBrowser("xvfb")
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The words that suites are asked for by. */
function kinds(suites: readonly Suite[]): readonly string[] {
  return [...new Set(suites.map(kind))]
}

function kind({ name }: Suite): string {
  return name.split(" ", 1)[0] ?? name
}

function chosen(suites: readonly Suite[], names: readonly string[]): readonly Suite[] {
  const known = kinds(suites)
  for (const name of names)
    if (!known.includes(name)) throw new UsageError(`there is no suite "${name}": ${known.join(", ")}`)
  return names.length === 0 ? suites : suites.filter((suite) => names.includes(kind(suite)))
}

function summary({ passed, failed, notTested }: Outcome, seconds: number): string {
  if (notTested !== null) return `not tested: ${notTested}`
  return `${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`
}

function sum(outcomes: readonly Outcome[], count: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, outcome) => total + count(outcome), 0)
}
