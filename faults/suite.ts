import assert from "node:assert/strict"
import { test } from "node:test"
import type { BrowserName } from "../e2e/drivers/driver.ts"
import { FAULTS } from "./catalogue/index.ts"
import type { Fault } from "./fault.ts"
import { runControl, runFault } from "./run-fault.ts"

/**
 * Faults as tests, as quick as they can be: seconds for minutes, every few bytes for every one. Those that leave `browser` out of
 * the tests happen there in `npm run faults`.
 */
export function suite(browser: BrowserName | null): void {
  const happensHere = ({ browsers, leftOutOfTests = [] }: Fault): boolean =>
    browser === null ? browsers.length === 0 : browsers.includes(browser) && !leftOutOfTests.includes(browser)
  for (const fault of FAULTS.filter(happensHere))
    test(`${fault.id}: ${fault.name}`, async () => {
      const { findings, problem } = await runFault(fault, browser, { isQuick: true })
      assert.equal(problem, null)
      assert.deepEqual(findings, [])
    })
}

/** Controls that need no browser, for some of the faults: `npm run faults -- --controls` has all. */
export function controls(ids: readonly string[]): void {
  for (const fault of FAULTS.filter(({ id }) => ids.includes(id)))
    for (const control of fault.controls)
      test(`${fault.id}: without ${control.change.off}, ${control.breaks} is reported`, async () => {
        const { isReported, verdict } = await runControl(fault, control)
        assert.ok(isReported, JSON.stringify(verdict))
      })
}
