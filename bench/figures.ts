/** What is measured of one subject in one browser: rates a second, times as their names say; `null` is what could not be had. */
export interface Figures {
  readonly burst_per_s: number | null
  readonly inflight64_per_s: number | null
  readonly serial_p50_us: number | null
  readonly serial_p99_us: number | null
  readonly raw_16mib_ms: number | null
  readonly channel_per_s: number | null
  readonly first_call_ms: number | null
}

export type FigureName = keyof Figures

export const FIGURES: Readonly<
  Record<FigureName, { readonly title: string; readonly short: string; readonly decimals: number }>
> = {
  burst_per_s: { title: "20,000 calls issued at once, calls/s", short: "at once, calls/s", decimals: 0 },
  inflight64_per_s: { title: "64 calls in flight, calls/s", short: "64 in flight, calls/s", decimals: 0 },
  serial_p50_us: { title: "one call after the other, p50, µs", short: "p50, µs", decimals: 0 },
  serial_p99_us: { title: "one call after the other, p99, µs", short: "p99, µs", decimals: 0 },
  raw_16mib_ms: { title: "a raw argument of 16 MiB, ms", short: "16 MiB, ms", decimals: 1 },
  channel_per_s: { title: "channel, Core → page, messages/s", short: "messages/s", decimals: 0 },
  first_call_ms: { title: "navigation to first reply, ms", short: "first reply, ms", decimals: 1 },
}

export const FIGURE_NAMES = Object.keys(FIGURES) as readonly FigureName[]

/** A figure of one subject, once a round; a round that it took no part in is missing at the end. */
export type Samples = ReadonlyMap<FigureName, readonly number[]>

/** The middle of several, the mean of the two in the middle; `null` of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

export function figuresOf(samples: Samples): Figures {
  return each((name) => rounded(median(samples.get(name) ?? []), FIGURES[name].decimals))
}

/**
 * How many times the other's figure each one is: the median of the rounds' own ratios. Both were measured in one round within
 * seconds, and the machine's speed drifts by the minute: it is in both, and falls out.
 */
export function ratiosOf(samples: Samples, others: Samples): Figures {
  return each((name) => {
    const [own = [], other = []] = [samples.get(name), others.get(name)]
    const rounds = Math.min(own.length, other.length)
    return rounded(median(own.slice(0, rounds).map((value, round) => value / (other[round] as number))), 3)
  })
}

function each(figure: (name: FigureName) => number | null): Figures {
  return Object.fromEntries(FIGURE_NAMES.map((name) => [name, figure(name)])) as unknown as Figures
}

export function rounded(value: number | null, decimals: number): number | null {
  return value === null ? null : Number(value.toFixed(decimals))
}
