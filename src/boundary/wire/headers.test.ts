import assert from "node:assert/strict"
import { test } from "node:test"
import { normalizeHeaders } from "./headers.ts"

for (const [name, init, expected] of [
  ["undefined", undefined, null],
  ["null", null, null],
  ["a record, names in lower case", { "X-Note": "a", b: " c " }, { "x-note": "a", b: "c" }],
  ["a Headers", new Headers({ "X-Note": "a" }), { "x-note": "a" }],
  [
    "a list of pairs, repeated ones joined",
    [
      ["a", "1"],
      ["A", "2"],
    ],
    { a: "1, 2" },
  ],
  ["nothing in it", {}, {}],
  [
    "names of Object.prototype, which are names like any",
    { constructor: "1", toString: "2" },
    { constructor: "1", tostring: "2" },
  ],
] as const) {
  test(`takes ${name}`, () => {
    const headers = normalizeHeaders(init)
    assert.deepEqual<unknown>(headers && { ...headers }, expected)
    assert.equal(headers && Object.getPrototypeOf(headers), null)
  })
}

for (const [name, init] of [
  ["a name with a space", { "a b": "1" }],
  ["an empty name", { "": "1" }],
  ["a line break in a value", { a: "1\r\nb: 2" }],
  ["NUL in a value", { a: "\0" }],
  ["a character beyond Latin-1", { a: "€" }],
  ["text", "a: 1"],
  ["a number", 1],
  ["pairs that are none", [["a"]]],
  ["a name __proto__, which JSON of the page loses on its way", [["__proto__", "1"]]],
  ["a name __proto__ in any case", new Headers([["__PROTO__", "1"]])],
] as const) {
  test(`refuses ${name}`, () => assert.throws(() => normalizeHeaders(init), TypeError))
}
