import { createHash } from "node:crypto"
import { isDeepStrictEqual } from "node:util"
import type { ResolvedPath } from "../../directories/real-path.ts"
import { inSystemWords } from "../system-error.ts"
import type { Budget } from "./budget.ts"
import { readStoreFile, type StoredFile, storeText, writeBeside, writeStoreFile } from "./store-file.ts"
import type { StoreLocks } from "./store-lock.ts"

/** Told of each change: `exists` is false for a key that is gone. */
export type ChangeListener = (store: OpenStore, key: string, value: unknown, exists: boolean) => void

export interface StoreOptions {
  readonly defaults: ReadonlyMap<string, unknown> | null
  /** How long after a change it is saved, in ms; `null`: only when somebody says so. */
  readonly autoSaveMs: number | null
  /** Begins with the defaults, whatever the file holds. */
  readonly createNew: boolean
  /** Begins with what the file holds, if there is one, and nothing else. */
  readonly overrideDefaults: boolean
}

export interface StoreParts {
  readonly changed: ChangeListener
  readonly budget: Budget
  readonly locks: StoreLocks
  readonly log: (line: string) => void
}

/** How often a file is read again that another program changes while it is written. */
const MAX_TRIES = 20

/**
 * Keys and values in memory, and their file. All pages that load it share it.
 *
 * Other processes and people write the same file. So each save reads it first and merges, entry by entry: what was set or
 * deleted here since the last time wins, and everything else is what the file says. It is written only if an entry differs.
 */
export class OpenStore {
  readonly path: ResolvedPath
  /** The number that pages know it by; 0 until the first has it. */
  rid = 0
  readonly #options: StoreOptions
  readonly #parts: StoreParts
  #entries: Map<string, unknown>
  /** Keys that were set or deleted here since the entries and the file were last the same. */
  #touched = new Set<string>()
  /** Keys that were in no file and that no page has set: defaults. They are saved along with the rest. */
  #onlyHere: Set<string>
  /** Hash of the file's text when it was last read or written. */
  #synced: string | null
  /** Version of a file that is no store and that `createNew` replaces. */
  readonly #replaces: string | null = null
  /** Whether a file is due though nothing was changed: `createNew`. */
  #isNew: boolean
  /** Whether something changed that is to be saved by itself. */
  #waits = false
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Reading and writing of the file, one after the other. */
  #last: Promise<void> = Promise.resolve()
  #isClosed = false

