import assert from "node:assert/strict"
import { before, test } from "node:test"
import { EXPERIMENTS, isAsPromised, type Result, runExperiments } from "./check-models.ts"

const results: Result[] = []

before(async () => {
  await runExperiments(
    EXPERIMENTS,
    ({ small }) => small,
    (result) => results.push(result),
  )
})

for (const { model, property, without } of EXPERIMENTS)
  test(
    without === null
      ? `${model.file}: ${property.promise}`
      : `${model.file}: not so where ${property.brokenBy[without]}: ${property.promise}`,
    () => {
      const result = results.find((other) => other.property === property && other.without === without)
      assert.ok(result !== undefined)
      assert.ok(isAsPromised(result), JSON.stringify(result.verdict))
    },
  )
