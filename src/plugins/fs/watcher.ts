import { type FSWatcher, type Stats, watch } from "node:fs"
import { bare } from "../../boundary/wire/own.ts"
import type { Resource } from "../../core/resources.ts"
import type { PathScope } from "../../directories/path-scope.ts"
import { inDirectory, lookAt } from "../../directories/pinned.ts"
import type { ResolvedPath } from "../../directories/real-path.ts"
import { pathsOf } from "../../directories/system.ts"
import type { EventSender } from "./event-sender.ts"
import { list } from "./tree.ts"
import { created, missed, modified, removed } from "./watch-event.ts"

const paths = pathsOf(process.platform)

/** Changes that wait to be looked at: beyond, only that there were more is told. */
const MAX_WAITING = 10_000

/** Own options: what Node is not told it would look for on `Object.prototype`. */
const NOT_BELOW = bare({ recursive: false, persistent: true })

export interface WatcherOptions {
  readonly scope: PathScope
  readonly sender: EventSender
  readonly recursive: boolean
  /** Counts one more directory that is watched, and gives what uncounts it. Throws when there are too many. */
  readonly hold: () => () => void
  /** Called when it is closed. */
  readonly released: () => void
}

/**
 * Files and directories that a page watches. A directory is watched by what it is, not by its path. One below another is
 * watched on its own: what the system, or Node, would watch by itself goes through links and knows no scope.
 */
export class Watcher implements Resource {
  readonly #options: WatcherOptions
  readonly #directories = new Map<string, { readonly watcher: FSWatcher; readonly release: () => void }>()
  #isClosed = false
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(options: WatcherOptions) {
    this.#options = options
  }

  /** Watches a file, or a directory and what is in it. Throws what the system says. */
  async add(path: ResolvedPath): Promise<void> {
    if ((await lookAt(path)).isDirectory()) return this.#addDirectory(path, null)
    // By its folder: what replaces the file, as editors do, is that file to the page.
    const folder = { lexical: paths.dirname(path.lexical), real: paths.dirname(path.real) }
    await this.#watch(folder, paths.basename(path.real), path)
  }

  close(): void {
    this.#isClosed = true
    for (const { watcher, release } of this.#directories.values()) {
      watcher.close()
      release()
    }
    this.#directories.clear()
    this.#options.sender.end()
    this.#options.released()
  }

  async #addDirectory(path: ResolvedPath, only: string | null): Promise<void> {
    await this.#watch(path, only, path)
    if (!this.#options.recursive) return
    for (const { name, isDirectory } of await list(path)) {
      const child = below(path, name)
      if (isDirectory && !this.#isClosed && this.#options.scope.allows(child)) await this.#addDirectory(child, null)
    }
  }

  /** @param only the one name that counts; the path it is told under is then `path` */
  async #watch(directory: ResolvedPath, only: string | null, path: ResolvedPath): Promise<void> {
    const key = only === null ? directory.real : path.real
    if (this.#isClosed || this.#directories.has(key)) return
    const release = this.#options.hold()
    try {
      await inDirectory(directory, async (at) => {
        const watcher = watch(at, NOT_BELOW, (type, name) => {
          if (name === null || (only !== null && name !== only)) return
          this.#inOrder(path, () => this.#changed(type, only === null ? below(directory, name) : path, directory))
        })
        // Its directory is gone, or the system cannot watch it any more.
        watcher.on("error", () => this.#missed(path))
        this.#directories.set(key, { watcher, release })
      })
    } catch (error) {
      release()
      throw error
    }
    // Closed while it was being opened.
    if (this.#isClosed) this.#forget(key)
  }

  /** A file is told as made before it is told as changed, though only the first needs a look at it. */
  #inOrder(path: ResolvedPath, run: () => Promise<void>): void {
    if (this.#waiting >= MAX_WAITING) return this.#missed(path)
    this.#waiting++
    this.#last = this.#last
      .then(run)
      .catch(() => this.#missed(path))
      .finally(() => this.#waiting--)
  }

  async #changed(type: string, path: ResolvedPath, directory: ResolvedPath): Promise<void> {
    const { scope, sender } = this.#options
    if (this.#isClosed || scope.denies(path)) return
    const found = await lookFor(path)
    if (found === null) {
      if (type === "change") return
      // The end of the directory itself is told under some name of its own, which nothing in it has.
      const gone = (await lookFor(directory)) === null ? directory : path
      this.#forgetBelow(gone.real)
      if (!this.#isClosed) sender.add(removed(gone.lexical))
      return
    }
    if (type === "change") return this.#isClosed ? undefined : sender.add(modified(path.lexical))
    if (this.#isClosed) return
    sender.add(created(path.lexical, found))
    if (!this.#options.recursive || !found.isDirectory() || !scope.allows(path)) return
    // Another of that name may have been there before.
    this.#forgetBelow(path.real)
    await this.#addDirectory(path, null)
    // What came into it before it was watched.
    for (const { name } of await list(path)) {
      const child = below(path, name)
      if (!scope.denies(child) && !this.#isClosed) sender.add(created(child.lexical, await lookAt(child)))
    }
  }

  #missed(path: ResolvedPath): void {
    if (!this.#isClosed) this.#options.sender.add(missed(path.lexical))
  }

  #forgetBelow(real: string): void {
    for (const key of [...this.#directories.keys()])
      if (key === real || key.startsWith(real + paths.sep)) this.#forget(key)
  }

  #forget(key: string): void {
    const directory = this.#directories.get(key)
    directory?.watcher.close()
    directory?.release()
    this.#directories.delete(key)
  }
}

async function lookFor(path: ResolvedPath): Promise<Stats | null> {
  try {
    return await lookAt(path)
  } catch {
    return null
  }
}

function below(path: ResolvedPath, name: string): ResolvedPath {
  return { lexical: paths.join(path.lexical, name), real: paths.join(path.real, name) }
}
