import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { test } from "node:test"
import { MODELS } from "./properties.ts"

const folder: URL = new URL(".", import.meta.url)

const named = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name)),
]

test("every model is checked", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".pml"))
  assert.deepEqual(MODELS.map(({ file }) => file).toSorted(), files.toSorted())
})

for (const { file, small, large, properties } of MODELS) {
  const text = readFileSync(new URL(file, folder), "utf8")

  test(`every property of ${file} is checked, and at least one rule that it rests on is taken out`, () => {
    assert.deepEqual(properties.map(({ name }) => name).toSorted(), named(text, /^ltl (\w+)/gm).toSorted())
    for (const { name, brokenBy } of properties) assert.notEqual(Object.keys(brokenBy).length, 0, name)
  })

  test(`every rule that can be taken out of ${file} is taken out, and every bound is set`, () => {
    const conditions = named(text, /^#(?:ifn?def|elif defined) (\w+)/gm)
    const rules = properties.flatMap(({ brokenBy }) => Object.keys(brokenBy))
    assert.deepEqual(conditions.toSorted(), [...new Set([...rules, ...Object.keys(small)])].toSorted())
    assert.deepEqual(Object.keys(small), Object.keys(large))
  })
}
