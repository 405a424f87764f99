import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { test } from "node:test"
import { MemoryFiles } from "../files/memory-files.ts"
import { readIsolationApp } from "./isolation-app.ts"
import { keyPair, lockedApp } from "./lock.fixture.ts"
import { LOCK_NAME } from "./lock.ts"

const mine = keyPair()
const ROOT = resolve("/opt/hello")
const DIR = join(ROOT, "isolation")

type Files = Map<string, Uint8Array>

/** An isolation app that a program carries: what the folder holds. */
async function carry(change: (files: Files) => void = () => {}): Promise<{ dir: string; carried: MemoryFiles }> {
  const dir = await lockedApp(mine.secret)
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const files: Files = new Map(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path.slice(dir.length + 1), readFileSync(path)]
    }),
  )
  change(files)
  const names = [...files.keys()].map((name) => `isolation/${name}`)
  const read = (name: string): Uint8Array => files.get(name.slice("isolation/".length)) ?? new Uint8Array()
  return { dir, carried: new MemoryFiles(ROOT, names, read) }
}

test("is the one that it is on the disk", async () => {
  const { dir, carried } = await carry()
  const options = { publicKey: mine.open }
  const [there, here] = [await readIsolationApp(dir, options), await readIsolationApp(DIR, { ...options, carried })]
  assert.equal(here.render("<i>"), there.render("<i>"))
  assert.deepEqual([here.files, here.scripts, here.lock, here.dir], [there.files, there.scripts, there.lock, DIR])
})

const REFUSED: readonly (readonly [what: string, change: (files: Files) => void, code: string])[] = [
  ["a script was changed", (files) => files.set("index.js", Buffer.from("0")), "LOCK_FILE_CHANGED"],
  ["a script is missing", (files) => files.delete("lib/check.js"), "LOCK_FILE_MISSING"],
  ["the lock is missing", (files) => files.delete(LOCK_NAME), "LOCK_MISSING"],
  ["the page is missing", (files) => files.delete("index.html"), "INDEX_MISSING"],
  ["nothing is there", (files) => files.clear(), "DIR_MISSING"],
]
for (const [what, change, code] of REFUSED)
  test(`is refused where ${what}`, async () => {
    const { carried } = await carry(change)
    await assert.rejects(readIsolationApp(DIR, { publicKey: mine.open, carried }), { code })
  })

test("is refused with the key of another", async () => {
  const { carried } = await carry()
  await assert.rejects(readIsolationApp(DIR, { publicKey: keyPair().open, carried }), { code: "LOCK_OTHER_KEY" })
})
