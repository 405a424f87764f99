/**
 * The layout of what is sealed, the payload of a record (docs/protocol.md, "Payload"). What the hook is given is another payload.
 *
 *     json length u32, big-endian | json, UTF-8 | blobs, one after the other
 *
 * The JSON is an object whose `blobs` lists the blobs' lengths; a tuple that has raw bytes refers to its blob by index.
 *
 * Promises that a payload has one reading: every byte belongs to the JSON or to one blob. Stops P16 (bytes that are no UTF-8, lengths that do
 * not add up) and raw bytes that pose as JSON.
 */

export const encoder: TextEncoder = new TextEncoder()
/** `fatal`: rejects bytes that are no UTF-8. `ignoreBOM`: leaves a leading U+FEFF to the JSON parser, which rejects it. */
const decoder: TextDecoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Lays out a payload. `json` must already list the lengths of `blobs`. */
export function encodePayload(json: string, blobs: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(json)
  let offset = 4 + text.length
  const bytes = new Uint8Array(blobs.reduce((size, blob) => size + blob.length, offset))
  new DataView(bytes.buffer).setUint32(0, text.length)
  bytes.set(text, 4)
  for (const blob of blobs) {
    bytes.set(blob, offset)
    offset += blob.length
  }
  return bytes
}

/** Splits a payload into its JSON text and the bytes of all its blobs. Throws a `RangeError` or `TypeError` if it is cut short or no UTF-8. */
export function splitPayload(bytes: Uint8Array): { readonly json: string; readonly rest: Uint8Array } {
  if (bytes.length < 4) throw new RangeError("a payload has at least 4 bytes")
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
  if (length > bytes.length - 4) throw new RangeError("a payload's JSON is longer than the payload")
  return { json: decoder.decode(bytes.subarray(4, 4 + length)), rest: bytes.subarray(4 + length) }
}

/** Cuts the bytes behind a payload's JSON into blobs. Throws a `RangeError` unless the lengths add up to exactly those bytes. */
export function cutBlobs(lengths: unknown, rest: Uint8Array): Uint8Array[] {
  if (!Array.isArray(lengths)) throw new RangeError("a payload lists its blobs' lengths")
  const blobs: Uint8Array[] = []
  let offset = 0
  for (const length of lengths as unknown[]) {
    if (!Number.isSafeInteger(length) || (length as number) < 0 || offset + (length as number) > rest.length)
      throw new RangeError("a blob's length is wrong")
    blobs.push(rest.subarray(offset, offset + (length as number)))
    offset += length as number
  }
  if (offset !== rest.length) throw new RangeError("a payload has bytes that belong to no blob")
  return blobs
}
