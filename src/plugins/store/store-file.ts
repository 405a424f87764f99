import { randomBytes } from "node:crypto"
import { type BigIntStats, constants } from "node:fs"
import { lstat, open, rename, unlink } from "node:fs/promises"
import { makeAll } from "../../directories/make-all.ts"
import { inParent, openRegularFile } from "../../directories/pinned.ts"
import type { ResolvedPath } from "../../directories/real-path.ts"
import { pathsOf } from "../../directories/system.ts"

const paths = pathsOf(process.platform)

/** Maximum size of a store's file in bytes: no more than all stores may hold in memory. */
const MAX_FILE_BYTES = 64 * 1024 * 1024

/** Most files with what could not be saved that one store leaves beside its own. */
const MAX_BESIDE = 100

/** A store as it is on disk. */
export class StoredFile {
  /** Differs as soon as a program changes the file or puts another one in its place. */
  readonly version: string
  /** Contents; `null` for a file that is larger than a store may be. */
  readonly text: string | null

  constructor(version: string, text: string | null) {
    this.version = version
    this.text = text
  }

  /** @throws Error for a file that is no store: it stays as it is */
  entries(): Map<string, unknown> {
    if (this.text === null) throw new Error(`it has more than the ${MAX_FILE_BYTES} bytes that a store may have`)
    let content: unknown
    try {
      content = JSON.parse(this.text)
    } catch (error) {
      throw new Error(`it is no JSON (${(error as Error).message}), and stays as it is: fix it, or move it away`)
    }
    if (typeof content !== "object" || content === null || Array.isArray(content))
      throw new Error("it is JSON, but no object of keys and values, and stays as it is: fix it, or move it away")
    return new Map(Object.entries(content))
  }
}

/** Reads a store's file; `null` when it does not exist. */
export async function readStoreFile(path: ResolvedPath): Promise<StoredFile | null> {
  let handle: Awaited<ReturnType<typeof openRegularFile>>
  try {
    handle = await openRegularFile(path, constants.O_RDONLY)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
  try {
    const stats = await handle.stat({ bigint: true })
    return new StoredFile(versionOf(stats), stats.size > MAX_FILE_BYTES ? null : await handle.readFile("utf8"))
  } finally {
    await handle.close()
  }
}

/**
 * Returns the text of a file that has these entries.
 *
 * @throws Error when that is more than a store's file may have: it could not be read again
 */
export function storeText(entries: ReadonlyMap<string, unknown>): string {
  const text = `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_FILE_BYTES) return text
  throw new Error(`its file would have ${bytes} bytes, and may have ${MAX_FILE_BYTES}: delete some keys, or use files`)
}

/**
 * Writes a store's file: beside it, and then in its place, so that there is never half of one, whatever happens meanwhile.
 * Makes the folders that it lies in. The permissions of a file that exists stay; only its user can read a new one.
 *
 * @param version the file that was read, which this one takes the place of; `null`: there was none
 * @returns false, and nothing is changed, when the file is another one by now
 */
export async function writeStoreFile(path: ResolvedPath, text: string, version: string | null): Promise<boolean> {
  await makeAll({ lexical: paths.dirname(path.lexical), real: paths.dirname(path.real) }, 0o777)
  return inParent(path, async (at) => {
    const before = await statsOf(at)
    const beside = `${at}.${randomBytes(6).toString("hex")}.tmp`
    const handle = await open(beside, "wx", before === null ? 0o600 : Number(before.mode) & 0o777)
    try {
      try {
        await handle.writeFile(text)
        await handle.sync()
      } finally {
        await handle.close()
      }
      // Other programs do not know of the lock. What is left to them is the time between these two system calls.
      const now = await statsOf(at)
      if ((now === null ? null : versionOf(now)) === version) {
        await rename(beside, at)
        return true
      }
    } catch (error) {
      await unlink(beside).catch(() => {})
      throw error
    }
    await unlink(beside).catch(() => {})
    return false
  })
}

/**
 * Writes what could not be saved to a new file beside a store's, which it never replaces.
 *
 * @returns its path
 */
export async function writeBeside({ lexical, real }: ResolvedPath, text: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = `.unsaved${number === 1 ? "" : `-${number}`}`
    const beside = { lexical: lexical + name, real: real + name }
    try {
      const handle = await inParent(beside, (at) => open(at, "wx", 0o600))
      try {
        await handle.writeFile(text)
        await handle.sync()
      } finally {
        await handle.close()
      }
      return beside.lexical
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || number === MAX_BESIDE) throw error
    }
  }
}

/** Seen in nanoseconds, as a millisecond holds several changes. */
function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(" ")
}

async function statsOf(at: string): Promise<BigIntStats | null> {
  try {
    return await lstat(at, { bigint: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}
