import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { filesOf, PARTS } from "./boundary-size.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), "utf8")
const page = read("docs/reading-the-boundary.md")
const rows = [...page.matchAll(/^\| \[([\w-]+\.ts)\]\(\.\.\/([^)]+)\) \| (.+) \| ([^|]+) \|$/gm)].map(
  ([, name, file, promise, stops]) => ({ name, file, promise, stops }),
)
const attacksIn = (text: string): readonly string[] => [...new Set(text.match(/\b[PN]\d+\b/g))].sort()
const ATTACKS = new Set([...read("docs/attacks.md").matchAll(/^\| ([PN]\d+) \|/gm)].map(([, id]) => id))

const files = PARTS.flatMap(({ folder }) => filesOf(root, folder))

test("docs/reading-the-boundary.md has a row for each file of the boundary, and for no other", () => {
  assert.deepEqual(rows.map(({ file }) => file).toSorted(), files.toSorted())
  for (const { name, file = "", promise = "" } of rows) {
    assert.ok(file.endsWith(`/${name}`), file)
    assert.ok(promise.length > 20, file)
  }
})

for (const file of files)
  test(`${file} says what it promises and what it stops, and the page which attacks those are`, () => {
    const comments = [...read(file).matchAll(/\/\*\*.*?\*\//gs)].map(([comment]) => comment)
    const promise = comments.find((comment) => /\bPromises\b/.test(comment)) ?? assert.fail("no promise")
    assert.match(promise, /\bStops\b/)
    const stops = attacksIn(rows.find((row) => row.file === file)?.stops ?? "")
    assert.ok(stops.length > 0)
    for (const attack of stops) assert.ok(ATTACKS.has(attack), attack)
    // Where the file names the attacks, too, they are the same.
    const named = attacksIn(promise)
    if (named.length > 0) assert.deepEqual(named, stops)
  })
