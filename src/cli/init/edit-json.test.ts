import assert from "node:assert/strict"
import { test } from "node:test"
import { setInJson } from "./edit-json.ts"

const ROWS: readonly (readonly [promise: string, before: string, keys: readonly string[], after: string])[] = [
  ["into an empty object", "{}", ["a"], '{ "a": 1 }'],
  ["into an object of one line", '{ "b": 2 }', ["a"], '{ "b": 2, "a": 1 }'],
  ["at the end of an object of several lines", '{\n  "b": 2\n}\n', ["a"], '{\n  "b": 2,\n  "a": 1\n}\n'],
  ["behind a comma that is there already", '{\n\t"b": 2,\n}', ["a"], '{\n\t"b": 2,\n\t"a": 1,\n}'],
  ["behind the comment of the line before", '{\n  "b": 2 // two\n}', ["a"], '{\n  "b": 2, // two\n  "a": 1\n}'],
  [
    "behind a comment and a comma",
    '{\n  "b": 2 /* , */, // two\n}',
    ["a"],
    '{\n  "b": 2 /* , */, // two\n  "a": 1,\n}',
  ],
  ["with the line ends of the file", '{\r\n  "b": 2\r\n}', ["a"], '{\r\n  "b": 2,\r\n  "a": 1\r\n}'],
  ["behind a byte order mark", '\uFEFF{ "b": 2 }', ["a"], '\uFEFF{ "b": 2, "a": 1 }'],
  ["in place of another value", '{ "a": { "x": [1, 2] }, "b": 2 }', ["a"], '{ "a": 1, "b": 2 }'],
  ["into objects on the way", '{ "app": { "b": 2 } }', ["app", "c", "d"], '{ "app": { "b": 2, "c": { "d": 1 } } }'],
  ["under names without quotes", "{ app: { 'b': 2 } }", ["app", "b"], "{ app: { 'b': 1 } }"],
  ["into an object that only holds a comment", "{\n  // nothing\n}", ["a"], '{\n  // nothing\n  "a": 1\n}'],
  ["behind a comment at the start", '// mine\n{ "b": 2 }', ["a"], '// mine\n{ "b": 2, "a": 1 }'],
  ["in place of the last of two", '{ "a": 3, "a": 4 }', ["a"], '{ "a": 3, "a": 1 }'],
]
for (const [promise, before, keys, after] of ROWS)
  test(`sets a value ${promise}`, () => assert.equal(setInJson(before, keys, 1), after))

test("writes objects in one line, as people do", () => {
  const value = { use: "isolation", options: { dir: "../x" }, list: [1, {}] }
  assert.equal(
    setInJson("{}", ["p"], value),
    '{ "p": { "use": "isolation", "options": { "dir": "../x" }, "list": [1, {}] } }',
  )
})

test("changes nothing where something on the way is no object, or the text is no JSON", () => {
  assert.throws(() => setInJson('{ "app": 7 }', ["app", "a"], 1), { name: "TypeError", message: "app is no object" })
  assert.throws(() => setInJson("{ app: ", ["app"], 1), SyntaxError)
})
