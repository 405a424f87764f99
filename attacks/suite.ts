import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { type Place, placesOf } from "./attack.ts"
import { ATTACKS } from "./catalogue/index.ts"
import { Range } from "./run-attack.ts"

/** Every attack of one place as a test. */
export function suite(place: Place): void {
  let range: Range
  before(async () => {
    range = await Range.open(place)
  })
  after(() => range.close())
  for (const attack of ATTACKS)
    if (placesOf(attack).includes(place))
      test(`${attack.id}: ${attack.name}`, async () => {
        const { succeeded, controlSucceeded, problem } = await range.try(attack)
        assert.equal(problem, null)
        assert.equal(succeeded, false, "the attack succeeded")
        assert.equal(controlSucceeded, true, "it did not succeed with its defence switched off, either")
      })
}
