import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { textLength } from "./text-length.ts"

for (const value of [
  "",
  "text",
  "ü",
  7,
  true,
  false,
  null,
  [],
  {},
  [1],
  [1, "a", {}],
  { a: 1 },
  { a: [], b: { c: null } },
])
  test(`is what it takes: ${JSON.stringify(value)}`, () =>
    assert.equal(textLength(value), JSON.stringify(value).length))

test("is never more than what it takes", () =>
  fc.assert(fc.property(fc.jsonValue(), (value) => textLength(value) <= JSON.stringify(value).length)))

test("is no less than the texts in it, whatever they stand in", () => {
  const text = "x".repeat(1000)
  for (const value of [text, [text], { [text]: 1 }, { a: [{ b: text }] }]) assert.ok(textLength(value) >= 1000)
})
