import assert from "node:assert/strict"
import { test } from "node:test"
import { drawSweep, optionsOf } from "./chart.ts"
import type { Point, Sweep } from "./sweep.ts"

const point = (x: number, perSecond: number, p99Us: number): Point => ({
  x,
  calls: 1,
  perSecond,
  p99Us,
  busiest: [],
  processors: 1,
  others: 0,
})

const SWEEP: Sweep = {
  id: "test",
  title: "Title & more",
  what: "",
  axis: "bytes",
  label: (x) => `${x} B`,
  lines: [
    { name: "isolated, raw", points: [point(0, 12_345, 1000), point(100, 1000, 25_000)] },
    { name: "isolated, text", points: [point(0, 10_000, 2000), point(10, 5000, 2500), point(100, 500, 50_000)] },
    { name: "brownfield, raw", points: [point(100, 2000, 12_500)] },
  ],
}

interface Series {
  readonly name: string
  readonly xAxisIndex: number
  readonly data: readonly (number | null)[]
  readonly lineStyle: { readonly color: string; readonly type: string }
}

test("each line stands at its own places, with rates on one panel and p99 in ms on the other", () => {
  const { series, xAxis } = optionsOf(SWEEP) as { series: readonly Series[]; xAxis: readonly { data: string[] }[] }
  assert.deepEqual(
    xAxis.map(({ data }) => data),
    [
      ["0 B", "10 B", "100 B"],
      ["0 B", "10 B", "100 B"],
    ],
  )
  assert.deepEqual(
    series.map(({ name, xAxisIndex, data }) => [name, xAxisIndex, data]),
    [
      ["isolated, raw", 0, [12_300, null, 1000]],
      ["isolated, text", 0, [10_000, 5000, 500]],
      ["brownfield, raw", 0, [null, null, 2000]],
      ["isolated, raw", 1, [1, null, 25]],
      ["isolated, text", 1, [2, 2.5, 50]],
      ["brownfield, raw", 1, [null, null, 12.5]],
    ],
  )
})

test("a pattern has one color, and what it is measured with twice another stroke", () => {
  const { series } = optionsOf(SWEEP) as { series: readonly Series[] }
  const [raw, text, brownfield] = series.map(({ lineStyle }) => lineStyle)
  assert.equal(raw?.color, text?.color)
  assert.notEqual(raw?.color, brownfield?.color)
  assert.deepEqual([raw?.type, text?.type, brownfield?.type], ["solid", "dashed", "solid"])
})

test("the picture says its words, loads nothing, and has colors for dark screens", () => {
  const svg = drawSweep(SWEEP)
  for (const word of ["Title &amp; more", "calls per second", "p99, ms", "isolated, text", "100 B"])
    assert.ok(svg.includes(word), word)
  assert.doesNotMatch(svg, /href|url\(http|<script/)
  assert.match(svg, /^<svg [^>]*><title>Title &amp; more: [^<]*<\/title><style>@media \(prefers-color-scheme:dark\)/)
  const drawn = svg.replaceAll(/<clipPath[\s\S]*?<\/clipPath>/g, "")
  for (const [element] of drawn.matchAll(/<(?:path|text|circle|rect)[^>]*>/g)) {
    if (/fill-opacity="0"|stroke-width="0"/.test(element)) continue
    // A straight line has no inside.
    const isLine = /d="M[^A-Z"]+L[^A-Z"]+"/.test(element)
    for (const [, color] of element.matchAll(isLine ? /stroke="(#[^"]+)"/g : /(?:fill|stroke)="(#[^"]+)"/g))
      assert.ok(svg.includes(`[fill="${color}"]`), `${element} has no dark color`)
  }
})
