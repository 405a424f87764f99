import { opendir } from "node:fs/promises"
import type { PathScope } from "../../directories/path-scope.ts"
import { inDirectory, lookAt } from "../../directories/pinned.ts"
import type { ResolvedPath } from "../../directories/real-path.ts"
import { pathsOf } from "../../directories/system.ts"

/** Entries of a directory that are listed at once. */
const MAX_ENTRIES = 250_000

const paths = pathsOf(process.platform)

/** An entry of a directory, itself: of a link, that it is one. */
export interface DirectoryEntry {
  readonly name: string
  readonly isDirectory: boolean
  readonly isFile: boolean
  readonly isSymlink: boolean
}

/** What a directory holds. Throws an `Error` when that is more than fits into an answer. */
export async function list(path: ResolvedPath): Promise<DirectoryEntry[]> {
  return inDirectory(path, async (at) => {
    const entries: DirectoryEntry[] = []
    for await (const entry of await opendir(at, { recursive: false })) {
      if (entries.length === MAX_ENTRIES) throw new Error(`it has more than ${MAX_ENTRIES} entries`)
      entries.push({
        name: entry.name,
        isDirectory: entry.isDirectory(),
        isFile: entry.isFile(),
        isSymlink: entry.isSymbolicLink(),
      })
    }
    return entries
  })
}

/** Bytes of a file, or of all files in a directory. Links are not followed, and what the scope denies does not count. */
export async function sizeOf(path: ResolvedPath, scope: PathScope, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted()
  const found = await lookAt(path)
  if (!found.isDirectory()) return found.isFile() ? found.size : 0
  const names = await inDirectory(path, async (at) => {
    const all: string[] = []
    for await (const entry of await opendir(at, { recursive: false }))
      if (entry.isFile() || entry.isDirectory()) all.push(entry.name)
    return all
  })
  let size = 0
  for (const name of names) {
    const child = { lexical: paths.join(path.lexical, name), real: paths.join(path.real, name) }
    if (scope.denies(child)) continue
    try {
      size += await sizeOf(child, scope, signal)
    } catch (error) {
      // Gone since it was listed.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
    }
  }
  return size
}
