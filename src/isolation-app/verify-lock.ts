import type { KeyObject } from "node:crypto"
import { lstat } from "node:fs/promises"
import { join } from "node:path"
import { bare } from "../boundary/wire/own.ts"
import type { MemoryFiles } from "../files/memory-files.ts"
import { decode, type Folder } from "./folder.ts"
import { IsolationAppError } from "./isolation-app-error.ts"
import { LOCK_NAME, type Lock, parseLock } from "./lock.ts"
import { isSignatureRight } from "./lock-signature.ts"
import { readWholeFile } from "./read-whole-file.ts"
import { publicKeyText } from "./signing-key.ts"

/** Bytes: some 8,000 files. A longer lock is no lock. */
const LARGEST_LOCK = 1024 * 1024

/**
 * Reads the lock of a folder, and checks its signature.
 *
 * @param publicKey who must have signed it; `null`: anybody or nobody, and there may be no lock
 * @param carried where the folder is, when not on the disk
 * @throws IsolationAppError LOCK_MISSING, LOCK_UNSIGNED, LOCK_OTHER_KEY, LOCK_SIGNATURE_WRONG, LOCK_IS_LINK and what
 * `parseLock` throws
 */
export async function readLock(
  dir: string,
  publicKey: KeyObject | null,
  carried: MemoryFiles | null = null,
): Promise<Lock | null> {
  const file = join(dir, LOCK_NAME)
  const fail = (code: "LOCK_MISSING" | "LOCK_UNSIGNED" | "LOCK_OTHER_KEY" | "LOCK_SIGNATURE_WRONG", what: string) => {
    throw new IsolationAppError(code, file, what)
  }
  const bytes = carried === null ? await readLockFile(file) : carried.read(file)
  if (bytes === null) {
    return publicKey === null ? null : fail("LOCK_MISSING", "there is no lock, and this app requires a signed one")
  }
  const lock = parseLock(decode(bytes, file), file)
  const { signature } = bare(lock)
  if (signature === undefined) {
    if (publicKey !== null) fail("LOCK_UNSIGNED", "this lock has no signature, and this app requires one")
    return lock
  }
  // Whose it says to be comes first: of another's lock it does not matter whether it is right.
  const expected = publicKey === null ? signature.publicKey : publicKeyText(publicKey)
  if (signature.publicKey !== expected) {
    fail("LOCK_OTHER_KEY", `this lock is signed by ${signature.publicKey}, and this app requires ${expected}`)
  }
  if (!isSignatureRight(lock, signature)) {
    fail("LOCK_SIGNATURE_WRONG", "the signature does not belong to what this lock says")
  }
  return lock
}

async function readLockFile(file: string): Promise<Uint8Array | null> {
  return (await isThere(file)) ? await readWholeFile(file, file, LARGEST_LOCK) : null
}

/** Whether something has the lock's name. A link that leads nowhere has it, too: it must not pass for "no lock". */
async function isThere(file: string): Promise<boolean> {
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw new IsolationAppError("UNREADABLE", file, error.message)
  })
  if (found?.isSymbolicLink()) throw new IsolationAppError("LOCK_IS_LINK", file, "this lock is a link")
  return found !== null
}

/**
 * Reads every locked file, before anything in one of them is believed.
 *
 * @throws IsolationAppError LOCK_FILE_CHANGED, LOCK_FILE_MISSING, and those of reading
 */
export async function verifyLockedFiles(folder: Folder, lock: Lock): Promise<void> {
  for (const { path, sha256 } of lock.files) {
    const found = await folder.hash(path, "LOCK_FILE_MISSING")
    const changed = (what: string): never => {
      throw new IsolationAppError("LOCK_FILE_CHANGED", join(folder.dir, path), what)
    }
    if (found.path !== path) changed(`this is a link to ${found.path}, and was a file when it was locked`)
    if (found.sha256 === sha256) continue
    if (found.withLineFeeds === sha256) changed("its line ends were changed after it was locked")
    changed("this file was changed after it was locked")
  }
}

/**
 * Checks that what was read is what was locked, nothing more and nothing less.
 *
 * @throws IsolationAppError LOCK_FILE_ADDED, LOCK_FILE_UNUSED
 */
export function verifyNothingElse(folder: Folder, lock: Lock): void {
  const used = new Set(folder.files.map(({ path }) => path))
  const locked = new Set(lock.files.map(({ path }) => path))
  for (const path of used) {
    if (!locked.has(path)) {
      throw new IsolationAppError(
        "LOCK_FILE_ADDED",
        join(folder.dir, path),
        "index.html loads this file, and it is not locked",
      )
    }
  }
  for (const path of locked) {
    if (!used.has(path)) {
      throw new IsolationAppError(
        "LOCK_FILE_UNUSED",
        join(folder.dir, path),
        "this file is locked, and index.html does not load it",
      )
    }
  }
}
