import { lstat, mkdir, open, realpath, rename } from "node:fs/promises"
import { dirname, join } from "node:path"
import { abandoned, beside } from "./beside.ts"
import { assertBuilt, type BuiltFiles, holds, removeBuilt } from "./built-folder.ts"
import { IsolationAppError } from "./isolation-app-error.ts"

/** How often another build may put its folder there first. */
const TRIES = 20

/**
 * Puts what was built in the place of what was built before. The new folder is written and checked beside the old one, which is
 * moved away in one step and replaced in another: at no time is `dir` half old and half new, whatever ends the process. When it ends between
 * the two steps, `dir` is missing, and `recover` puts the old one back.
 *
 * @param check looks at the folder that is going to be put there, and throws when it must not be
 * @returns whether anything was other than before
 * @throws IsolationAppError DIR_IS_FILE, DIR_NOT_BUILT, NOT_WRITTEN, UNREADABLE
 */
export async function replaceFolder(
  path: string,
  files: BuiltFiles,
  check: (dir: string) => Promise<void>,
): Promise<boolean> {
  const dir = await realOrSame(path)
  await assertBuilt(dir)
  if (await holds(dir, files)) {
    // Not even beside it is anything written: whoever watches the folder around it would build, too.
    await check(dir)
    return false
  }
  const folder = beside(dir, "new")
  try {
    await attempt(dir, () => write(folder, files))
    await check(folder)
    await attempt(dir, () => exchange(dir, folder))
  } finally {
    await removeBuilt(folder)
  }
  return true
}

/**
 * Clears up after builds that were killed: puts back the folder that one had moved away, and removes what others left beside it.
 */
export async function recover(path: string): Promise<void> {
  const dir = await realOrSame(path)
  for (const left of await abandoned(dir)) {
    if (
      left.endsWith(".old") &&
      (await rename(left, dir).then(
        () => true,
        () => false,
      ))
    )
      continue
    await removeBuilt(left)
  }
}

async function write(folder: string, files: BuiltFiles): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(folder)
  for (const [name, text] of Object.entries(files)) {
    const file = await open(join(folder, name), "wx")
    try {
      await file.writeFile(text)
      // A machine that loses power would otherwise know the new name of a file, and not yet its text.
      await file.sync()
    } finally {
      await file.close()
    }
  }
}

async function exchange(dir: string, folder: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const old = beside(dir, "old")
    const moved = await rename(dir, old).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return false
        throw error
      },
    )
    try {
      await rename(folder, dir)
    } catch (error) {
      // Another build was faster. What it wrote is replaced, too, unless it was nobody's build.
      if (moved) await putBack(old, dir)
      const { code } = error as NodeJS.ErrnoException
      if (tries === TRIES || !(code === "ENOTEMPTY" || code === "EEXIST" || code === "EPERM")) throw error
      await assertBuilt(dir)
      continue
    }
    if (!moved) return
    // What was put into it, or changed in it, since it was looked at is somebody's.
    const isBuilt = await assertBuilt(old).then(
      () => true,
      () => false,
    )
    if (isBuilt && (await removeBuilt(old))) return
    throw new IsolationAppError(
      "DIR_NOT_BUILT",
      old,
      `files in ${dir} were changed while it was replaced: they are here now`,
    )
  }
}

async function putBack(old: string, dir: string): Promise<void> {
  await rename(old, dir).catch(() => removeBuilt(old))
}

/** Where a path leads. A folder that does not exist yet is where it will be. */
async function realOrSame(path: string): Promise<string> {
  return await realpath(path).catch(async (error: NodeJS.ErrnoException) => {
    const found = await lstat(path).catch(() => null)
    if (found?.isSymbolicLink()) throw new IsolationAppError("NOT_WRITTEN", path, "this link leads nowhere")
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return path
    throw new IsolationAppError("UNREADABLE", path, error.message)
  })
}

/** Says of what the system refuses that it is about writing this folder. */
async function attempt(dir: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof IsolationAppError) throw error
    throw new IsolationAppError("NOT_WRITTEN", dir, (error as Error).message)
  }
}
