import { type BigIntStats, constants, existsSync, fstatSync, type Stats } from "node:fs"
import { type FileHandle, lstat, open, readlink, realpath, stat } from "node:fs/promises"
import { isOwnFile, isOwnName } from "./own-files.ts"
import type { ResolvedPath } from "./real-path.ts"
import { pathsOf } from "./system.ts"

/**
 * Between the check of a path and its use, a link may be put in its way. Where the system lets a process name what it has
 * open (Linux, by /proc), the folder is opened, its real path is compared with the one that was checked, and what is done
 * is done in that very folder, whatever its path leads to by then. Elsewhere the path is looked at again afterwards.
 */
const DESCRIPTORS = "/proc/self/fd"
const CAN_PIN: boolean = process.platform === "linux" && existsSync(DESCRIPTORS)

/** open(2), `O_PATH`, which Node does not name: a folder that one may enter but not list can be held too. */
const O_PATH = 0o10000000
const O_NOFOLLOW: number = constants.O_NOFOLLOW ?? 0
/** A pipe that nobody writes to would hold up one of the few threads that all file access shares. */
const O_NONBLOCK: number = constants.O_NONBLOCK ?? 0
const O_DIRECTORY: number = constants.O_DIRECTORY ?? 0

const paths = pathsOf(process.platform)

/**
 * Does something with a path that was checked, in its folder.
 *
 * @param use gets the path to give to the system. Its last component is never to be followed.
 * @throws Error when the path leads elsewhere by now or to one of the Core's own files, and what `use` throws
 */
export async function inParent<Result>(path: ResolvedPath, use: (at: string) => Promise<Result>): Promise<Result> {
  const folder = paths.dirname(path.real)
  if (folder === path.real) return use(path.real)
  if (!CAN_PIN) {
    await expectReal(folder, path)
    expectNotOwn(await stat(folder, { bigint: true }), path)
    const result = await use(path.real)
    await expectReal(folder, path)
    return result
  }
  const handle = await open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW)
  try {
    if ((await readlink(`${DESCRIPTORS}/${handle.fd}`)) !== folder) throw moved(path)
    expectNotOwn(fstatSync(handle.fd, { bigint: true }), path)
    return await use(`${DESCRIPTORS}/${handle.fd}/${paths.basename(path.real)}`)
  } finally {
    await handle.close()
  }
}

/**
 * Opens a file that was checked: no link, no directory, no pipe, no device, and none of the Core's own under another name.
 *
 * @param flags as of open(2)
 * @param mode of a file that is made
 */
export async function openRegularFile(path: ResolvedPath, flags: number, mode?: number): Promise<FileHandle> {
  const handle = await inParent(path, async (at) => {
    await expectRegular(at, path)
    // It is emptied when it is known to be the file that was checked.
    return await open(at, (flags & ~constants.O_TRUNC) | O_NOFOLLOW | O_NONBLOCK, mode)
  })
  try {
    const found = await handle.stat({ bigint: true })
    if (!found.isFile()) throw irregular(path, found.isDirectory())
    if (isOwnFile(found, path.real)) throw forbidden(path)
    if (!CAN_PIN) {
      const named = await stat(path.real, { bigint: true })
      if (named.ino !== found.ino || named.dev !== found.dev) throw moved(path)
    }
    if ((flags & constants.O_TRUNC) !== 0) await handle.truncate(0)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** What a path that was checked is, itself: where a link has taken its place, that it is one. */
export function lookAt(path: ResolvedPath): Promise<Stats> {
  return inParent(path, (at) => lstat(at))
}

/** Does something with a directory that was checked: `use` gets a path of it that leads to no other. */
export async function inDirectory<Result>(path: ResolvedPath, use: (at: string) => Promise<Result>): Promise<Result> {
  return inParent(path, (at) => enter(at, use))
}

/** The same for a directory below one that is held, by its path there. Fails where a link has taken its place. */
export async function enter<Result>(at: string, use: (at: string) => Promise<Result>): Promise<Result> {
  if (!CAN_PIN) {
    if ((await lstat(at)).isSymbolicLink())
      throw Object.assign(new Error("it is a link"), { code: "ENOTDIR", errno: -20 })
    return use(at)
  }
  const handle = await open(at, O_PATH | O_DIRECTORY | O_NOFOLLOW)
  try {
    return await use(`${DESCRIPTORS}/${handle.fd}`)
  } finally {
    await handle.close()
  }
}

/** Before it is opened: opening a device may already do something. */
async function expectRegular(at: string, path: ResolvedPath): Promise<void> {
  let found: Awaited<ReturnType<typeof lstat>>
  try {
    found = await lstat(at)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return
    throw error
  }
  if (found.isSymbolicLink()) throw moved(path)
  if (!found.isFile()) throw irregular(path, found.isDirectory())
}

async function expectReal(folder: string, path: ResolvedPath): Promise<void> {
  if ((await realpath(folder)) !== folder) throw moved(path)
}

function expectNotOwn(folder: BigIntStats, path: ResolvedPath): void {
  if (isOwnName(folder, path.real)) throw forbidden(path)
}

function forbidden({ lexical }: ResolvedPath): Error {
  return new Error(`forbidden path: ${lexical} is a file that the app keeps for itself`)
}

function moved(path: ResolvedPath): Error {
  return new Error(`${path.lexical} was changed while it was opened: try again`)
}

function irregular(path: ResolvedPath, isDirectory: boolean): Error {
  return isDirectory
    ? Object.assign(new Error(`${path.lexical} is a directory`), { code: "EISDIR", errno: -21 })
    : new Error(`${path.lexical} is no regular file: pipes, sockets and devices are not opened`)
}
