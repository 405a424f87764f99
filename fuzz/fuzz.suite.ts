import assert from "node:assert/strict"
import { describe as group, test } from "node:test"
import { describe, randomSeed, tryFor } from "./property.ts"
import { TARGETS } from "./targets/index.ts"

/** What all of them may take together, in ms. `npm run fuzz` takes what it is given. */
const BUDGET_MS = 20_000

const seed = randomSeed()
const count = TARGETS.reduce((sum, { properties }) => sum + properties.length, 0)

for (const target of TARGETS) {
  group(target.name, () => {
    for (const property of target.properties)
      test(property.name, async () => {
        const { finding } = await tryFor(property, seed, BUDGET_MS / count)
        if (finding !== null) assert.fail(describe(target, property, finding))
      })
  })
}
