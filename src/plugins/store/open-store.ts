import { isDeepStrictEqual } from "node:util"
import type { ResolvedPath } from "../../directories/real-path.ts"
import { inSystemWords } from "../system-error.ts"
import type { Budget } from "./budget.ts"
import { readStoreFile, type StoredFile, storeText, writeStoreFile } from "./store-file.ts"

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
  readonly log: (line: string) => void
}

/** Keys and values in memory, and their file. All pages that load it share it. */
export class OpenStore {
  readonly path: ResolvedPath
  /** The number that pages know it by; 0 until the first has it. */
  rid = 0
  readonly #options: StoreOptions
  readonly #parts: StoreParts
  #entries: Map<string, unknown>
  /** What the file holds; `null`: there is none. */
  #saved: string | null
  /** Whether something changed that is to be saved by itself. */
  #waits = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #saving: Promise<void> = Promise.resolve()
  #isClosed = false

  /** @param file what it begins with, over its defaults or instead of them; `null` where there is none, or it does not count */
  constructor(path: ResolvedPath, file: StoredFile | null, options: StoreOptions, parts: StoreParts) {
    this.path = path
    this.#options = options
    this.#parts = parts
    this.#saved = file?.text ?? null
    this.#entries = new Map([
      ...(options.overrideDefaults && file !== null ? [] : (options.defaults ?? [])),
      ...(file?.entries ?? []),
    ])
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
    this.#tell(key)
    this.#saveSoon()
  }

  delete(key: string): boolean {
    const wasThere = this.#entries.delete(key)
    if (!wasThere) return false
    this.#parts.budget.delete(this, key)
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

  /** Takes what the file holds, beside what is there or instead of it. Nobody is told of changes, as in Tauri. */
  async reload(instead: boolean): Promise<void> {
    await this.#saving
    const file = await readStoreFile(this.path)
    if (file === null) throw Object.assign(new Error("no such file"), { code: "ENOENT", errno: -2 })
    const entries = new Map([...(instead ? [] : this.#entries), ...file.entries])
    this.#parts.budget.hold(this, entries)
    this.#entries = entries
    this.#saved = file.text
  }

  /** Writes the file, after what is being written. */
  save(): Promise<void> {
    clearTimeout(this.#timer)
    const saving = this.#saving.then(async () => {
      this.#waits = false
      const text = storeText(this.#entries)
      try {
        await writeStoreFile(this.path, text)
      } catch (error) {
        // It is tried again with the next change, and at the end.
        this.#waits = this.#options.autoSaveMs !== null
        throw error
      }
      this.#saved = text
    })
    this.#saving = saving.catch(() => {})
    return saving
  }

  /** Writes what waits to be written. Throws what the system says; then it waits on. */
  async flush(): Promise<void> {
    while (this.#waits) await this.save()
    await this.#saving
  }

  /** Nobody uses it any more. */
  close(): void {
    clearTimeout(this.#timer)
    this.#isClosed = true
    this.#parts.budget.release(this)
  }

  /** The app ends: writes whatever is not in the file yet. */
  async end(): Promise<void> {
    await this.#saving
    const { createNew } = this.#options
    const isNew = this.#saved === null ? createNew || this.#entries.size > 0 : this.#saved !== storeText(this.#entries)
    if (isNew) await this.save()
    this.close()
  }

  #replace(entries: Map<string, unknown>): void {
    const before = this.#entries
    this.#parts.budget.hold(this, entries)
    this.#entries = entries
    for (const key of before.keys()) if (!entries.has(key)) this.#tell(key)
    for (const [key, value] of entries)
      if (!before.has(key) || !isDeepStrictEqual(before.get(key), value)) this.#tell(key)
    this.#saveSoon()
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
}
