/** Runs every case in every browser: `npm run conformance -- --help`. */
import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { BROWSERS, browserName, launch } from "../e2e/drivers/driver.ts"
import { type Case, shownBy } from "./case.ts"
import { GROUPS } from "./cases/index.ts"
import { exportedFunctions } from "./exports.ts"
import { GroupApp } from "./group-app.ts"
import { table } from "./table.ts"
import { declared, type Row } from "./verdicts.ts"

const HELP = `Shows what of @tauri-apps/api works: every case of conformance/cases, in real browsers.

  npm run conformance                            all of it
  npm run conformance -- --only core             one group of cases, or those whose names or functions hold a text
  npm run conformance -- --browser firefox       one browser, or several
  npm run -s conformance -- --json               one JSON object on standard output

  --browser NAME   chromium, firefox or webkit (default: all three)
  --only TEXT      what is not run then counts neither as working nor as missing
  --json           counts: functions, works, refused, failed, not_applicable, browsers
  --write          writes docs/tauri.md when nothing fails in any of the three (npm run tauri-table)
  --help           this text

Ends with 0 when no function fails, 1 when one does, 2 when it could not run. A function that no case shows fails.
`
const DOCUMENT = fileURLToPath(new URL("../docs/tauri.md", import.meta.url))

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
// What a case left open, or a browser that does not end, must not keep it.
process.exit()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      browser: { type: "string", multiple: true, default: [...BROWSERS] },
      only: { type: "string" },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const browsers = values.browser.map(browserName)
  const { only } = values
  if (values.write && (only !== undefined || browsers.length < BROWSERS.length))
    throw new Error("--write needs a run of everything: leave out --only and --browser")
  const say = (line: string): void => console.error(line)

  const isGroup = GROUPS.some(({ name }) => name === only)
  const isWanted = (group: string, each: Case): boolean =>
    only === undefined || isGroup
      ? group === (only ?? group)
      : [each.name, ...shownBy(each)].some((text) => text.includes(only))
  const groups = GROUPS.map((group) => ({ ...group, cases: group.cases.filter((each) => isWanted(group.name, each)) }))
  if (groups.every(({ cases }) => cases.length === 0)) throw new Error(`no case has "${only}" in its name or functions`)
  const exported = exportedFunctions()
  const { rows, missing, mistakes } = declared(exported, groups)
  for (const mistake of mistakes) say(`✗ ${mistake}`)
  if (only === undefined) for (const name of missing) say(`✗ no case shows ${name}`)

  const broken = new Set<string>()
  for (const browser of browsers) {
    const driver = await launch(browser)
    try {
      for (const group of groups) {
        if (group.cases.length === 0) continue
        const app = await GroupApp.start(group, driver)
        try {
          for (const each of group.cases) {
            try {
              await app.run(each)
              if (only !== undefined) say(`✓ ${browser}: ${shownBy(each).join(", ")}: ${each.name}`)
            } catch (error) {
              for (const name of shownBy(each)) broken.add(name)
              say(`✗ ${browser}: ${shownBy(each).join(", ")}: ${each.name}\n${inFull(error)}`)
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
  if (values.json) console.log(JSON.stringify(counts))
  else {
    for (const row of rows)
      console.log(`${broken.has(row.function) ? "FAILED" : row.verdict}\t${row.function}\t${row.reason}`)
    const { functions, works, refused, not_applicable } = counts
    console.log(
      `\n${functions} functions: ${works} work, ${refused} refused, ${not_applicable} not applicable, ${failed} failed`,
    )
  }
  if (failed > 0) return 1
  if (values.write) await writeFile(DOCUMENT, table(rows))
  return 0
}

function inFull(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return text.replace(/^/gm, "    ")
}
