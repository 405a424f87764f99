import assert from "node:assert/strict"
import { join } from "node:path"
import { test } from "node:test"
import { folderWith } from "../../isolation-app/folder.fixture.ts"
import { findCore } from "./find-core.ts"

function project(...files: readonly string[]): { root: string; target: "sallyport" } {
  return { root: folderWith(Object.fromEntries(files.map((file) => [file, ""]))), target: "sallyport" }
}

for (const file of ["core.ts", "core/main.ts", "src-core/main.mjs"])
  test(`finds ${file}`, async () => {
    const found = project(file)
    assert.deepEqual(await findCore(found, undefined, undefined), { file: join(found.root, file), isMock: false })
  })

test("takes core.ts before core/main.ts, and what is given before both", async () => {
  const found = project("core.ts", "core/main.ts", "other.ts")
  const other = join(found.root, "other.ts")
  assert.equal((await findCore(found, undefined, undefined)).file, join(found.root, "core.ts"))
  assert.deepEqual(await findCore(found, other, undefined), { file: other, isMock: false })
  assert.deepEqual(await findCore(found, undefined, other), { file: other, isMock: true })
})

test("says what it looked for, and what to do", async () => {
  const found = project("core/other.ts")
  await assert.rejects(findCore(found, undefined, undefined), {
    message: `found no Core: looked for core.ts, core/main.ts, src-core/main.ts (or .mts, .js, .mjs) in ${found.root}. Name the program that calls createApp(), with --core FILE, or answer commands from a file, with --mock FILE`,
  })
  await assert.rejects(findCore({ ...found, target: "tauri" }, undefined, undefined), /Tauri project .*--mock FILE$/)
  await assert.rejects(findCore(found, "nowhere.ts", undefined), {
    message: "--core nowhere.ts: there is no such file",
  })
  await assert.rejects(findCore(found, undefined, "nowhere.ts"), {
    message: "--mock nowhere.ts: there is no such file",
  })
})
