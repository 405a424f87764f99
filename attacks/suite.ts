import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { selects } from "../scripts/selection.ts"
import type { Place } from "./attack.ts"
import { proofsIn } from "./plan.ts"
import { Range } from "./run-attack.ts"

/** Every attack of one place, and every control, as a test each; of them those that the selection includes. */
export function suite(place: Place): void {
  let range: Range
  before(async () => {
    range = await Range.open(place)
  })
  after(() => range.close())
  for (const { attack, isControl, title, isDefault } of proofsIn(place))
    if (selects(isDefault))
      test(title, async () => {
        if (isControl)
          assert.ok(await range.control(attack), "it did not succeed with its defence switched off, either")
        else assert.equal(await range.attack(attack), false, "the attack succeeded")
      })
}
