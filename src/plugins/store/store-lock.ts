import { createHash } from "node:crypto"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { takeLock } from "../../core/file-lock.ts"

/** How long another process may write one store, in ms. */
const WAIT_MS = 10_000
const TRY_EVERY_MS = 10

/**
 * Keeps two processes from reading, merging and writing one store's file at the same time. Locks are files in a folder
 * that no page reaches: beside the stores, a page could leave one for ever.
 */
export class StoreLocks {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Runs something while this process alone has a store's lock. Without it where the folder cannot be made: then the look
   * at the file just before it is replaced is what is left.
   *
   * @param file real path of the store
   * @throws Error when another process has the lock for ten seconds, and what `run` throws
   */
  async hold<Result>(file: string, run: () => Promise<Result>): Promise<Result> {
    const unlock = await this.#take(file)
    try {
      return await run()
    } finally {
      unlock()
    }
  }

  async #take(file: string): Promise<() => void> {
    // Where letters of two cases name one file, they name one lock; where not, two files share one.
    const name = createHash("sha256").update(file.normalize("NFC").toLowerCase()).digest("hex").slice(0, 32)
    const end = performance.now() + WAIT_MS
    for (;;) {
      const taken = this.#try(join(this.#folder, `${name}.lock`))
      if (typeof taken === "function") return taken
      if (performance.now() > end) throw new Error(`process ${taken.pid} is writing it: try again, or end that process`)
      await sleep(TRY_EVERY_MS)
    }
  }

  #try(lock: string): ReturnType<typeof takeLock> {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      return takeLock(lock)
    } catch {
      return () => {}
    }
  }
}
