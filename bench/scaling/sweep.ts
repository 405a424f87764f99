/** How busy something is: 1 is one processor, all the time. */
export interface Busy {
  readonly name: string
  readonly share: number
}

/** What was measured at one place of a sweep. */
export interface Point {
  readonly x: number
  readonly calls: number
  readonly perSecond: number
  readonly p99Us: number
  /** Threads, the busiest first. */
  readonly busiest: readonly Busy[]
  /** Of all processors, by everything that takes part, together. */
  readonly processors: number
  /** Of all processors, by whatever does not take part: the less, the better the measurement. */
  readonly others: number
}

export interface Line {
  readonly name: string
  readonly points: readonly Point[]
}

/** The same calls while one thing grows. */
export interface Sweep {
  /** Name of its chart: `docs/scaling-<id>.svg`. */
  readonly id: string
  readonly title: string
  /** What is done at each place, in a sentence. */
  readonly what: string
  /** What grows, with its unit. */
  readonly axis: string
  readonly label: (x: number) => string
  readonly lines: readonly Line[]
}

/** A thread that is as busy as this has hardly a moment for more. */
const SATURATED = 0.8

/**
 * What saturates first as a line goes on, in words: a thread that has no time left, or all processors. Where nothing does, what
 * came closest.
 */
export function whatSaturates({ points }: Line, label: (x: number) => string, processors: number): string {
  for (const { x, busiest, processors: taken } of points) {
    const [first] = busiest
    if (first !== undefined && first.share >= SATURATED) return `${first.name} (${percent(first.share)} at ${label(x)})`
    if (taken >= SATURATED * processors)
      return `all ${processors} processors (${percent(taken / processors)} at ${label(x)}; busiest: ${first?.name}, ${percent(first?.share ?? 0)})`
  }
  const [closest] = points
    .flatMap(({ x, busiest }) => busiest.slice(0, 1).map((busy) => ({ ...busy, x })))
    .toSorted((a, b) => b.share - a.share)
  if (closest === undefined) return "nothing"
  return `nothing; busiest is ${closest.name} (${percent(closest.share)} at ${label(closest.x)})`
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
