import assert from "node:assert/strict"
import { test } from "node:test"
import { type FigureName, figuresOf, median, ratiosOf, type Samples } from "./figures.ts"

const samples = (figures: Partial<Record<FigureName, readonly number[]>>): Samples =>
  new Map(Object.entries(figures) as [FigureName, readonly number[]][])

test("the median is the middle by size, of an even number the mean of the two in the middle", () => {
  assert.equal(median([9, 100, 10]), 10)
  assert.equal(median([4, 1, 3, 2]), 2.5)
  assert.equal(median([]), null)
})

test("a figure is the median of its rounds, and null when it was not measured", () => {
  const figures = figuresOf(samples({ burst_per_s: [100_000.4, 300_000, 200_000.6], raw_16mib_ms: [1.26] }))
  assert.equal(figures.burst_per_s, 200_001)
  assert.equal(figures.raw_16mib_ms, 1.3)
  assert.equal(figures.channel_per_s, null)
})

test("a ratio is the median of the rounds' own ratios, so that a machine that slows down is in both", () => {
  const own = samples({ burst_per_s: [80, 40, 8], channel_per_s: [3] })
  const other = samples({ burst_per_s: [100, 50, 20] })
  // The medians' ratio would be the same by chance only: 40 / 50; the rounds are 0.8, 0.8, 0.4.
  assert.equal(ratiosOf(own, other).burst_per_s, 0.8)
  assert.equal(ratiosOf(samples({ burst_per_s: [10, 100, 90] }), samples({ burst_per_s: [20, 50, 10] })).burst_per_s, 2)
  assert.equal(ratiosOf(own, other).channel_per_s, null)
})

test("who took part in fewer rounds is compared in those", () => {
  const own = samples({ serial_p50_us: [100, 200, 9000] })
  assert.equal(ratiosOf(own, samples({ serial_p50_us: [50, 100] })).serial_p50_us, 2)
})
