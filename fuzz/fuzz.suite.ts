import assert from "node:assert/strict"
import { describe as group, test } from "node:test"
import { describe, tryFor } from "./property.ts"
import { TARGETS } from "./targets/index.ts"

/** What all of them may take together, in ms. `npm run fuzz` takes what it is given. */
const BUDGET_MS = 20_000

/** The same in every run, so that a change is judged by what it changed; `npm run fuzz` takes another each time. */
const seed = 1
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
