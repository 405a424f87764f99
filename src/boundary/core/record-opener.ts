/**
 * Opens the sealed records of one session, in their order.
 *
 * Promises that each payload was sealed with this session's key, for this session, as the next one in its order. Stops P2, P3, P5, P7,
 * P8 and P9: forged, changed, repeated, omitted and reordered records, and those of other sessions. All get the same answer after the
 * same work, so a page cannot learn from it how close a forgery was.
 */
import { createDecipheriv, timingSafeEqual } from "node:crypto"
import { associatedData, FIRST_SEQ, HEADER_BYTES, SESSION_ID_BYTES, sealNonce, TAG_BYTES } from "../wire/sealing.ts"

/** Length of the shortest record, in bytes: its payload is empty. */
const RECORD_BYTES = HEADER_BYTES + TAG_BYTES

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

  /** Number of records opened so far. */
  get opened(): number {
    return this.#nextSeq - FIRST_SEQ
  }

  /**
   * Returns the payload of the record that the session's sandbox sealed next; `null` for everything else.
   *
   * Nothing returns early: every record of a length is deciphered whole, and a wrong one fails at its tag. The header is
   * authenticated as received; the nonce is that of the record that is due.
   */
  open(record: Uint8Array): Uint8Array | null {
    // Anyone can seal with a key of zeros.
    if (this.#isWiped) return null
    const seq = this.#nextSeq
    const whole = record.length < RECORD_BYTES ? padded(record) : record
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
    if (!isAuthentic || !isDue || record.length < RECORD_BYTES) return null
    this.#nextSeq++
    return payload
  }

  /** Fills the key with zeros. Nothing opens any more. */
  wipe(): void {
    this.#isWiped = true
    this.#key.fill(0)
  }
}

function padded(record: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(RECORD_BYTES)
  bytes.set(record)
  return bytes
}
