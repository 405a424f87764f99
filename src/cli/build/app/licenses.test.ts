import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after, test } from "node:test"
import { licensesOf } from "./licenses.ts"

const root = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-licenses-")))
after(() => rmSync(root, { recursive: true, force: true }))

const FILES = {
  "package.json": `{"name": "mine"}`,
  "core.ts": "",
  "node_modules/zod/package.json": `{"name": "zod", "version": "1.0.0", "license": "MIT"}`,
  "node_modules/zod/LICENSE": "Copyright Z\n",
  "node_modules/zod/lib/package.json": `{"type": "module"}`,
  "node_modules/zod/lib/a.js": "",
  "node_modules/zod/lib/b.js": "",
  "node_modules/@a/b/package.json": `{"name": "@a/b", "version": "2.0.0", "license": "Apache-2.0"}`,
  "node_modules/@a/b/LICENCE.md": "Copyright A\n\n",
  "node_modules/@a/b/NOTICE": "Thanks",
  "node_modules/@a/b/index.js": "",
  "node_modules/bare/package.json": `{"name": "bare"}`,
  "node_modules/bare/index.js": "",
}
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(root, name)), { recursive: true })
  writeFileSync(join(root, name), text)
}
const sources = Object.keys(FILES)
  .filter((name) => /\.[jt]s$/.test(name))
  .map((name) => join(root, name))

test("each package's license is passed on once, in order, with what names its authors", async () => {
  const rule = "-".repeat(80)
  assert.equal(
    await licensesOf(root, sources),
    `${rule}\n@a/b 2.0.0, Apache-2.0\n\nCopyright A\n\nThanks\n\n${rule}\nbare \n\n${rule}\nzod 1.0.0, MIT\n\nCopyright Z\n`,
  )
})

test("a project's own code is not somebody else's", async () => {
  assert.equal(await licensesOf(root, [join(root, "core.ts")]), "")
})
