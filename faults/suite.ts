import assert from "node:assert/strict"
import { before, test } from "node:test"
import type { BrowserName } from "../e2e/drivers/driver.ts"
import { selects } from "../scripts/selection.ts"
import { FAULTS } from "./catalogue/index.ts"
import type { Fault } from "./fault.ts"
import { runControl, runFault, type Verdict } from "./run-fault.ts"

/** Faults without a browser that happen at once: most of their time is spent waiting. */
const AT_ONCE = 3

/**
 * Faults as tests, as quick as they can be: seconds for minutes, every few bytes for every one. Those that leave `browser` out of
 * the tests happen there with `npm test -- --all`. One at a time: a fault finds the processes of its browser among all that are this
 * process's.
 */
export function suite(browser: BrowserName): void {
  const happensHere = ({ browsers, leftOutOfTests = [] }: Fault): boolean =>
    browsers.includes(browser) && selects(!leftOutOfTests.includes(browser))
  for (const fault of FAULTS.filter(happensHere))
    test(`${fault.id}: ${fault.name}`, async () => survived(await runFault(fault, browser, { isQuick: true })))
}

/**
 * Faults that need no browser, and the controls of some: `npm run faults -- --controls` has all. Several happen at once, and each
 * test waits for its own.
 */
export function suiteWithoutBrowser(idsOfControls: readonly string[]): void {
  const faults = FAULTS.filter(({ browsers }) => browsers.length === 0)
  const controls = faults.flatMap((fault) =>
    idsOfControls.includes(fault.id) ? fault.controls.map((control) => ({ fault, control })) : [],
  )
  let verdicts: readonly Promise<Verdict>[] = []
  let reports: readonly ReturnType<typeof runControl>[] = []
  before(() => {
    const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve<unknown>(null))
    const inTurn = <Result>(run: () => Promise<Result>): Promise<Result> => {
      const result = (lanes.shift() as Promise<unknown>).then(run)
      lanes.push(result.catch(() => {}))
      return result
    }
    verdicts = faults.map((fault) => inTurn(() => runFault(fault, null, { isQuick: true })))
    reports = controls.map(({ fault, control }) => inTurn(() => runControl(fault, control)))
  })
  for (const [index, fault] of faults.entries())
    test(`${fault.id}: ${fault.name}`, async () => survived(await verdicts[index]))
  for (const [index, { fault, control }] of controls.entries())
    test(`${fault.id}: without ${control.change.off}, ${control.breaks} is reported`, async () => {
      const report = await reports[index]
      assert.ok(report?.isReported, JSON.stringify(report?.verdict))
    })
}

function survived(verdict: Verdict | undefined): void {
  assert.equal(verdict?.problem, null)
  assert.deepEqual(verdict?.findings, [])
}
