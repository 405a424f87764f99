import { createDecipheriv, hkdfSync } from "node:crypto"
import {
  associatedData,
  FIRST_SEQ,
  HEADER_BYTES,
  KEY_BYTES,
  SEAL_KEY_INFO,
  SESSION_ID_BYTES,
  sealNonce,
  TAG_BYTES,
} from "../protocol/sealing.ts"

/** A session's sealing key: HKDF-SHA-256 (RFC 5869) of the launch key, with the session id as salt. 32 bytes. */
export function deriveSealingKey(launchKey: Uint8Array, session: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", launchKey, session, SEAL_KEY_INFO, KEY_BYTES))
}

/** Opens the sealed frames of one session, in their order. */
export class Opener {
  readonly #key: Uint8Array
  readonly #session: Uint8Array
  #nextSeq = FIRST_SEQ

  constructor(key: Uint8Array, session: Uint8Array) {
    this.#key = key
    this.#session = session
  }

  /** Frames opened so far. */
  get opened(): number {
    return this.#nextSeq - FIRST_SEQ
  }

  /**
   * The payload, when this is the frame that the session's sandbox sealed next; `null` for everything else, without a
   * word why: forged, changed, repeated, reordered or left over from another session are all the same.
   */
  open(frame: Uint8Array): Uint8Array | null {
    if (frame.length < HEADER_BYTES + TAG_BYTES) return null
    const seq = this.#nextSeq
    const additionalData = associatedData(this.#session, seq)
    // The tag covers version and seq as this side counts them; the header in the clear must say the same.
    if (!additionalData.subarray(SESSION_ID_BYTES).every((byte, index) => frame[index] === byte)) return null
    const decipher = createDecipheriv("aes-256-gcm", this.#key, sealNonce(seq), { authTagLength: TAG_BYTES })
    decipher.setAAD(additionalData)
    decipher.setAuthTag(frame.subarray(frame.length - TAG_BYTES))
    const payload = decipher.update(frame.subarray(HEADER_BYTES, frame.length - TAG_BYTES))
    try {
      decipher.final()
    } catch {
      return null
    }
    this.#nextSeq++
    return payload
  }
}
