import { randomBytes } from "node:crypto"
import { constants } from "node:fs"
import { open, rename, unlink } from "node:fs/promises"
import { makeAll } from "../../directories/make-all.ts"
import { inParent, lookAt, openRegularFile } from "../../directories/pinned.ts"
import type { ResolvedPath } from "../../directories/real-path.ts"
import { pathsOf } from "../../directories/system.ts"

const paths = pathsOf(process.platform)

/** What a file may hold of keys and values: no more than all stores may hold in memory. */
const MAX_FILE_BYTES = 64 * 1024 * 1024

/** A store as it is on disk. */
export interface StoredFile {
  readonly text: string
  readonly entries: readonly (readonly [key: string, value: unknown])[]
}

/**
 * Reads a store's file.
 *
 * @returns `null` when there is none
 * @throws Error for one that is no store: it is left as it is
 */
export async function readStoreFile(path: ResolvedPath): Promise<StoredFile | null> {
  let handle: Awaited<ReturnType<typeof openRegularFile>>
  try {
    handle = await openRegularFile(path, constants.O_RDONLY)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
  try {
    const { size } = await handle.stat()
    if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes, and a store at most ${MAX_FILE_BYTES}`)
    const text = await handle.readFile("utf8")
    return { text, entries: entriesOf(text) }
  } finally {
    await handle.close()
  }
}

function entriesOf(text: string): readonly (readonly [string, unknown])[] {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw new Error(`it is no JSON (${(error as Error).message}), and stays as it is: mend it, or move it away`)
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new Error("it is JSON, but no object of keys and values, and stays as it is: mend it, or move it away")
  return Object.entries(content)
}

/** A store's contents as they stand in its file. */
export function storeText(entries: ReadonlyMap<string, unknown>): string {
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
}

/**
 * Writes a store's file: beside it, and then in its place, so that there is never half of one, whatever happens meanwhile.
 * Makes the folders that it lies in. The permissions of a file that is there stay; a new one is its user's alone.
 */
export async function writeStoreFile(path: ResolvedPath, text: string): Promise<void> {
  await makeAll({ lexical: paths.dirname(path.lexical), real: paths.dirname(path.real) }, 0o777)
  const mode = await modeOf(path)
  await inParent(path, async (at) => {
    const beside = `${at}.${randomBytes(6).toString("hex")}.tmp`
    const handle = await open(beside, "wx", mode)
    try {
      try {
        await handle.writeFile(text)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(beside, at)
    } catch (error) {
      await unlink(beside).catch(() => {})
      throw error
    }
  })
}

async function modeOf(path: ResolvedPath): Promise<number> {
  try {
    return (await lookAt(path)).mode & 0o777
  } catch {
    return 0o600
  }
}
