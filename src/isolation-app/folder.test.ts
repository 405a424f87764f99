import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { folderWith } from "./folder.fixture.ts"
import { Folder } from "./folder.ts"
import { scriptPath } from "./script-path.ts"

const read = async (dir: string, src: string): Promise<string> =>
  (await Folder.open(dir)).read(scriptPath(src, "index.html", null), "SCRIPT_MISSING")

test("reads a file once, whatever becomes of it and by whichever name", async () => {
  const dir = folderWith({ "index.html": "", "a.js": "old" })
  symlinkSync(join(dir, "a.js"), join(dir, "b.js"))
  const folder = await Folder.open(dir)
  await folder.read("a.js", "SCRIPT_MISSING")
  const { files } = folder
  writeFileSync(join(dir, "a.js"), "new")
  assert.equal(await folder.read("b.js", "SCRIPT_MISSING"), "old")
  assert.deepEqual(folder.files, files)
})

const outside: readonly [promise: string, src: string][] = [
  ["by ..", "../outside.js"],
  ["by .. after a folder", "lib/../../outside.js"],
  ["by .. after a slash", "/../outside.js"],
  ["by .. and backslashes", "..\\outside.js"],
  ["by percent escapes", "%2e%2e%2foutside.js"],
  ["in the folder's neighbor", "../isolation-2/a.js"],
  ["by .. alone", ".."],
]

for (const [promise, src] of outside) {
  test(`refuses a file outside of the folder, reached ${promise}`, async () => {
    const root = folderWith({ "isolation/index.html": "", "isolation-2/a.js": "1", "outside.js": "1" })
    await assert.rejects(read(join(root, "isolation"), src), { code: "SCRIPT_OUTSIDE" })
  })
}

const links: readonly [promise: string, link: string, target: string, src: string][] = [
  ["a file", "isolation/a.js", "outside.js", "a.js"],
  ["a folder", "isolation/lib", "lib", "lib/a.js"],
  ["index.html", "isolation/index.html", "outside.js", "index.html"],
  ["a file of the folder's neighbor", "isolation/a.js", "isolation-2/a.js", "a.js"],
]

for (const [promise, link, target, src] of links) {
  test(`refuses a link that leads out of the folder: ${promise}`, async () => {
    const files = { "outside.js": "1", "lib/a.js": "1", "isolation-2/a.js": "1", "isolation/other": "" }
    const root = folderWith(src === "index.html" ? files : { ...files, "isolation/index.html": "" })
    symlinkSync(join(root, target), join(root, link))
    await assert.rejects(read(join(root, "isolation"), src), { code: "SCRIPT_OUTSIDE", message: /this link leads to / })
  })
}

test("refuses a link in a circle", async () => {
  const dir = folderWith({ "index.html": "" })
  symlinkSync(join(dir, "a.js"), join(dir, "a.js"))
  await assert.rejects(read(dir, "a.js"), { code: "UNREADABLE", message: /ELOOP/ })
})

test("refuses a path with a NUL", async () => {
  await assert.rejects(read(folderWith({ "index.html": "" }), "a%00.js"), {
    code: "SCRIPT_MISSING",
    message: /a\\0\.js/,
  })
})

const noPipes = process.platform === "win32" && "Windows has no named pipes in folders"
test("refuses a pipe instead of waiting for it", { skip: noPipes }, async () => {
  const dir = folderWith({ "index.html": "" })
  execFileSync("mkfifo", [join(dir, "a.js")])
  await assert.rejects(read(dir, "a.js"), { code: "UNREADABLE", message: /this is no file/ })
})
