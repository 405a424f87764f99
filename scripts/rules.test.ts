import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { judgeFixtures } from "../src/cli/check/judge-fixtures.fixture.ts"
import { RULES } from "../src/cli/check/rules/index.ts"
import { rulePages } from "./rule-pages.ts"

const PAGES = fileURLToPath(new URL("../docs/rules/", import.meta.url))

test("each rule catches its failing fixture, and nothing is found in its passing one or in a correct hook", async () => {
  const { wrong, ...counts } = await judgeFixtures()
  assert.deepEqual(wrong, [])
  const all = RULES.length
  assert.deepEqual(counts, { rules: all, failing_fixtures_caught: all, passing_fixtures_clean: all })
})

test("each rule has a page that says what the rule says: npm run rules -- --write", () => {
  const pages = rulePages(RULES)
  assert.deepEqual(readdirSync(PAGES).sort(), [...pages.keys()].sort())
  for (const [name, page] of pages) assert.equal(readFileSync(`${PAGES}${name}`, "utf8"), page, name)
})

test("the README says how many rules there are", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
  assert.equal(/sallyport check .* (\d+) rules/.exec(readme)?.[1], String(RULES.length))
})

test("codes are names, each once, and texts are sentences", () => {
  const codes = RULES.map(({ code }) => code)
  assert.deepEqual([...new Set(codes)], codes)
  for (const { code, summary, why, mend } of RULES) {
    assert.match(code, /^[A-Z]+(_[A-Z\d]+)*$/)
    assert.match(summary, /^\S.*[^.]$/, code)
    for (const text of [why, mend]) assert.match(text, /^\S.*\.\)?$/, code)
  }
})
