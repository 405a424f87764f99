import assert from "node:assert/strict"
import { test } from "node:test"
import { readBoolean, readColor, readCursor, readPoint, readPosition, readSize, readText } from "./window-values.ts"

/** Reader, what a page sends, what comes of it; an expression: the error. */
const ROWS: readonly (readonly [read: (value: unknown) => unknown, value: unknown, expected: unknown])[] = [
  [readSize, { Logical: { width: 5, height: 6.5 } }, { unit: "Logical", value: [5, 6.5] }],
  [readSize, { Physical: { width: 5, height: 6 } }, { unit: "Physical", value: [5, 6] }],
  [readSize, { Physical: { width: 0, height: 6 } }, /numbers above 0/],
  [readSize, { Logical: { width: "5", height: 6 } }, /expected \{ Logical: \{ width,height \} \}/],
  [readSize, { Logical: { width: 1e9, height: 6 } }, /expected/],
  [readSize, { Logical: { x: 5, y: 6 } }, /expected/],
  [readSize, { width: 5, height: 6 }, /expected/],
  [readSize, { Logical: null }, /expected/],
  [readSize, null, /expected/],
  [readPosition, { Logical: { x: -5, y: 0 } }, { unit: "Logical", value: [-5, 0] }],
  [readPosition, { Physical: { x: 5 } }, /expected \{ Logical: \{ x,y \} \}/],
  [readPosition, "Logical", /expected/],
  [readBoolean, true, true],
  [readBoolean, 1, /expected true or false/],
  [readText, "", ""],
  [readText, ["a"], /expected a string/],
  [readCursor, "default", ""],
  [readCursor, "hand", "pointer"],
  [readCursor, "neswResize", "nesw-resize"],
  [readCursor, "constructor", /unknown cursor "constructor"/],
  [readCursor, "url(http://example.org)", /unknown cursor/],
  [readCursor, 5, /unknown cursor 5/],
  [readColor, null, ""],
  [readColor, "#0aF", "#0aF"],
  [readColor, "#00112233", "#00112233"],
  [readColor, [1, 2, 3], "#010203ff"],
  [readColor, [1, 2, 3, 4], "#01020304"],
  [readColor, { red: 1, green: 2, blue: 3, alpha: 0 }, "#01020300"],
  [readColor, { red: 1, green: 2, blue: 3 }, "#010203ff"],
  [readColor, [1, 2], /expected a color/],
  [readColor, [1, 2, 256], /expected a color/],
  [readColor, [1, 2, 0.5], /expected a color/],
  [readColor, "red; background: url(x)", /expected a color/],
  [readColor, {}, /expected a color/],
]

for (const [read, value, expected] of ROWS)
  test(`${read.name} makes of ${JSON.stringify(value)} ${expected instanceof RegExp ? "an error" : JSON.stringify(expected)}`, () => {
    if (expected instanceof RegExp) assert.throws(() => read(value), expected)
    else assert.deepEqual(read(value), expected)
  })

test("a point stands in two arguments", () => {
  assert.deepEqual(readPoint(undefined, { x: 1, y: -2 }), { x: 1, y: -2 })
  assert.throws(() => readPoint(undefined, { x: 1 }), /expected x and y/)
  assert.throws(() => readPoint(undefined, { x: Number.POSITIVE_INFINITY, y: 1 }), /expected x and y/)
})
