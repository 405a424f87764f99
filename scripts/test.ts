/** Runs every suite and counts: `npm test -- --help`. */
import { readdirSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { BROWSERS, type BrowserName, browserName } from "../e2e/drivers/driver.ts"
import { findBrowser } from "../e2e/drivers/find-browser.ts"
import { whyNotChecked } from "../model/spin.ts"
import { type Outcome, runCheck, runTests } from "./run-suite.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

const HELP = `Runs the tests, and ends with one line: N passed, N failed.

  npm test                              everything
  npm test -- unit                      one suite, or several
  npm test -- e2e --browser firefox     one browser, or several

Suites: types, lint, unit, model, e2e, conformance, attacks, fuzz, soak, faults, package

  --browser NAME     chromium, firefox or webkit (default: all three)
  --allow-missing    a browser or a tool that is not installed does not fail the run
  --json             one JSON object on standard output instead
  --help             this text
`

/** Parts that are compiled for realms of their own. */
const PROJECTS = [".", "src/page", "src/sandbox", "attacks", "fuzz", "faults", "bench"]

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

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      browser: { type: "string", multiple: true, default: [...BROWSERS] },
      "allow-missing": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const suites = [
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
    ...browserSuites(values.browser.map(browserName)),
    { name: "conformance", run: () => runTests(["conformance/coverage.test.ts"], 1) },
    ...eachBrowser("conformance", values.browser.map(browserName)),
    { name: "attacks", run: () => runTests(["attacks/catalogue.test.ts"], 1) },
    ...eachBrowser("attacks", values.browser.map(browserName)),
    { name: "attacks local", run: () => runTests(["attacks/local.suite.ts"], 1) },
    {
      name: "fuzz",
      run: () => runTests([...under("fuzz", ".test.ts"), "fuzz/fuzz.suite.ts"], availableParallelism()),
    },
    { name: "soak", run: () => runTests(["soak/soak.suite.ts"], 1) },
    ...values.browser
      .filter((browser) => browser === "chromium")
      .map((browser) => ({ name: `soak ${browser}`, run: () => inBrowser("chromium", ["soak/page.suite.ts"]) })),
    { name: "faults", run: () => happen(values.browser.map(browserName)) },
    { name: "package", run: () => runTests(["e2e/package.test.ts"], 1) },
  ] satisfies readonly Suite[]
  const wanted = chosen(suites, positionals)

  const results: Record<string, Outcome> = {}
  for (const { name, run } of wanted) {
    if (!values.json) console.log(`\n── ${name}`)
    const started = performance.now()
    const outcome = await run()
    results[name] = outcome
    for (const failure of outcome.failures) console.error(`\n✗ ${failure}`)
    if (!values.json) console.log(summary(outcome, (performance.now() - started) / 1000))
  }
  const all = Object.values(results)
  const passed = sum(all, ({ passed }) => passed)
  const missing = all.filter(({ notTested }) => notTested !== null).length
  const failed = sum(all, ({ failed }) => failed) + (values["allow-missing"] ? 0 : missing)
  if (values.json) console.log(JSON.stringify({ passed, failed, suites: results }))
  else console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

/** What runs in a browser, once in each. What finds its own browser runs once, with Chromium. */
function browserSuites(browsers: readonly BrowserName[]): Suite[] {
  const files = under("e2e", ".e2e.ts")
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

function chosen(suites: readonly Suite[], names: readonly string[]): readonly Suite[] {
  const kinds = new Set(suites.map(({ name }) => name.split(" ")[0]))
  for (const name of names)
    if (!kinds.has(name)) throw new Error(`there is no suite "${name}": ${[...kinds].join(", ")}`)
  return names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name.split(" ")[0] ?? ""))
}

function summary({ passed, failed, notTested }: Outcome, seconds: number): string {
  if (notTested !== null) return `not tested: ${notTested}`
  return `${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`
}

function sum(outcomes: readonly Outcome[], count: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, outcome) => total + count(outcome), 0)
}
