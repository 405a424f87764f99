import { parseUntrusted } from "./parse.ts"
import { cutBlobs, encodePayload, splitPayload } from "./payload.ts"
import { associatedData, HEADER_BYTES, SEAL_KEY_INFO, SESSION_ID_BYTES, sealNonce } from "./sealing.ts"

/** docs/protocol-vectors.json. Bytes are in hexadecimal. */
export interface Vectors {
  readonly about: string
  readonly version: number
  readonly launchKey: string
  /** What HKDF makes of the launch key for each session. */
  readonly keys: readonly { readonly session: string; readonly key: string }[]
  /** The session of all frames below. */
  readonly session: string
  readonly frames: readonly {
    readonly name: string
    readonly seq: number
    readonly nonce: string
    readonly associatedData: string
    readonly payload: string
    readonly frame: string
  }[]
  /** Frames that must not open when `seq` is expected next. */
  readonly badFrames: readonly { readonly name: string; readonly seq: number; readonly frame: string }[]
  readonly payloads: readonly {
    readonly name: string
    readonly payload: string
    readonly json: string
    readonly blobs: readonly string[]
  }[]
  /** Bytes that are no payload. */
  readonly badPayloads: readonly { readonly name: string; readonly payload: string }[]
  /** Payloads that hold what is no call, no refusal and no line. */
  readonly badCalls: readonly { readonly name: string; readonly payload: string }[]
}

/** Levels that the payload's own object and lists add to the default limit of 256. */
const NESTING = 256 + 3

/**
 * Checks all that the realms share against the vectors, with WebCrypto, wherever that is: in Node and in browsers.
 * Returns what is wrong, by name, and how many vectors there were.
 */
export async function checkVectors(vectors: Vectors): Promise<{ checked: number; wrong: string[] }> {
  const wrong: string[] = []
  let checked = 0
  const expect = (name: string, isRight: boolean): void => {
    checked++
    if (!isRight) wrong.push(name)
  }
  const session = bytesOf(vectors.session)
  for (const { session: salt, key } of vectors.keys)
    expect(`key of session ${salt}`, hexOf(await deriveKey(bytesOf(vectors.launchKey), bytesOf(salt))) === key)
  const key = await deriveKey(bytesOf(vectors.launchKey), session)

  for (const { name, seq, nonce, associatedData: data, payload, frame } of vectors.frames) {
    expect(`nonce of seq ${seq}`, hexOf(sealNonce(seq)) === nonce)
    expect(`associated data of seq ${seq}`, hexOf(associatedData(session, seq)) === data)
    expect(`frame, sealed: ${name}`, hexOf(await seal(key, session, seq, bytesOf(payload))) === frame)
    expect(`frame, opened: ${name}`, hexOf((await open(key, session, seq, bytesOf(frame))) ?? session) === payload)
  }
  for (const { name, seq, frame } of vectors.badFrames)
    expect(`frame that must not open: ${name}`, (await open(key, session, seq, bytesOf(frame))) === null)

  for (const { name, payload, json, blobs } of vectors.payloads) {
    expect(`payload, laid out: ${name}`, hexOf(encodePayload(json, blobs.map(bytesOf))) === payload)
    const parts = read(bytesOf(payload))
    expect(`payload, read: ${name}`, parts?.json === json && String(parts.blobs.map(hexOf)) === String(blobs))
  }
  for (const { name, payload } of vectors.badPayloads)
    expect(`payload that must not be read: ${name}`, read(bytesOf(payload)) === null)
  return { checked, wrong }
}

async function deriveKey(launchKey: Bytes, salt: Bytes): Promise<Bytes> {
  const material = await crypto.subtle.importKey("raw", launchKey, "HKDF", false, ["deriveBits"])
  const info = new TextEncoder().encode(SEAL_KEY_INFO)
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, material, 256))
}

async function seal(key: Bytes, session: Bytes, seq: number, payload: Bytes): Promise<Bytes> {
  const additionalData = associatedData(session, seq)
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"])
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: sealNonce(seq), additionalData }, imported, payload)
  return Uint8Array.from([...additionalData.subarray(SESSION_ID_BYTES), ...new Uint8Array(sealed)])
}

async function open(key: Bytes, session: Bytes, seq: number, frame: Bytes): Promise<Bytes | null> {
  const additionalData = associatedData(session, seq)
  if (hexOf(frame.subarray(0, HEADER_BYTES)) !== hexOf(additionalData.subarray(SESSION_ID_BYTES))) return null
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"])
  try {
    const sealed = frame.subarray(HEADER_BYTES)
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealNonce(seq), additionalData }, imported, sealed),
    )
  } catch {
    return null
  }
}

/** A payload's parts, or `null` when it is none. */
function read(payload: Bytes): { json: string; blobs: Uint8Array[] } | null {
  try {
    const { json, rest } = splitPayload(payload)
    return { json, blobs: cutBlobs((parseUntrusted(json, NESTING) as { blobs?: unknown }).blobs ?? [], rest) }
  } catch {
    return null
  }
}

type Bytes = Uint8Array<ArrayBuffer>

export function bytesOf(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
