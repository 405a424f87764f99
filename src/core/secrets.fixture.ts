import crypto, { type BinaryLike } from "node:crypto"
import { syncBuiltinESMExports } from "node:module"

/** Bytes that must not become known. */
export interface Secret {
  /** Random bytes are a launch key or, as base64url, a token; derived ones a session's sealing key. */
  readonly from: "random" | "derived"
  /** As they were made. */
  readonly bytes: Uint8Array
  /** The very bytes that the code holds, as they are now. */
  readonly held: Uint8Array
}

/**
 * Takes note of every secret of 32 bytes that anything in this process gets from `node:crypto` from now on: what the code
 * itself keeps to itself, seen from under it.
 */
export function watchSecrets(): { readonly secrets: Secret[]; stop(): void } {
  const secrets: Secret[] = []
  const { randomBytes, hkdfSync } = crypto
  const note = (from: Secret["from"], held: Uint8Array): void => {
    if (held.length === 32) secrets.push({ from, bytes: Uint8Array.from(held), held })
  }
  const watched = {
    randomBytes: (size: number) => {
      const bytes = randomBytes(size)
      note("random", bytes)
      return bytes
    },
    hkdfSync: (digest: string, key: BinaryLike, salt: BinaryLike, info: BinaryLike, length: number) => {
      const derived = hkdfSync(digest, key, salt, info, length)
      note("derived", new Uint8Array(derived))
      return derived
    },
  }
  replace(watched)
  return { secrets, stop: () => replace({ randomBytes, hkdfSync }) }
}

function replace(functions: object): void {
  Object.assign(crypto, functions)
  // Names that are imported from the module follow only so.
  syncBuiltinESMExports()
}
