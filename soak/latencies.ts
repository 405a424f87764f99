/** How long calls took. */
export class Latencies {
  readonly #ms: number[] = []

  get count(): number {
    return this.#ms.length
  }

  add(ms: number): void {
    this.#ms.push(ms)
  }

  addAll({ ms }: { readonly ms: readonly number[] }): void {
    for (const one of ms) this.#ms.push(one)
  }

  get ms(): readonly number[] {
    return this.#ms
  }

  /** So many of a hundred took at most this long, in µs; `NaN` when there was none. */
  percentile(percent: number): number {
    const sorted = this.#ms.toSorted((a, b) => a - b)
    return Math.round(
      (sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN) * 1000,
    )
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
