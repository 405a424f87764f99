import type { Stats } from "node:fs"
import { lstat, readdir, readFile, rmdir, unlink } from "node:fs/promises"
import { join } from "node:path"
import { Folder } from "./folder.ts"
import { IsolationAppError } from "./isolation-app-error.ts"
import { LOCK_NAME } from "./lock.ts"
import { readLock, verifyLockedFiles } from "./verify-lock.ts"

/** All that a build writes, by name. */
export type BuiltFiles = Readonly<Record<"index.html" | typeof LOCK_NAME, string>>

const TRIES = 20

const NAMES: readonly string[] = ["index.html", LOCK_NAME]

/**
 * Makes sure that a folder holds what a build wrote and nothing else, so that nothing of anybody's is lost with it. A missing folder
 * and an empty one do.
 *
 * @param dir without links
 * @throws IsolationAppError DIR_IS_FILE, DIR_NOT_BUILT, UNREADABLE
 */
export async function assertBuilt(dir: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = await identity(dir)
    try {
      return await assertBuiltNow(dir)
    } catch (error) {
      // Another build has replaced it meanwhile: this error may be about neither folder.
      if (tries === TRIES || (await identity(dir)) === before) throw error
    }
  }
}

async function identity(dir: string): Promise<string> {
  const found = await lstat(dir, { bigint: true }).catch(() => null)
  return `${found?.dev} ${found?.ino} ${found?.ctimeNs}`
}

async function assertBuiltNow(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return []
    if (error.code === "ENOTDIR") throw new IsolationAppError("DIR_IS_FILE", dir, "this is a file, not a folder")
    throw new IsolationAppError("UNREADABLE", dir, error.message)
  })
  const fail = (file: string, what: string): never => {
    throw new IsolationAppError("DIR_NOT_BUILT", file, what)
  }
  const others = names.filter((name) => !NAMES.includes(name)).sort()
  if (others.length > 0) {
    const more = others.length > 5 ? ` and ${others.length - 5} more` : ""
    fail(dir, `this folder holds what no build wrote: ${others.slice(0, 5).join(", ")}${more}`)
  }
  if (names.length === 0) return
  if (!names.includes("index.html")) fail(join(dir, LOCK_NAME), "this is a lock without its isolation app")
  if (!names.includes(LOCK_NAME)) fail(join(dir, "index.html"), "this file has no lock, so no build wrote it")
  try {
    const lock = await readLock(dir, null)
    if (lock === null) return
    await verifyLockedFiles(await Folder.open(dir), lock)
    if (lock.files.length !== 1) fail(join(dir, LOCK_NAME), "this is the lock of more than a build writes")
  } catch (error) {
    if (!(error instanceof IsolationAppError)) throw error
    if (error.code === "LOCK_FILE_CHANGED") fail(error.file, "this file was changed after it was built")
    if (error.code.startsWith("LOCK_")) fail(error.file, "this is not the lock that a build wrote")
    throw error
  }
}

/** Whether a folder holds exactly these files. */
export async function holds(dir: string, files: BuiltFiles): Promise<boolean> {
  const names = await readdir(dir).catch((): string[] => [])
  if (names.length !== NAMES.length) return false
  for (const [name, text] of Object.entries(files)) {
    const found: Stats | null = await lstat(join(dir, name)).catch(() => null)
    if (!found?.isFile() || (await readFile(join(dir, name), "utf8")) !== text) return false
  }
  return true
}

/** Removes what a build wrote, and the folder when nothing else is in it. @returns whether it is gone */
export async function removeBuilt(dir: string): Promise<boolean> {
  for (const name of NAMES) await unlink(join(dir, name)).catch(() => undefined)
  return await rmdir(dir).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  )
}
