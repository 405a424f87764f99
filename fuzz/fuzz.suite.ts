import assert from "node:assert/strict"
import { describe as group, test } from "node:test"
import { selection } from "../scripts/selection.ts"
import { describe, tryBatches } from "./property.ts"
import { TARGETS } from "./targets/index.ts"

/** Batches of each property: the same on every machine, so that a change is judged by what it changed. */
const BATCHES = selection() === "default" ? 4 : 20

/** The same in every run, for the same reason; `npm run fuzz` takes another each time. */
const SEED = 1

for (const target of TARGETS) {
  group(target.name, () => {
    for (const property of target.properties)
      test(property.name, async () => {
        const { finding } = await tryBatches(property, SEED, (batches) => batches === BATCHES)
        if (finding !== null) assert.fail(describe(target, property, finding))
      })
  })
}
