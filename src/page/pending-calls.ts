/** Ids of one chunk: a power of two. */
const CHUNK = 256

interface Chunk<Call> {
  readonly calls: (Call | undefined)[]
  count: number
}

/**
 * Calls by id. Ids count up, so they are kept in chunks of consecutive ones: a map with an entry for each would grow, shrink and be
 * hashed anew all the time. A call that waits long keeps no more than its chunk.
 */
export class PendingCalls<Call> {
  readonly #chunks = new Map<number, Chunk<Call>>()
  size = 0

  has(id: number): boolean {
    return this.#chunks.get(Math.floor(id / CHUNK))?.calls[id % CHUNK] !== undefined
  }

  /** There must be none with this id. */
  add(id: number, call: Call): void {
    const key = Math.floor(id / CHUNK)
    let chunk = this.#chunks.get(key)
    if (chunk === undefined) {
      chunk = { calls: new Array(CHUNK).fill(undefined), count: 0 }
      this.#chunks.set(key, chunk)
    }
    chunk.calls[id % CHUNK] = call
    chunk.count++
    this.size++
  }

  /** Takes a call out. */
  take(id: number): Call | undefined {
    const key = Math.floor(id / CHUNK)
    const chunk = this.#chunks.get(key)
    const call = chunk?.calls[id % CHUNK]
    if (chunk === undefined || call === undefined) return undefined
    chunk.calls[id % CHUNK] = undefined
    this.size--
    if (--chunk.count === 0) this.#chunks.delete(key)
    return call
  }

  /** In the order in which they were added, but for ids that began anew. */
  get ids(): number[] {
    return [...this.#chunks].flatMap(([key, { calls }]) =>
      calls.flatMap((call, index) => (call === undefined ? [] : key * CHUNK + index)),
    )
  }
}
