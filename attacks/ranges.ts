import { availableParallelism } from "node:os"
import type { Place } from "./attack.ts"
import { Range } from "./run-attack.ts"
import type { Spectator } from "./spectator.ts"
import { Victims } from "./victims.ts"

/** A use of a range that waits for its turn. */
interface Waiting {
  readonly needsQuiet: boolean
  begin(): Promise<void>
}

/**
 * Ranges of one place, each with a browser of its own: several attacks at a time, because an attack spends most of its time
 * waiting. One that needs quiet runs while no other does.
 */
export class Ranges {
  readonly #place: Place
  readonly #size: number
  readonly #spectator: Spectator | null
  readonly #victims = new Victims()
  readonly #all: Range[] = []
  readonly #free: Range[] = []
  readonly #waiting: Waiting[] = []
  #opening: Promise<unknown> = Promise.resolve()
  #running = 0
  #isQuiet = false

  /**
   * @param size most attacks at a time. Default: one for each processor
   * @param spectator watches: then there is one range, because windows side by side show nothing
   */
  constructor(place: Place, size: number = availableParallelism(), spectator: Spectator | null = null) {
    this.#place = place
    this.#spectator = spectator
    this.#size = spectator === null ? size : 1
  }

  /** Runs uses in the order in which they were handed over. */
  use<T>(needsQuiet: boolean, use: (range: Range) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const begin = async (): Promise<void> => {
        try {
          const range = this.#free.pop() ?? (await this.#open())
          await use(range)
            .then(resolve, reject)
            .finally(() => this.#free.push(range))
        } catch (error) {
          reject(error)
        }
      }
      this.#waiting.push({ needsQuiet, begin })
      this.#beginNext()
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((range) => range.close()))
    await this.#victims.close()
  }

  /** One after the other: two that look for a free display at the same moment find the same one. */
  #open(): Promise<Range> {
    const opened = this.#opening.then(() => Range.open(this.#place, this.#victims, this.#spectator))
    this.#opening = opened.catch(() => {})
    return opened.then((range) => {
      this.#all.push(range)
      return range
    })
  }

  #beginNext(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasPlaceFor(next); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#running++
      this.#isQuiet = next.needsQuiet
      void next.begin().then(() => {
        this.#running--
        this.#isQuiet = false
        this.#beginNext()
      })
    }
  }

  #hasPlaceFor({ needsQuiet }: Waiting): boolean {
    return needsQuiet ? this.#running === 0 : !this.#isQuiet && this.#running < this.#size
  }
}
