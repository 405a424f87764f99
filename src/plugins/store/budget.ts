import { measureJson } from "../../core/json-size.ts"

/** What all stores of an app may hold in memory, in bytes, by the same bound as calls: a text of three bytes may be an object of 64. */
const MAX_BYTES = 64 * 1024 * 1024

/** What a map takes for a key, besides the key. */
const ENTRY_BYTES = 128

/** Counts what stores hold, so that no page can fill the Core's memory with them. */
export class Budget {
  readonly #sizes = new Map<object, Map<string, number>>()
  #total = 0

  /** A store begins with, or goes over to, these entries. Throws an `Error`, and changes nothing, when that is too much. */
  hold(store: object, entries: ReadonlyMap<string, unknown>): void {
    const sizes = new Map([...entries].map(([key, value]) => [key, sizeOf(key, value)]))
    const before = sum(this.#sizes.get(store))
    this.#take(sum(sizes) - before)
    this.#sizes.set(store, sizes)
  }

  set(store: object, key: string, value: unknown): void {
    const sizes = this.#sizes.get(store)
    const size = sizeOf(key, value)
    this.#take(size - (sizes?.get(key) ?? 0))
    sizes?.set(key, size)
  }

  delete(store: object, key: string): void {
    const sizes = this.#sizes.get(store)
    this.#total -= sizes?.get(key) ?? 0
    sizes?.delete(key)
  }

  release(store: object): void {
    this.#total -= sum(this.#sizes.get(store))
    this.#sizes.delete(store)
  }

  #take(more: number): void {
    if (more > 0 && this.#total + more > MAX_BYTES)
      throw new Error(
        `all stores together hold at most ${MAX_BYTES} bytes of memory, by an upper bound: delete some keys, or use files`,
      )
    this.#total += more
  }
}

function sizeOf(key: string, value: unknown): number {
  const json = Buffer.from(JSON.stringify([key, value]))
  return ENTRY_BYTES + (measureJson(json, Number.POSITIVE_INFINITY)?.total ?? Number.POSITIVE_INFINITY)
}

function sum(sizes: ReadonlyMap<string, number> = new Map()): number {
  let total = 0
  for (const size of sizes.values()) total += size
  return total
}
