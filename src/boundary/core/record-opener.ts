import { createDecipheriv, hkdfSync, timingSafeEqual } from "node:crypto"
import {
  associatedData,
  FIRST_SEQ,
  HEADER_BYTES,
  KEY_BYTES,
  SEAL_KEY_INFO,
  SESSION_ID_BYTES,
  sealNonce,
  TAG_BYTES,
} from "../wire/sealing.ts"

/** The shortest frame: one whose payload is empty. */
const FRAME_BYTES = HEADER_BYTES + TAG_BYTES

/** A session's sealing key: HKDF-SHA-256 (RFC 5869) of the launch key, with the session id as salt. 32 bytes. */
export function deriveSealingKey(launchKey: Uint8Array, session: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", launchKey, session, SEAL_KEY_INFO, KEY_BYTES))
}

/** Opens the sealed frames of one session, in their order. */
export class RecordOpener {
  readonly #key: Uint8Array
  readonly #session: Uint8Array
  #nextSeq = FIRST_SEQ
  #isWiped = false

  /** @param key is filled with zeros by `wipe` */
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
   *
   * Nor by the time it takes: nothing here returns early. Every frame of a length is deciphered whole and then fails at its
   * tag, for its header is authenticated as it came, under the nonce of the frame that is due.
   */
  open(frame: Uint8Array): Uint8Array | null {
    // Zeros under a known key would be anybody's frame.
    if (this.#isWiped) return null
    const seq = this.#nextSeq
    const whole = frame.length < FRAME_BYTES ? padded(frame) : frame
    const due = associatedData(this.#session, seq)
    const claimed = Uint8Array.from(due)
    claimed.set(whole.subarray(0, HEADER_BYTES), SESSION_ID_BYTES)
    const decipher = createDecipheriv("aes-256-gcm", this.#key, sealNonce(seq), { authTagLength: TAG_BYTES })
    decipher.setAAD(claimed)
    decipher.setAuthTag(whole.subarray(whole.length - TAG_BYTES))
    const payload = decipher.update(whole.subarray(HEADER_BYTES, whole.length - TAG_BYTES))
    let isAuthentic = true
    try {
      decipher.final()
    } catch {
      isAuthentic = false
    }
    const isDue = timingSafeEqual(claimed, due)
    if (!isAuthentic || !isDue || frame.length < FRAME_BYTES) return null
    this.#nextSeq++
    return payload
  }

  /** The session is over: its key is filled with zeros, and nothing opens any more. */
  wipe(): void {
    this.#isWiped = true
    this.#key.fill(0)
  }
}

function padded(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES)
  bytes.set(frame)
  return bytes
}
