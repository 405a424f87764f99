import type { BigIntStats } from "node:fs"
import { stat } from "node:fs/promises"
import { dirname } from "node:path"
import { IsolationAppError } from "./isolation-app-error.ts"

/**
 * Makes sure that what is built does not take the place of what it is built from, by whichever names.
 *
 * @param source an absolute path
 * @param dir an absolute path; need not exist
 * @throws IsolationAppError SOURCE_MISSING, SOURCE_IS_DIR
 */
export async function assertApart(source: string, dir: string): Promise<void> {
  const from = await look(source)
  if (from === null) throw new IsolationAppError("SOURCE_MISSING", source, "this folder does not exist")
  if (!from.isDirectory()) throw new IsolationAppError("SOURCE_MISSING", source, "this is a file, not a folder")
  const to = await look(dir)
  if (to !== null && isSame(from, to)) throw new IsolationAppError("SOURCE_IS_DIR", dir, "this is the source itself")
  if (await isInside(dir, from)) throw new IsolationAppError("SOURCE_IS_DIR", dir, `this is in the source, ${source}`)
  if (to !== null && (await isInside(source, to))) {
    throw new IsolationAppError("SOURCE_IS_DIR", dir, `the source, ${source}, is in it`)
  }
}

/** Told by what the folders are, not by their names: links, and letters that a file system takes for the same. */
async function isInside(path: string, folder: BigIntStats): Promise<boolean> {
  for (let child = path, above = dirname(path); above !== child; child = above, above = dirname(above)) {
    const found = await look(above)
    if (found !== null && isSame(found, folder)) return true
  }
  return false
}

const isSame = (a: BigIntStats, b: BigIntStats): boolean => a.dev === b.dev && a.ino === b.ino

async function look(path: string): Promise<BigIntStats | null> {
  return await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null
    throw new IsolationAppError("UNREADABLE", path, error.message)
  })
}
