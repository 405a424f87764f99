/**
 * Seals messages under one session's key.
 *
 * Promises that each record has a nonce of its own and leaves in the order of its `seq`. Stops P2, P3, P4, P5 and P8: forged, repeated, spliced,
 * changed and reordered records do not open in the Core.
 */
import { bare } from "../wire/own.ts"
import { encodePayload } from "../wire/payload.ts"
import { associatedData, FIRST_SEQ, SESSION_ID_BYTES, sealNonce } from "../wire/sealing.ts"

/** Seals a payload. Resolves when its record has left. Rejects if it cannot be sealed: then the session is over, because its `seq` is used up. */
export type RecordSealer = (json: string, blobs: readonly Uint8Array[]) => Promise<void>

export function createRecordSealer(
  key: CryptoKey,
  session: Uint8Array,
  send: (record: Uint8Array<ArrayBuffer>) => void,
): RecordSealer {
  let nextSeq = FIRST_SEQ
  let sent = Promise.resolve()
  return async (json, blobs) => {
    const payload = encodePayload(json, blobs)
    // From here on nothing may fail but the cipher itself: a `seq` that never arrives ends the session.
    const seq = nextSeq++
    const additionalData = associatedData(session, seq)
    // Without a prototype: `tagLength` on a polluted one would end the session.
    const algorithm = bare({ name: "AES-GCM", iv: sealNonce(seq), additionalData })
    const sealed = crypto.subtle.encrypt(algorithm, key, payload)
    // Engines finish seals out of order; the Core accepts records in order only.
    sent = sent.then(async () => send(joined(additionalData.subarray(SESSION_ID_BYTES), await sealed)))
    return sent
  }
}

function joined(header: Uint8Array, sealed: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(header.length + sealed.byteLength)
  record.set(header)
  record.set(new Uint8Array(sealed), header.length)
  return record
}
