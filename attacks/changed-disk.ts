import { createHash } from "node:crypto"
import { createLock, serializeLock } from "../src/isolation-app/lock.ts"
import { signLock } from "../src/isolation-app/lock-signature.ts"
import { generateSigningKeys, readPrivateKey, type SigningKeys } from "../src/isolation-app/signing-key.ts"
import { HOOK, ISOLATION_PAGE } from "./victim-app.ts"
import type { Victim } from "./victim-process.ts"

/** An isolation app that refuses nothing. */
export const EVIL_HOOK = "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload // evil\n"

export const PATH_OF_LOCK = "isolation/isolation.lock.json"

/** The text of a lock for an isolation app of two files, signed where there is a key. */
export function lockOf(hook: string, keys?: SigningKeys, page: string = ISOLATION_PAGE): string {
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")
  const lock = createLock([
    { path: "index.html", sha256: sha256(page) },
    { path: "index.js", sha256: sha256(hook) },
  ])
  return serializeLock(keys === undefined ? lock : signLock(lock, readPrivateKey(keys.privateKey)))
}

/** The author's keys, of which the app carries the public one, and an attacker's. */
export const AUTHOR: SigningKeys = generateSigningKeys()
export const ATTACKER: SigningKeys = generateSigningKeys()

interface Locked {
  readonly files: { readonly [PATH_OF_LOCK]: string }
}

export const LOCKED: Locked = { files: { [PATH_OF_LOCK]: lockOf(HOOK) } }
export const SIGNED: Locked & { readonly publicKey: string } = {
  files: { [PATH_OF_LOCK]: lockOf(HOOK, AUTHOR) },
  publicKey: AUTHOR.publicKey,
}

/** Ends the app, has its files changed, and starts it again: `null` when it starts, else what it says. */
export async function startChanged(victim: Victim, change: () => Promise<unknown>): Promise<string | null> {
  await victim.end()
  await change()
  try {
    await victim.begin()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
