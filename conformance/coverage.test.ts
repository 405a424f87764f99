import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { test } from "node:test"
import { GROUPS } from "./cases/index.ts"
import { exportedFunctions } from "./exports.ts"
import { table } from "./table.ts"
import { declared } from "./verdicts.ts"

const { rows, missing, mistakes } = declared(exportedFunctions(), GROUPS)

test("every function that @tauri-apps/api exports is shown by a case", () => assert.deepEqual(missing, []))

test("no case names what is not exported, contradicts another, or leaves out its reason", () =>
  assert.deepEqual(mistakes, []))

test("at least 90% of the functions in core, event, app, path and webviewWindow work", () => {
  const modules = ["core", "event", "app", "path", "webviewWindow"]
  const counted = rows.filter((row) => modules.includes(row.function.split(".")[0] as string))
  const works = counted.filter(({ verdict }) => verdict === "works").length
  assert.ok(works >= 0.9 * counted.length, `${works} of ${counted.length}`)
})

test("docs/tauri.md is what the cases say (npm run tauri-table)", async () =>
  assert.equal(await readFile(new URL("../docs/tauri.md", import.meta.url), "utf8"), table(rows)))
