/**
 * The form of a record (docs/protocol.md, "Sealed frame"), integers big-endian:
 *
 *     version u8 | seq u64 | AES-256-GCM ciphertext | tag, 16 bytes
 *
 * Nonce: `seq` as 96 bits. Associated data: session id, 16 bytes | version u8 | seq u64. A nonce never repeats under a
 * key, because a key belongs to one session, one document of that session has it, and `seq` only counts up (NIST SP 800-38D, 8.2.1:
 * deterministic construction).
 *
 * Promises that a record opens as what was sealed, at its place in its session, or not at all. Stops P2, P3, P4, P5 and P8: forged, repeated,
 * spliced, changed and reordered records.
 */
import { PROTOCOL_VERSION } from "./version.ts"

export const HEADER_BYTES = 9
export const TAG_BYTES = 16
export const SESSION_ID_BYTES = 16
export const KEY_BYTES = 32

/** HKDF's `info` (RFC 5869) when a session's sealing key is derived from the launch key, with the session id as salt. */
export const SEAL_KEY_INFO = "sallyport/1 seal"

/** The first record of a session has this `seq`; each further one the last plus one. */
export const FIRST_SEQ = 1

/**
 * Returns what is authenticated besides the ciphertext, 25 bytes; the last 9 of them are the record's header. `seq` is a safe
 * integer: at a million records a second it lasts 285 years.
 */
export function associatedData(session: Uint8Array, seq: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(SESSION_ID_BYTES + HEADER_BYTES)
  data.set(session)
  data[SESSION_ID_BYTES] = PROTOCOL_VERSION
  new DataView(data.buffer).setBigUint64(SESSION_ID_BYTES + 1, BigInt(seq))
  return data
}

/** Returns AES-GCM's nonce for a `seq`, 12 bytes. */
export function sealNonce(seq: number): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setBigUint64(4, BigInt(seq))
  return nonce
}
