import { measureCosts, measureHook } from "./costs.ts"
import type { Efforts } from "./effort.ts"
import { figuresOf, ratiosOf } from "./figures.ts"
import { type Contender, type Measured, measure } from "./measure.ts"
import type { OpenBrowser } from "./open-browser.ts"
import type { BrowserResult, PeerResult } from "./results.ts"

export interface BrowserMeasured {
  readonly result: BrowserResult
  readonly peers: Readonly<Record<string, PeerResult>>
  readonly failures: readonly string[]
}

/** Measures both patterns and the peers in one browser. Throws an `Error` when that cannot be had. */
export async function measureBrowser(
  { driver, isolated, brownfield, rivals, failures }: OpenBrowser,
  efforts: Efforts,
  say: (line: string) => void,
): Promise<BrowserMeasured> {
  say(`── ${driver.name} ${driver.version}`)
  for (const why of failures) say(`✗  ${why}`)
  const measured = await measure([isolated, brownfield, ...rivals], efforts.isQuick, say)
  const of = (contender: Contender): Measured => measured.get(contender) as Measured
  const more = [...measured].flatMap(([{ name }, { failures: whys }]) => whys.map((why) => `${name}: ${why}`))
  const isolatedCosts = await measureCosts(isolated.page, isolated.core, efforts.own)
  const brownfieldCosts = await measureCosts(brownfield.page, brownfield.core, efforts.own)
  return {
    result: {
      version: driver.version,
      isolated: {
        ...figuresOf(of(isolated).samples),
        ...isolatedCosts,
        hook_us_per_call: await measureHook(isolated.page),
      },
      brownfield: { ...figuresOf(of(brownfield).samples), ...brownfieldCosts },
      ratios: ratiosOf(of(isolated).samples, of(brownfield).samples),
    },
    peers: Object.fromEntries(
      rivals.map((rival) => [
        rival.name,
        {
          burst_calls: rival.effort.burstCalls,
          ...figuresOf(of(rival).samples),
          ratios: ratiosOf(of(isolated).samples, of(rival).samples),
        },
      ]),
    ),
    failures: [...failures, ...more].map((why) => `${driver.name}, ${why}`),
  }
}
