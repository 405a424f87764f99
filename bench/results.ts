import type { BrowserName } from "../e2e/drivers/driver.ts"
import type { Costs } from "./costs.ts"
import type { EffortTold } from "./effort.ts"
import type { Figures } from "./figures.ts"
import type { Machine } from "./machine.ts"

/** What `--json` prints. */
export interface Results {
  readonly machine: Machine
  /** How much was measured of isolated and brownfield, and of peers: a rate of few calls at once is not that of many. */
  readonly efforts: { readonly own: EffortTold; readonly peers: EffortTold }
  readonly browsers: { readonly [name in BrowserName]?: BrowserResult }
  /** By browser and name. */
  readonly peers: { readonly [name in BrowserName]?: Readonly<Record<string, PeerResult>> }
  /** `null` when it could not be measured. */
  readonly core: { readonly heap_per_session_bytes: number | null }
  readonly command_line: {
    readonly check_20_files_ms: number | null
    /** With `--node`. */
    readonly test_1000_cases_ms: number | null
  }
  /** What could not be measured, and why. */
  readonly failures: readonly string[]
}

export interface BrowserResult {
  readonly version: string
  readonly isolated: Figures & Costs & { readonly hook_us_per_call: number }
  readonly brownfield: Figures & Costs
  /** Isolated ÷ brownfield, the median of the rounds' own. */
  readonly ratios: Figures
}

export interface PeerResult extends Figures {
  /** How many calls were issued at once. */
  readonly burst_calls: number
  /** Isolated ÷ this peer, the median of the rounds' own. */
  readonly ratios: Figures
}
