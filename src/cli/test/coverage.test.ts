import assert from "node:assert/strict"
import { test } from "node:test"
import { asRanges, coverageOf } from "./coverage.ts"

const text = `const a = (x) => {
  if (x) return 1

  return 2
}
a(true)`
const at = (part: string): [startOffset: number, endOffset: number] => {
  const start = text.indexOf(part)
  return [start, start + part.length]
}
const range = ([startOffset, endOffset]: [number, number], count: number) => ({ startOffset, endOffset, count })
const run = (notRun: string) => ({
  file: "/a.js",
  functions: [
    { functionName: "", isBlockCoverage: true, ranges: [range([0, text.length], 1)] },
    { functionName: "a", isBlockCoverage: true, ranges: [range(at(text.slice(10, -8)), 1), range(at(notRun), 0)] },
  ],
})
const scripts = [{ file: "/a.js", text, lineOffset: 10, columnOffset: 0 }]

test("lines that never ran are named, as the file numbers them; blank ones do not count", () => {
  const [file] = coverageOf(scripts, [run("  return 2")])
  assert.deepEqual(file?.missed, [14])
  assert.deepEqual(file?.lines, { total: 5, covered: 4 })
  assert.deepEqual(file?.branches, { total: 3, covered: 2 })
})

test("what ran in any of several runs has run", () => {
  const [file] = coverageOf(scripts, [run("  return 2"), run("return 1")])
  assert.deepEqual(file?.missed, [])
})

test("a script that was never counted never ran", () => {
  assert.deepEqual(coverageOf(scripts, [])[0]?.lines, { total: 5, covered: 0 })
})

test("numbers in a row are a range", () => assert.equal(asRanges([1, 3, 4, 5, 9]), "1, 3-5, 9"))
