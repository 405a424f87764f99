import { bare } from "../wire/own.ts"
import { encodePayload } from "../wire/payload.ts"
import { associatedData, FIRST_SEQ, SESSION_ID_BYTES, sealNonce } from "../wire/sealing.ts"

/** Seals payloads under one session's key and hands the frames on, header and rest, in the order of their `seq`. */
export class RecordSealer {
  readonly #key: CryptoKey
  readonly #session: Uint8Array
  readonly #send: (header: Uint8Array, sealed: ArrayBuffer) => void
  #nextSeq = FIRST_SEQ
  #sent: Promise<void> = Promise.resolve()

  constructor(key: CryptoKey, session: Uint8Array, send: (header: Uint8Array, sealed: ArrayBuffer) => void) {
    this.#key = key
    this.#session = session
    this.#send = send
  }

  /** Resolves when the frame has left. Rejects if it cannot be sealed: then the session is over, for its `seq` is spent. */
  async seal(json: string, blobs: readonly Uint8Array[]): Promise<void> {
    const payload = encodePayload(json, blobs)
    // From here on nothing may fail but the cipher itself: a `seq` that never arrives ends the session.
    const seq = this.#nextSeq++
    const additionalData = associatedData(this.#session, seq)
    // Without a prototype: `tagLength` on a polluted one would end the session.
    const algorithm = bare({ name: "AES-GCM", iv: sealNonce(seq), additionalData })
    const sealed = crypto.subtle.encrypt(algorithm, this.#key, payload)
    // Engines finish seals out of order; the Core takes frames in order only.
    this.#sent = this.#sent.then(async () => this.#send(additionalData.subarray(SESSION_ID_BYTES), await sealed))
    return this.#sent
  }
}
