/** Runs every case in every browser: `npm run conformance -- --help`. */
import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { BROWSER_FLAG, wantedBrowsers } from "../e2e/drivers/browser-flag.ts"
import { BROWSERS, type BrowserName, launch } from "../e2e/drivers/driver.ts"
import { defineCommand, UsageError } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import type { Terminal } from "../src/cli/terminal.ts"
import { type Case, type CaseGroup, shownBy } from "./case.ts"
import { GROUPS } from "./cases/index.ts"
import { exportedFunctions } from "./exports.ts"
import { GroupApp } from "./group-app.ts"
import { title } from "./plan.ts"
import { table } from "./table.ts"
import { declared, type Row } from "./verdicts.ts"

const DOCUMENT = fileURLToPath(new URL("../docs/tauri.md", import.meta.url))

const CONFORMANCE = defineCommand({
  name: "",
  summary: "Shows what of @tauri-apps/api works: every case of conformance/cases, in real browsers.",
  examples: [
    ["", "all of it"],
    ["--only core", "one group of cases, or those whose names or functions hold a text"],
    ["--browser firefox", "one browser, or several"],
  ],
  flags: {
    browser: BROWSER_FLAG,
    only: { type: "string", value: "TEXT", help: "what is not run then counts neither as working nor as missing" },
    json: {
      type: "boolean",
      help: "one JSON object on standard output (npm run -s): functions, works, refused, failed, not_applicable, browsers",
    },
    write: {
      type: "boolean",
      help: "writes docs/tauri.md when nothing fails in any of the three (npm run tauri-table)",
    },
  },
  exit: "Exit status: 0 no function fails, 1 one does, 2 it could not run. A function that no case shows fails.",
  async run({ flags, terminal }) {
    const browsers = wantedBrowsers(flags.browser)
    const { only } = flags
    if (flags.write && (only !== undefined || browsers.length < BROWSERS.length))
      throw new UsageError("--write needs a run of everything: leave out --only and --browser")
    const groups = chosen(only)
    const exported = exportedFunctions()
    const { rows, missing, mistakes } = declared(exported, groups)
    for (const mistake of mistakes) terminal.say(`✗ ${mistake}`)
    if (only === undefined) for (const name of missing) terminal.say(`✗ no case shows ${name}`)

    const broken = await brokenIn(browsers, groups, only !== undefined, terminal)
    const held = rows.filter((row) => !broken.has(row.function))
    const count = (verdict: Row["verdict"]): number => held.filter((row) => row.verdict === verdict).length
    const failed = broken.size + mistakes.length + (only === undefined ? missing.length : 0)
    const counts = {
      functions: only === undefined ? exported.length : rows.length,
      works: count("works"),
      refused: count("refused"),
      failed,
      not_applicable: count("not applicable"),
      browsers,
    }
    if (flags.json) terminal.print(JSON.stringify(counts))
    else {
      for (const row of rows)
        terminal.print(`${broken.has(row.function) ? "FAILED" : row.verdict}\t${row.function}\t${row.reason}`)
      const { functions, works, refused, not_applicable } = counts
      terminal.print(
        `\n${functions} functions: ${works} work, ${refused} refused, ${not_applicable} not applicable, ${failed} failed`,
      )
    }
    if (failed > 0) return 1
    if (flags.write) await writeFile(DOCUMENT, table(rows))
    return 0
  },
})

await runTool(CONFORMANCE, "npm run conformance --")
// What a case left open, or a browser that does not end, must not keep it.
process.exit()

function chosen(only: string | undefined): readonly CaseGroup[] {
  const isGroup = GROUPS.some(({ name }) => name === only)
  const isWanted = (group: string, each: Case): boolean =>
    only === undefined || isGroup
      ? group === (only ?? group)
      : [each.name, ...shownBy(each)].some((text) => text.includes(only))
  const groups = GROUPS.map((group) => ({ ...group, cases: group.cases.filter((each) => isWanted(group.name, each)) }))
  if (groups.every(({ cases }) => cases.length === 0))
    throw new UsageError(`no case has "${only}" in its name or functions`)
  return groups
}

/** Runs the cases, and says which functions are not as they are declared. */
async function brokenIn(
  browsers: readonly BrowserName[],
  groups: readonly CaseGroup[],
  saysEach: boolean,
  terminal: Terminal,
): Promise<ReadonlySet<string>> {
  const broken = new Set<string>()
  for (const browser of browsers) {
    const driver = await launch(browser)
    try {
      for (const group of groups) {
        if (group.cases.length === 0) continue
        const app = await GroupApp.start(group, driver)
        try {
          for (const each of group.cases) {
            const what = `${browser}: ${title(each)}`
            try {
              await app.run(each)
              if (saysEach) terminal.say(`✓ ${what}`)
            } catch (error) {
              for (const name of shownBy(each)) broken.add(name)
              terminal.say(`✗ ${what}\n${inFull(error)}`)
            }
          }
        } finally {
          await app.close()
        }
      }
    } finally {
      await driver.close()
    }
  }
  return broken
}

function inFull(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return text.replace(/^/gm, "    ")
}
