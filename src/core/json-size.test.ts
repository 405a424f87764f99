import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { HOSTILE_TEXTS } from "../boundary/wire/hostile-texts.fixture.ts"
import { exceedsNesting } from "../boundary/wire/parse.ts"
import { measureJson } from "./json-size.ts"

const bytesExceedNesting = (json: Uint8Array, limit: number): boolean => measureJson(json, limit) === null
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
    ["lists without end, at the limit", "[[[[", false],
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
    const pieces = ["[", "]", "{", "}", '"', "\\", ":", ",", '\\"', "\\\\", "é", "\u{1f600}", "[[", "x".repeat(15)]
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

  test("is told of what is hostile to whoever counts brackets", () => {
    for (const text of HOSTILE_TEXTS) measureJson(bytesOf(text), 256)
  })
})

describe("size", () => {
  const sizeOf = (json: string): number => measureJson(bytesOf(json), 256)?.total ?? Number.NaN
  const callsOf = (json: string): string[] =>
    (measureJson(bytesOf(json), 256)?.calls ?? []).map(({ start, end }) => json.slice(start, end))

  test("finds the calls, whatever else is in the payload, and of two lists the one that the parser takes", () => {
    for (const [json, expected] of [
      [
        '{"calls":[[1,"a",{"b":[[]]}],[2,"c"]],"refused":[[3]],"logs":[["log","]"]]}',
        ['[1,"a",{"b":[[]]}]', '[2,"c"]'],
      ],
      ['{"refused":[[3,"calls"]],"calls":[[1,"a"]]}', ['[1,"a"]']],
      ['{ "calls" : [ [1,"a"] , [2,"calls:[["] ] }', ['[1,"a"]', '[2,"calls:[["]']],
      ['{"calls":[[1,"a"]],"calls":[[2,"b"]]}', ['[2,"b"]']],
      ['{"calls":[[1,"a"]],"calls":[]}', []],
      ['{"a":{"calls":[[1,"a"]]}}', []],
      ['{"hook":"calls","logs":[[1]]}', []],
      ['[["calls",[[1]]]]', []],
    ] as const)
      assert.deepEqual(callsOf(json), expected, json)
  })

  test("tells of a name that is written with an escape: its list could be anybody's", () => {
    for (const [json, expected] of [
      ['{"\\u0063alls":[]}', true],
      ['{"calls":[[1,"a"]],"\\u0063alls":[[1,"b"]],"logs":[]}', true],
      ['{"calls":[[1,"\\u0061",{"\\u0061":1}]],"hook":"\\u0061"}', false],
      ['["\\u0061"]', false],
    ] as const)
      assert.equal(measureJson(bytesOf(json), 256)?.hasEscapedName, expected, json)
  })

  test("of a call is a part of the whole, and no less than what its text would be by itself", () => {
    const call = '[1,"a",{"b":[1.5,"c",{}]}]'
    const { total, calls } = measureJson(bytesOf(`{"calls":[${call},${call}]}`), 256) ?? { total: 0, calls: [] }
    assert.deepEqual(
      calls.map(({ size }) => size),
      [sizeOf(call), sizeOf(call)],
    )
    assert.ok(total > 2 * sizeOf(call))
  })

  test("counts a text twice that may be one of two bytes a character", () => {
    const text = "x".repeat(1000)
    assert.ok(sizeOf(`"${text}"`) < 1100)
    for (const wide of ["ж", "\\u0436", "é"]) assert.ok(sizeOf(`"${text}${wide}"`) > 2000)
  })

  test("counts what long texts may become", () => {
    const size = (json: string): number => measureJson(bytesOf(json), 9, { bytes: 5, extra: 10_000 })?.total ?? 0
    assert.ok(size('["abcd"]') < 1000)
    assert.ok(size('["abcde","abcdef"]') > 20_000)
  })
})
