import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { type BrowserName, type Driver, launch } from "../e2e/drivers/driver.ts"
import { ATTACKS } from "./catalogue/index.ts"
import { Range } from "./run-attack.ts"

/** Every attack as a test, in one browser. */
export function suite(browser: BrowserName): void {
  let driver: Driver
  let range: Range
  before(async () => {
    driver = await launch(browser)
    range = new Range(driver)
  })
  after(async () => {
    await range.close()
    await driver.close()
  })
  for (const attack of ATTACKS)
    if (attack.not?.[browser] === undefined)
      test(`${attack.id}: ${attack.name}`, async () => {
        const { succeeded, controlSucceeded, problem } = await range.try(attack)
        assert.equal(problem, null)
        assert.equal(succeeded, false, "the attack succeeded")
        assert.equal(controlSucceeded, true, "it did not succeed with its defence switched off, either")
      })
}
