/** What `npm test` runs. */
import { globSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { BROWSERS, type BrowserName } from "../e2e/drivers/driver.ts"
import { findBrowser } from "../e2e/drivers/find-browser.ts"
import { whyNotChecked } from "../model/spin.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** A program that passes when it ends with 0. */
export interface Check {
  readonly program: string
  readonly args: readonly string[]
}

/** Tests that are counted together. The first word of the name is what they are asked for by. */
export interface Suite {
  readonly name: string
  /** Browser without which it cannot run. */
  readonly browser?: BrowserName
  readonly checks?: readonly Check[]
  /** Files of tests. */
  readonly files?: readonly string[]
  /** What the default run leaves out of the files, and why. Absent: nothing. */
  readonly leftOut?: string
  /** Why nothing else runs meanwhile. */
  readonly alone?: string
  /** Resolves with why it cannot run, apart from a missing browser, or with `null`. */
  readonly whyNot?: () => Promise<string | null>
}

/** Parts with a compiler configuration of their own. */
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

const ATTACKS_LEFT_OUT =
  "an attack that the Core alone stops runs in one browser, and a control in one: the Core is the same for all"
const MEASURES_MEMORY = "it measures the memory of a Core under load"
const CONTRACT_LEFT_OUT = "a promise in which browsers have no part is kept in Chromium"
const FAULTS_LEFT_OUT = "a fault that takes long happens in Chromium"
const CASES_LEFT_OUT = "a case in which browsers have no part runs in Chromium"

/** Every suite, in the order in which they begin: after the quick checks those first that take long. */
export const SUITES: readonly Suite[] = [
  { name: "types", checks: PROJECTS.map((project) => check("tsc", "--noEmit", "-p", project)) },
  { name: "lint", checks: [check("biome", "check", "--error-on-warnings")] },
  ...inBrowsers("attacks", (browser) => ({
    files: [`attacks/${browser}.suite.ts`],
    ...(browser === "chromium" ? {} : { leftOut: ATTACKS_LEFT_OUT }),
  })),
  { name: "attacks", files: [...filesLike("attacks/**/*.test.ts"), "attacks/local.suite.ts"] },
  ...inBrowsers("faults", (browser) => ({
    files: [`faults/${browser}.suite.ts`],
    ...(browser === "chromium" ? {} : { leftOut: FAULTS_LEFT_OUT }),
  })),
  { name: "faults", files: ["faults/no-browser.suite.ts", ...filesLike("faults/**/*.test.ts")] },
  ...inBrowsers("e2e", (browser) => ({
    files: [`e2e/${browser}.e2e.ts`, ...(browser === "chromium" ? filesWithOwnBrowser() : [])],
    ...(browser === "chromium" ? {} : { leftOut: CONTRACT_LEFT_OUT }),
  })),
  ...inBrowsers("conformance", (browser) => ({
    files: [`conformance/${browser}.suite.ts`],
    ...(browser === "chromium" ? {} : { leftOut: CASES_LEFT_OUT }),
  })),
  { name: "conformance", files: filesLike("conformance/**/*.test.ts") },
  { name: "package", browser: "chromium", files: filesLike("e2e/**/*.test.ts") },
  { name: "fuzz", files: ["fuzz/fuzz.suite.ts", ...filesLike("fuzz/**/*.test.ts")] },
  { name: "model", files: filesLike("model/**/*.test.ts"), whyNot: whyNotChecked },
  { name: "unit", files: filesLike("{src,scripts,bench}/**/*.test.ts") },
  { name: "soak", files: ["soak/soak.suite.ts"], alone: MEASURES_MEMORY },
  { name: "soak chromium", browser: "chromium", files: ["soak/page.suite.ts"], alone: MEASURES_MEMORY },
]

/** For `--browser`: the suites that need none. */
export const NO_BROWSER = "none"

/** Returns the suites that need one of these browsers; all of them for an empty list. */
export function suitesFor(browsers: readonly string[]): readonly Suite[] {
  return SUITES.filter(({ browser = NO_BROWSER }) => browsers.length === 0 || browsers.includes(browser))
}

/** Returns why a suite cannot run here, or `null`. */
export async function whyNotTested({ browser, whyNot }: Suite): Promise<string | null> {
  try {
    if (browser !== undefined) findBrowser(browser)
    if (browser === "webkit") findBrowser("xvfb")
    return (await whyNot?.()) ?? null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Tests that find their browser themselves, as an app does: Chromium. */
function filesWithOwnBrowser(): readonly string[] {
  return filesLike("{e2e,bench}/**/*.e2e.ts").filter(
    (file) => !BROWSERS.some((name) => file === join("e2e", `${name}.e2e.ts`)),
  )
}

function inBrowsers(name: string, suite: (browser: BrowserName) => Omit<Suite, "name" | "browser">): readonly Suite[] {
  return BROWSERS.map((browser) => ({ name: `${name} ${browser}`, browser, ...suite(browser) }))
}

function filesLike(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root }).sort()
}

function check(program: string, ...args: readonly string[]): Check {
  return { program: join(root, "node_modules", ".bin", program), args }
}
