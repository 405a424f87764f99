import type { KeyObject } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { IsolationAppFile } from "./folder.ts"
import { createLock, LOCK_NAME, type Lock, serializeLock } from "./lock.ts"
import { signLock } from "./lock-signature.ts"

/**
 * Writes the lock of an isolation app into its folder.
 *
 * @param files what the app consists of, as `readIsolationApp` says
 * @param key the Ed25519 private key that signs it
 */
export async function writeLock(dir: string, files: readonly IsolationAppFile[], key?: KeyObject): Promise<Lock> {
  const unsigned = createLock(files)
  const lock = key === undefined ? unsigned : signLock(unsigned, key)
  await writeFile(join(dir, LOCK_NAME), serializeLock(lock))
  return lock
}
