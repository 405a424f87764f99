import assert from "node:assert/strict"
import { test } from "node:test"
import * as fc from "fast-check"
import { describe, type Finding, property, tryBatches } from "./property.ts"

const holds = property("numbers are numbers", fc.integer(), (value) => assert.equal(typeof value, "number"))
const breaks = property("numbers are small", fc.nat(), async (value) => assert.ok(value < 1000, `${value} is large`))

test("a promise that holds is tried at least once, and until it is enough", async () => {
  const { runs, finding } = await tryBatches(holds, 1, () => true)
  assert.deepEqual([runs > 0, finding], [true, null])
  assert.equal((await tryBatches(holds, 1, (batches) => batches === 3)).runs, 3 * runs)
})

test("what breaks a promise is found, shrunk, and found again from its seed", async () => {
  const { finding } = await tryBatches(breaks, 5, (batches) => batches === 1000)
  const { seed, counterexample, error } = finding as Finding
  assert.equal(counterexample, "1000")
  assert.match(error, /1000 is large/)
  assert.deepEqual((await breaks.tryBatch(seed)).finding?.counterexample, "1000")
  const text = describe({ name: "numbers", properties: [breaks] }, breaks, finding as Finding)
  assert.match(text, /^numbers: numbers are small: does not hold\n {2}for\n {4}1000\n {2}because\n {4}/)
  assert.ok(text.endsWith(`again:  npm run fuzz -- --only numbers --seed ${seed}`))
})

test("each batch tries other values", async () => {
  const seen = new Set<number>()
  const spy = property("anything", fc.double(), (value) => void seen.add(value), 10)
  await spy.tryBatch(1)
  const { size } = seen
  await spy.tryBatch(2)
  assert.ok(seen.size > size)
})
