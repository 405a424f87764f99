/**
 * Derives the key of each session from the secret of one launch.
 *
 * Promises that each session has an id and a key of its own, that no session of this or another launch shares it, and that no
 * session begins after `wipe`. Stops P2, P4 and P8: a record of one session, window or launch that is opened in another, or sealed
 * with a key that is known.
 */
import { hkdfSync, randomBytes } from "node:crypto"
import { KEY_BYTES, SEAL_KEY_INFO, SESSION_ID_BYTES } from "../wire/sealing.ts"

/** The secret of one launch. It never leaves this object. */
export class LaunchKey {
  readonly #bytes = randomBytes(KEY_BYTES)
  #isWiped = false

  /** Makes the id and the sealing key of a new session. */
  newSession(): { readonly id: Uint8Array; readonly key: Uint8Array } {
    // A key derived from zeros is known to everyone.
    if (this.#isWiped) throw new Error("the app is closing")
    const id = randomBytes(SESSION_ID_BYTES)
    return { id, key: deriveSealingKey(this.#bytes, id) }
  }

  /** Fills the key with zeros. */
  wipe(): void {
    this.#isWiped = true
    this.#bytes.fill(0)
  }
}

/** Derives a session's sealing key, 32 bytes: HKDF-SHA-256 (RFC 5869) of the launch key, with the session id as salt. */
export function deriveSealingKey(launchKey: Uint8Array, session: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", launchKey, session, SEAL_KEY_INFO, KEY_BYTES))
}
