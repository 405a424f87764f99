/**
 * Decodes an opened record into calls.
 *
 * Promises calls of the right shape, made of own properties of the parsed JSON alone, each with its own raw argument, within the limits.
 * Stops P16, P19 and P31: too much JSON or bytes, ids that are not numbers, and values that a careless merge has put on
 * `Object.prototype` or `Array.prototype` and that would become a call, an argument or a header.
 */
import type { Call, Headers as HeaderRecord } from "../wire/messages.ts"
import { bare, own } from "../wire/own.ts"
import { parseShallow } from "../wire/parse.ts"
import { cutBlobs, splitPayload } from "../wire/payload.ts"

/** Bounds what calls hold of the Core's memory. Outside of the boundary, because it protects the availability of the Core. */
export interface PayloadMemory {
  /**
   * Takes memory for each call of a payload, before its JSON is parsed. Returns the JSON to parse: the same calls, but without the
   * arguments of those for which not enough memory is left.
   *
   * @param bytes the same JSON in UTF-8
   * @throws Error when no memory could be enough
   */
  reserve(json: string, bytes: Uint8Array): { readonly json: string; readonly calls: readonly Reservation[] }
  /** Takes memory for a raw argument. Returns false, and takes none, when not enough is left. */
  take(bytes: number): boolean
}

/** Facts about a call that are known before it is parsed. */
export interface Reservation {
  /** Bytes that it holds of its window's memory; 0 when not enough is left. */
  readonly bytes: number
  /** True when its record holds text that names a channel. */
  readonly mayHoldChannels: boolean
}

/** A call as a record brought it: of the right shape, nothing more. */
export interface ReceivedCall extends Reservation {
  readonly id: number
  readonly cmd: string
  /** Parsed JSON, or the bytes of a raw argument. */
  readonly args: unknown
  readonly headers: HeaderRecord | null
  /** True when its window has no memory left for it: it has no arguments then, and does not run. */
  readonly isExcess: boolean
}

export interface ReceivedPayload {
  readonly calls: readonly ReceivedCall[]
  /** The parsed payload, for what it holds besides calls: reports of the sandbox. */
  readonly members: object
}

/**
 * Decodes the payload of a record that was opened (in brownfield: that the page sent).
 *
 * @throws Error for bytes that are not a payload, or are over a limit
 */
export function readCallPayload(
  bytes: Uint8Array,
  limits: { readonly jsonBytes: number; readonly blobBytes: number },
  memory: PayloadMemory,
): ReceivedPayload {
  const { json, rest } = splitPayload(bytes)
  const text = bytes.subarray(4, bytes.length - rest.length)
  if (text.length > limits.jsonBytes)
    throw new RangeError(`the JSON of a record is larger than ${limits.jsonBytes} bytes`)
  if (rest.length > limits.blobBytes)
    throw new RangeError(`the raw arguments of a record are larger than ${limits.blobBytes} bytes`)
  const reserved = memory.reserve(json, text)
  const members = parseShallow(reserved.json)
  if (!isRecord(members)) throw new TypeError("a payload is an object")
  const calls = list(own(members, "calls"))
  const lengths = list(own(members, "blobs"))
  // A table of very many empty blobs would take a hundred times its text.
  if (lengths.length > calls.length) throw new RangeError("a payload has at most one blob a call")
  if (calls.length !== reserved.calls.length) throw new TypeError("a call is a list")
  const blobs = cutBlobs(lengths, rest)
  return { calls: calls.map((tuple, index) => readCall(tuple, blobs, reserved.calls[index], memory)), members }
}

function readCall(
  tuple: unknown,
  blobs: readonly Uint8Array[],
  reserved: Reservation | undefined,
  memory: PayloadMemory,
): ReceivedCall {
  // Destructuring stops at the end of the list. An index beyond it, as in `tuple[4]`, would ask the prototypes for "4".
  const [id, cmd, args, headers, blob] = list(tuple) as unknown as Call
  if (!Number.isInteger(id) || id < 0 || id > 0xffff_ffff) throw new TypeError("a call's id is a u32")
  if (typeof cmd !== "string") throw new TypeError("a call's command is a string")
  const bytes = reserved?.bytes ?? 0
  const mayHoldChannels = reserved?.mayHoldChannels ?? false
  const call = {
    id,
    cmd,
    args: args ?? {},
    headers: readHeaders(headers),
    bytes,
    mayHoldChannels,
    isExcess: bytes === 0,
  }
  if (call.isExcess || blob === undefined || blob === null) return call
  // Only an index of its own is a blob: every list has names such as "length", too.
  const raw = typeof blob === "number" ? (own(blobs, blob) as Uint8Array | undefined) : undefined
  if (raw === undefined) throw new RangeError("a call names a blob that does not exist")
  if (!memory.take(raw.length)) return { ...call, isExcess: true }
  // A copy: a command must not hold a whole record, or reach the bytes of other calls by `buffer`.
  return { ...call, args: new Uint8Array(raw), bytes: bytes + raw.length, mayHoldChannels: false }
}

function readHeaders(headers: unknown): HeaderRecord | null {
  if (headers === undefined || headers === null) return null
  if (!isRecord(headers) || !Object.values(headers).every((value) => typeof value === "string"))
    throw new TypeError("headers are an object of strings")
  return bare(headers as HeaderRecord)
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new TypeError("a payload's parts are lists")
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
