import assert from "node:assert/strict"
import { test } from "node:test"
import { readRange } from "./byte-range.ts"

for (const [header, size, expected] of [
  [undefined, 10, null],
  ["bytes=0-4", 10, { start: 0, end: 4 }],
  ["bytes=4-", 10, { start: 4, end: 9 }],
  ["bytes=-3", 10, { start: 7, end: 9 }],
  ["bytes=-30", 10, { start: 0, end: 9 }],
  ["bytes=0-99", 10, { start: 0, end: 9 }],
  ["bytes=9-9", 10, { start: 9, end: 9 }],
  ["bytes=10-", 10, "unsatisfiable"],
  ["bytes=-0", 10, "unsatisfiable"],
  ["bytes=0-", 0, "unsatisfiable"],
  ["bytes=5-4", 10, null],
  ["bytes=-", 10, null],
  ["bytes=0-1,3-4", 10, null],
  ["lines=0-1", 10, null],
  ["bytes=a-b", 10, null],
] as const) {
  test(`reads ${header ?? "no range"} of ${size} bytes`, () => {
    assert.deepEqual(readRange(header, size), expected)
  })
}
