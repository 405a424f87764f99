import assert from "node:assert/strict"
import { after, test } from "node:test"
import { selects } from "../scripts/selection.ts"
import type { Place } from "./attack.ts"
import { type Proof, proofsIn } from "./plan.ts"
import { Ranges } from "./ranges.ts"

/** Attacks in a browser that run at a time: `npm test` runs other files beside, and each further browser costs their time. */
const IN_BROWSER = 1

/** How many proofs beyond the one whose test runs are handed over to the ranges. */
const AHEAD = 12

/** Every attack of one place, and every control, as a test each; of them those that the selection includes. */
export function suite(place: Place): void {
  const ranges = new Ranges(place, place === "local" ? undefined : IN_BROWSER)
  after(() => ranges.close())
  const proofs = proofsIn(place).filter(({ isDefault }) => selects(isDefault))
  // Tests run one after the other. What the next ones prove begins before they do.
  const begun = new Map<Proof, Promise<boolean>>()
  const begin = (proof: Proof): void => {
    const proven = ranges.use(proof.needsQuiet, (range) => range.prove(proof))
    proven.catch(() => {})
    begun.set(proof, proven)
  }
  for (const [index, proof] of proofs.entries()) {
    const { title, isControl } = proof
    test(title, async () => {
      for (const next of proofs.slice(index, index + 1 + AHEAD)) if (!begun.has(next)) begin(next)
      const hasSucceeded = await begun.get(proof)
      if (isControl) assert.ok(hasSucceeded, "it did not succeed with its defence switched off, either")
      else assert.equal(hasSucceeded, false, "the attack succeeded")
    })
  }
}
