import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { HOSTILE_TEXTS } from "../protocol/hostile-texts.fixture.ts"
import { exceedsNesting } from "../protocol/parse.ts"
import { bytesExceedNesting } from "./nesting.ts"

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels)

describe("nesting, by bytes", () => {
  for (const [name, text, expected] of [
    ["lists at the limit", deep(4), false],
    ["lists one deeper", deep(5), true],
    ["objects at the limit", `${'{"a":'.repeat(4)}1${"}".repeat(4)}`, false],
    ["objects one deeper", `${'{"a":'.repeat(5)}1${"}".repeat(5)}`, true],
    ["wide but flat", `[${"[],".repeat(1000)}[]]`, false],
    ["brackets that close more than they open", `]]]]]]]]]]]]${"[".repeat(14)}`, false],
    ["a text too short", "[[[[", false],
    ["characters whose code units would be brackets, but for their upper half", "\u015b\u017b".repeat(100), false],
  ] as const) {
    test(`${name}: ${expected ? "too deep" : "not too deep"}`, () =>
      assert.equal(bytesExceedNesting(bytesOf(text), 4), expected))
  }

  // A string is read in two ways, by its length: what begins, ends and is escaped on either side of the border between them.
  test("finds the end of a string of any length, with quotes and backslashes at its border", () => {
    for (let before = 0; before <= 70; before++)
      for (const inside of ["", '\\"', "\\\\", '\\\\\\"', '\\"\\"', "\\\\\\\\", "é", "\\n"]) {
        const string = `"${"x".repeat(before)}${inside}[[[[[[${inside}${"y".repeat(before % 7)}"`
        assert.equal(bytesExceedNesting(bytesOf(`[${string},${string}]`), 4), false, string)
        assert.equal(bytesExceedNesting(bytesOf(`[${string},${deep(4)}]`), 4), true, string)
        assert.equal(bytesExceedNesting(bytesOf(`[${string.slice(0, -1)},${deep(9)}`), 4), false, string)
      }
  })

  test("says of any text what the protocol's own says", () => {
    let seed = 1
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      return Math.floor((seed / 2 ** 31) * below)
    }
    const pieces = [
      "[",
      "]",
      "{",
      "}",
      '"',
      "\\",
      ":",
      ",",
      '\\"',
      "\\\\",
      "é",
      "\u{1f600}",
      "\u0002",
      "[[",
      "x".repeat(15),
    ]
    let tooDeep = 0
    for (let round = 0; round < 100_000; round++) {
      let text = "["
      for (let length = random(24); length > 0; length--) text += pieces[random(pieces.length)]
      // Neither reads a text that is too short for the limit, and bytes are more than characters.
      text += " ".repeat(8)
      for (const limit of [1, 2, 3]) {
        const expected = exceedsNesting(text, limit)
        assert.equal(bytesExceedNesting(bytesOf(text), limit), expected, text)
        if (expected) tooDeep++
      }
    }
    assert.ok(tooDeep > 1000, `only ${tooDeep} texts were too deep`)
  })

  test("is counted in time that grows with the text, however hostile", () => {
    const started = performance.now()
    for (const text of HOSTILE_TEXTS) bytesExceedNesting(bytesOf(text), 256)
    assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`)
  })
})