  /**
   * @param file what is on disk; `null` where nothing is
   * @throws Error for a file that is no store, unless `createNew` replaces it
   */
  constructor(path: ResolvedPath, file: StoredFile | null, options: StoreOptions, parts: StoreParts) {
    this.path = path
    this.#options = options
    this.#parts = parts
    this.#synced = hashOf(file)
    this.#isNew = options.createNew
    let stored: Map<string, unknown> | null = null
    try {
      stored = file?.entries() ?? null
    } catch (error) {
      if (!options.createNew || file === null) throw error
      this.#replaces = file.version
    }
    const defaults = new Map(options.defaults ?? [])
    if (options.createNew) {
      this.#entries = defaults
      this.#onlyHere = new Set()
      this.#touched = new Set([...(stored?.keys() ?? []), ...defaults.keys()])
    } else {
      this.#entries = new Map([...(options.overrideDefaults && stored !== null ? [] : defaults), ...(stored ?? [])])
      this.#onlyHere = new Set([...this.#entries.keys()].filter((key) => !stored?.has(key)))
    }
    parts.budget.hold(this, this.#entries)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get entries(): ReadonlyMap<string, unknown> {
    return this.#entries
  }

  /** Throws an `Error` when all stores together would hold too much. */
  set(key: string, value: unknown): void {
    this.#parts.budget.set(this, key, value)
    this.#entries.set(key, value)
    this.#touch(key)
    this.#tell(key)
    this.#saveSoon()
  }

  delete(key: string): boolean {
    const wasThere = this.#entries.delete(key)
    if (!wasThere) return false
    this.#parts.budget.delete(this, key)
    this.#touch(key)
    this.#tell(key)
    this.#saveSoon()
    return true
  }

  clear(): void {
    this.#replace(new Map())
  }

  /** Back to the defaults; without any, to nothing. */
  reset(): void {
    this.#replace(new Map(this.#options.defaults ?? []))
  }

  /**
   * Takes what the file holds, before what is here; with `instead`, nothing but that. Keys that the file has lost are gone,
   * unless they were set here or are defaults. Pages are told of no change, as in Tauri.
   */
  reload(instead: boolean): Promise<void> {
    return this.#inOrder(async () => {
      const file = await readStoreFile(this.path)
      if (file === null) throw Object.assign(new Error("no such file"), { code: "ENOENT", errno: -2 })
      const stored = file.entries()
      const isKept = (key: string): boolean =>
        !instead && !stored.has(key) && (this.#touched.has(key) || this.#onlyHere.has(key))
      const entries = new Map([...[...this.#entries].filter(([key]) => isKept(key)), ...stored])
      this.#parts.budget.hold(this, entries)
      this.#touched = new Set([...this.#touched].filter((key) => entries.has(key) && isKept(key)))
      this.#onlyHere = new Set([...this.#onlyHere].filter(isKept))
      this.#entries = entries
      this.#synced = hashOf(file)
    })
  }

  /**
   * Merges with the file and writes it, after what is being read or written.
   *
   * @throws Error when the file is no store by now: then it stays as it is, and so do the entries here
   */
  save(): Promise<void> {
    clearTimeout(this.#timer)
    return this.#inOrder(async () => {
      this.#waits = false
      try {
        await this.#parts.locks.hold(this.path.real, () => this.#write())
      } catch (error) {
        // It is tried again with the next change, and at the end.
        this.#waits = this.#options.autoSaveMs !== null
        throw error
      }
    })
  }

  /** Writes what waits to be written. Throws what the system says; then it waits on. */
  async flush(): Promise<void> {
    while (this.#waits) await this.save()
    await this.#last
  }

  /** Nobody uses it any more. */
  close(): void {
    clearTimeout(this.#timer)
    this.#isClosed = true
    this.#parts.budget.release(this)
  }

  /**
   * The app ends: writes what was changed and is not in the file yet.
   *
   * @throws Error that says where the entries are now, when they could not be saved
   */
  async end(): Promise<void> {
    await this.#last
    try {
      if (this.#touched.size > 0 || this.#isNew) await this.save()
    } catch (error) {
      const beside = await writeBeside(this.path, storeText(this.#entries)).catch(() => null)
      const where = beside === null ? "its changes are lost" : `its entries are in ${beside}`
      throw new Error(`${this.path.lexical}: ${inSystemWords(error)}; ${where}`)
    } finally {
      this.close()
    }
  }

  async #write(): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const file = await readStoreFile(this.path)
      const stored = file === null || file.version === this.#replaces ? null : file.entries()
      const differs = this.#merge(stored, hashOf(file))
      const [text, touched, onlyHere] = [storeText(this.#entries), this.#touched, this.#onlyHere]
      // What is changed from here on is for the next time.
      this.#touched = new Set()
      this.#onlyHere = new Set()
      let isWritten = !differs
      try {
        isWritten ||= await writeStoreFile(this.path, text, file?.version ?? null)
      } finally {
        if (!isWritten) {
          this.#touched = new Set([...touched, ...this.#touched])
          this.#onlyHere = new Set([...onlyHere].filter((key) => !this.#touched.has(key)))
        }
      }
      if (!isWritten) continue
      if (differs) this.#synced = hashOf({ text })
      this.#isNew = false
      return
    }
    throw new Error("another program keeps changing it: try again")
  }

  /**
   * Takes over what others have changed in the file since, and tells of it.
   *
   * @param stored entries of the file; `null`: there is none, which is no deletion of what is here
   * @returns whether the file is to be written
   */
  #merge(stored: ReadonlyMap<string, unknown> | null, hash: string | null): boolean {
    if (stored === null) return true
    const merged = new Map(stored)
    let differs = false
    for (const [key, value] of this.#entries) {
      const isOurs = this.#touched.has(key) || (this.#onlyHere.has(key) && !stored.has(key))
      if (!isOurs || (stored.has(key) && isDeepStrictEqual(stored.get(key), value))) continue
      merged.set(key, value)
      differs = true
    }
    for (const key of this.#touched) if (!this.#entries.has(key) && merged.delete(key)) differs = true
    if (hash === this.#synced) return differs
    const before = this.#entries
    if (!this.#isClosed) this.#parts.budget.hold(this, merged)
    this.#entries = merged
    this.#synced = hash
    this.#tellChanges(before)
    return differs
  }

  #replace(entries: Map<string, unknown>): void {
    const before = this.#entries
    this.#parts.budget.hold(this, entries)
    this.#entries = entries
    for (const key of [...before.keys(), ...entries.keys()]) this.#touch(key)
    this.#tellChanges(before)
    this.#saveSoon()
  }

  #touch(key: string): void {
    this.#touched.add(key)
    this.#onlyHere.delete(key)
  }

  #tellChanges(before: ReadonlyMap<string, unknown>): void {
    for (const key of before.keys()) if (!this.#entries.has(key)) this.#tell(key)
    for (const [key, value] of this.#entries)
      if (!before.has(key) || !isDeepStrictEqual(before.get(key), value)) this.#tell(key)
  }

  #tell(key: string): void {
    const exists = this.#entries.has(key)
    this.#parts.changed(this, key, exists ? this.#entries.get(key) : null, exists)
  }

  #saveSoon(): void {
    const { autoSaveMs } = this.#options
    if (autoSaveMs === null || this.#isClosed) return
    this.#waits = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.save().catch((error) => this.#parts.log(`${this.path.lexical} cannot be saved: ${inSystemWords(error)}`))
    }, autoSaveMs)
  }

  #inOrder(run: () => Promise<void>): Promise<void> {
    const result = this.#last.then(run)
    this.#last = result.catch(() => {})
    return result
  }
}

function hashOf(file: { readonly text: string | null } | null): string | null {
  if (file === null || file.text === null) return null
  return createHash("sha256").update(file.text).digest("hex")
}
