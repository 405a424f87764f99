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

/** Parts that the page leads through. */
const LED = PARTS.filter(({ name }) => name === "wire" || name === "sandbox")
const files = LED.flatMap(({ folder }) => filesOf(root, folder))

test("docs/reading-the-boundary.md has a row for each file of the boundary, and for no other", () => {
  assert.deepEqual(rows.map(({ file }) => file).toSorted(), files.toSorted())
  for (const { name, file = "", promise = "" } of rows) {
    assert.ok(file.endsWith(`/${name}`), file)
    assert.ok(promise.length > 20, file)
  }
})

for (const file of files)
  test(`${file} opens with its promise and the attacks that it stops, and the page has the same`, () => {
    const [comment = ""] = /^\/\*\*.*?\*\//s.exec(read(file)) ?? []
    assert.match(comment, /\bPromises\b/)
    const attacks = attacksIn(comment)
    assert.ok(attacks.length > 0)
    for (const attack of attacks) assert.ok(ATTACKS.has(attack), attack)
    assert.deepEqual(attacksIn(rows.find((row) => row.file === file)?.stops ?? ""), attacks)
  })
