import { descendants, machineTicks, type Process, TICK_US, taken } from "../profile/processes.ts"
import type { Busy } from "./sweep.ts"

export interface Observed<Result> {
  readonly result: Result
  /** Threads, the busiest first. */
  readonly busiest: readonly Busy[]
  readonly processors: number
  /** Of all processors, by whatever does not take part. */
  readonly others: number
}

/** Watches every process that takes part while something runs. `roles`: what processes are, by id. */
export async function observe<Result>(
  roles: ReadonlyMap<number, string>,
  run: () => Promise<Result>,
): Promise<Observed<Result>> {
  const before = descendants()
  const ticksBefore = machineTicks()
  const started = performance.now()
  const result = await run()
  const elapsedUs = (performance.now() - started) * 1000
  const ofMachine = ((machineTicks() - ticksBefore) * TICK_US) / elapsedUs
  const busy = busyThreads(taken(before, descendants()), roles, elapsedUs)
  return { result, ...busy, others: Math.max(0, ofMachine - busy.processors) }
}

export function busyThreads(
  processes: readonly Process[],
  roles: ReadonlyMap<number, string>,
  elapsedUs: number,
): { readonly busiest: readonly Busy[]; readonly processors: number } {
  const threads = processes.flatMap(({ pid, name, threads }) => {
    const role = roles.get(pid) ?? name
    return [...threads].map(([id, thread]) => ({
      name: id === String(pid) ? `${role}, main thread` : `${role}, thread ${thread.name}`,
      share: (thread.ticks * TICK_US) / elapsedUs,
    }))
  })
  return {
    busiest: threads
      .filter(({ share }) => share > 0.01)
      .toSorted((a, b) => b.share - a.share)
      .slice(0, 4),
    processors: threads.reduce((sum, { share }) => sum + share, 0),
  }
}
