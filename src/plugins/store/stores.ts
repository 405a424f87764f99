import type { Directories } from "../../directories/directories.ts"
import { isOwnPath } from "../../directories/own-files.ts"
import { ForbiddenPathError, PathScope } from "../../directories/path-scope.ts"
import type { ResolvedPath } from "../../directories/real-path.ts"
import { inSystemWords } from "../system-error.ts"
import { Budget } from "./budget.ts"
import { type ChangeListener, OpenStore, type StoreOptions } from "./open-store.ts"
import { readStoreFile } from "./store-file.ts"
import type { StoreLocks } from "./store-lock.ts"

const MAX_STORES = 256

/** The stores of an app, by their files. */
export class Stores {
  readonly #directories: Directories
  readonly #scope: PathScope
  readonly #changed: ChangeListener
  readonly #locks: StoreLocks
  readonly #log: (line: string) => void
  readonly #budget = new Budget()
  readonly #open = new Map<string, Promise<OpenStore>>()

  constructor(directories: Directories, locks: StoreLocks, changed: ChangeListener, log: (line: string) => void) {
    this.#directories = directories
    this.#locks = locks
    this.#changed = changed
    this.#log = log
    // Its own folder, and neither links out of it nor what no page may touch in it.
    const own = { allow: ["$APPDATA/**"], deny: [] }
    this.#scope = new PathScope(own, directories, { requireLiteralLeadingDot: false })
  }

  /** The store of a file. Throws an `Error` for a path outside the app's data, and for a file that is no store. */
  async load(path: string, options: StoreOptions): Promise<OpenStore> {
    const resolved = await this.#resolve(path)
    const key = resolved.real
    for (let open = this.#open.get(key); open !== undefined; open = this.#open.get(key)) {
      if (!options.createNew) return open
      await this.#replace(await open)
    }
    if (this.#open.size >= MAX_STORES)
      throw new Error(`at most ${MAX_STORES} stores are open at once: close some first`)
    const opening = this.#read(resolved, options)
    this.#open.set(key, opening)
    try {
      return await opening
    } catch (error) {
      this.#open.delete(key)
      throw error
    }
  }

  /** The store of a file if it is open. */
  async find(path: string): Promise<OpenStore | null> {
    return (await this.#open.get((await this.#resolve(path)).real)) ?? null
  }

  /** Closes a store for all pages. Throws what saving it throws. */
  async close(store: OpenStore): Promise<void> {
    await store.flush()
    if (store.isClosed) return
    store.close()
    this.#open.delete(store.path.real)
  }

  /** The app ends: saves all. What cannot be saved is logged, and the others are saved. */
  async end(): Promise<void> {
    for (const opening of this.#open.values()) {
      try {
        await (await opening).end()
      } catch (error) {
        this.#log(`a store could not be saved: ${error instanceof Error ? inSystemWords(error) : error}`)
      }
    }
  }

  /** Closes a store that `createNew` replaces. It need not be saved for that: a file that is no store any more would prevent it. */
  async #replace(store: OpenStore): Promise<void> {
    try {
      await this.close(store)
    } catch (error) {
      this.#log(`${store.path.lexical} cannot be saved, and a new store replaces it: ${inSystemWords(error)}`)
      store.close()
      this.#open.delete(store.path.real)
    }
  }

  async #read(path: ResolvedPath, options: StoreOptions): Promise<OpenStore> {
    const parts = { changed: this.#changed, budget: this.#budget, locks: this.#locks, log: this.#log }
    try {
      return new OpenStore(path, await readStoreFile(path), options, parts)
    } catch (error) {
      throw new Error(`the store ${path.lexical} cannot be loaded: ${inSystemWords(error)}`)
    }
  }

  async #resolve(path: string): Promise<ResolvedPath> {
    try {
      return await this.#scope.resolve(this.#directories.resolve("AppData", path))
    } catch (error) {
      if (error instanceof ForbiddenPathError && isOwnPath(error.path))
        throw new Error(`the store "${path}" would be a file that the app keeps for itself`)
      if (!(error instanceof ForbiddenPathError)) throw new Error(`the store "${path}": ${inSystemWords(error)}`)
      throw new Error(
        `the store "${path}" would not lie in the app's data directory, ${this.#directories.path("AppData")}`,
      )
    }
  }
}
