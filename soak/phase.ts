import { LoadWindow } from "./client.ts"
import { CoreProcess, type Memory } from "./core-process.ts"
import { inParallel } from "./in-parallel.ts"
import type { LoadSession } from "./load-session.ts"

/** What a phase found: flat, so that it can be a row of a table. Times in µs, memory in bytes. */
export interface PhaseResult {
  readonly phase: string
  readonly calls: number
  /** Calls and connections that failed, answers that were wrong, and whatever the Core refused or logged. */
  readonly errors: number
  readonly sessions: number
  readonly p50_us?: number
  readonly p99_us?: number
  readonly heap_start?: number
  readonly heap_end?: number
  /** Promises that did not hold, in words. */
  readonly broken: readonly string[]
  readonly [figure: string]: number | string | readonly string[] | undefined
}

export interface Phase {
  readonly name: string
  /** What it does, in words. */
  readonly summary: string
  run(isQuick: boolean, say: (line: string) => void): Promise<PhaseResult>
}

/** A phase by how much it does, quickly or in full. */
export function definePhase<Effort>({
  name,
  summary,
  quick,
  full,
  run,
}: {
  readonly name: string
  readonly summary: string
  readonly quick: Effort
  readonly full: Effort
  readonly run: (effort: Effort, say: (line: string) => void) => Promise<PhaseResult>
}): Phase {
  return { name, summary, run: (isQuick, say) => run(isQuick ? quick : full, say) }
}

/** How much heap may grow in a run that should leave it flat: what compilers and caches take goes on for a while. */
export const FLAT_BYTES: number = 2 * 1024 * 1024

/** Sockets that say hello at a time: the Core holds 64 strangers, and a burst of more loses the oldest. */
const CONNECTING = 32

export const labelsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `window-${index}`)

/** Loads a Core of its own, and ends it. What goes wrong meanwhile is added to the failures. */
export async function withCore(
  labels: readonly string[],
  load: (core: CoreProcess, failures: string[]) => Promise<PhaseResult>,
): Promise<PhaseResult> {
  const core = await CoreProcess.start(labels)
  try {
    return await load(core, [])
  } finally {
    await core.close()
  }
}

export function openWindows(core: CoreProcess, labels: readonly string[]): Promise<LoadWindow[]> {
  return inParallel(labels, 16, async (label) => LoadWindow.open(await core.launchUrl(label)))
}

export function connectAll(windows: readonly LoadWindow[]): Promise<LoadSession[]> {
  return inParallel(windows, CONNECTING, (window) => window.connect())
}

export const bytesOf = ({ heap, external }: Memory): number => heap + external

export const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

/** A promise of no errors, broken or not. */
export function whatFailed(failures: readonly string[]): string[] {
  if (failures.length === 0) return []
  const kinds = [...new Set(failures)].slice(0, 3)
  return [`${failures.length} errors: ${kinds.join("; ")}`]
}
