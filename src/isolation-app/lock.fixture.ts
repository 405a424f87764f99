import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto"
import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { folderWith, HOOK, html } from "./folder.fixture.ts"
import { readIsolationApp } from "./isolation-app.ts"
import { createLock, LOCK_NAME, serializeLock } from "./lock.ts"
import { signLock } from "./lock-signature.ts"
import { generateSigningKeys, type SigningKeys } from "./signing-key.ts"

export interface KeyPair extends SigningKeys {
  readonly secret: KeyObject
  readonly open: KeyObject
}

export function keyPair(): KeyPair {
  const keys = generateSigningKeys()
  const secret = createPrivateKey(keys.privateKey)
  return { ...keys, secret, open: createPublicKey(secret) }
}

export const FILES: Readonly<Record<string, string>> = {
  "index.html": html('<script src="lib/check.js"></script><script src="index.js"></script>'),
  "index.js": HOOK,
  "lib/check.js": "const check = true",
}

/** Locks an isolation app as it is now, whatever lock it had. */
export async function lock(dir: string, key?: KeyObject): Promise<void> {
  await rm(join(dir, LOCK_NAME), { force: true })
  const unsigned = createLock((await readIsolationApp(dir)).files)
  await writeFile(join(dir, LOCK_NAME), serializeLock(key === undefined ? unsigned : signLock(unsigned, key)))
}

/** An isolation app of three files, with its lock. */
export async function lockedApp(key?: KeyObject): Promise<string> {
  const dir = folderWith(FILES)
  await lock(dir, key)
  return dir
}
