import assert from "node:assert/strict"
import { test } from "node:test"
import { RESULTS } from "./results.fixture.ts"
import { aligned, patternTable, peerTable, shown, textReport } from "./table.ts"

const chromium = RESULTS.browsers.chromium
assert.ok(chromium)

test("each figure stands beside brownfield's, with the ratio; what an engine does not tell is a dash", () => {
  const table = patternTable(chromium)
  assert.deepEqual(table[0], ["", "isolated", "brownfield", "ratio"])
  assert.deepEqual(table[1], ["20,000 calls issued at once, calls/s", "250,000", "300,000", "0.84"])
  assert.deepEqual(table.at(-1), ["the hook itself, µs a call", "0.04", "", ""])
  assert.deepEqual(table.find(([title]) => title?.includes("main thread"))?.slice(1), ["–", "–", ""])
})

test("each peer stands below isolated, with isolated ÷ peer and how many calls each made at once; what no peer has is no column", () => {
  assert.deepEqual(peerTable(chromium.isolated, RESULTS.peers.chromium ?? {}, RESULTS.efforts), [
    ["", "calls at once", "at once, calls/s", "p50, µs"],
    ["Sallyport, isolated", "20,000", "250,000", "300"],
    ["bare WebSocket", "300", "10,000 (25)", "150 (2.01)"],
    ["somebody new", "200", "20,000 (12)", "–"],
  ])
})

test("numbers stand under each other", () => {
  assert.deepEqual(
    aligned([
      ["", "one", "two"],
      ["a title", "1", "22,222"],
    ]),
    ["          one      two", "a title     1   22,222"],
  )
})

test("the report says how much was measured, of Sallyport's own and of peers", () => {
  const { own, peers } = RESULTS.efforts
  assert.notEqual(own.burst_calls, peers.burst_calls)
  const lines = textReport(RESULTS)
  for (const [who, { burst_calls, serial_calls }] of [
    ["Isolated and brownfield", own],
    ["Each peer", peers],
  ] as const) {
    const line = lines.find((text) => text.startsWith(who)) ?? ""
    for (const calls of [`${shown(burst_calls)} calls at once`, `${shown(serial_calls)} one after the other`])
      assert.ok(line.includes(calls), line)
  }
})

test("the report names each browser, the Core's memory and the command line", () => {
  const lines = textReport(RESULTS)
  assert.equal(lines[1], "chromium 156.0.1")
  assert.ok(lines.some((line) => line.startsWith("bare WebSocket")))
  assert.deepEqual(lines.slice(-3), [
    "heap of the Core for an idle session: 12,000 bytes",
    "sallyport check, 20 files: – ms",
    "sallyport test --node, 1,000 cases: 650 ms",
  ])
})
