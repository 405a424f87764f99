import assert from "node:assert/strict"
import { test } from "node:test"
import { altText, CHARTS, drawChart, rowsOf } from "./charts.ts"
import { RESULTS } from "./results.fixture.ts"

const [rates] = CHARTS
assert.ok(rates)

test("rows are Sallyport's own and each peer, with what each browser gave", () => {
  const rows = rowsOf(RESULTS, "burst_per_s")
  assert.deepEqual(rows[0], {
    title: "Sallyport, isolated",
    values: { chromium: 250_000, firefox: null, webkit: null },
  })
  assert.deepEqual(rows.find(({ title }) => title === "bare WebSocket")?.values.chromium, 10_000)
  assert.equal(rows.find(({ title }) => title.startsWith("penpal"))?.values.chromium, null)
})

test("a chart shows the figures and who they are of, and the same figures make the same file", () => {
  const svg = drawChart(rates, RESULTS)
  for (const text of [
    "250,000",
    "300,000",
    "10,000",
    "Sallyport, isolated",
    "bare WebSocket",
    "Firefox",
    "64 in flight",
  ])
    assert.ok(svg.includes(`>${text}<`), text)
  assert.equal(drawChart(rates, RESULTS), svg)
})

test("a chart has colors for a dark screen, and no others than those", () => {
  const svg = drawChart(rates, RESULTS)
  assert.match(svg, /^<svg [^>]*><title>Calls per second[^<]*<\/title><style>@media \(prefers-color-scheme:dark\)/)
  const replaced = new Set([...svg.matchAll(/\[fill="(#\w+)"\]/g)].map(([, color]) => color))
  const used = [...svg.matchAll(/ (?:fill|stroke)="(#\w+)"/g)].map(([, color]) => color)
  assert.ok(used.length > 0)
  assert.deepEqual(
    used.filter((color) => !replaced.has(color)),
    [],
  )
})

test("whoever does not see a chart is told Sallyport's own figures", () => {
  assert.match(
    altText(rates, RESULTS),
    /Sallyport, isolated: Chromium 250,000; Sallyport, brownfield: Chromium 300,000\./,
  )
})
