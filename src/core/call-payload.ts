import type { Call, Headers as HeaderRecord, HookState, LogLine, RefusedCall } from "../protocol/messages.ts"
import { parseUntrusted } from "../protocol/parse.ts"
import { cutBlobs, splitPayload } from "../protocol/payload.ts"

/** A call as a frame brought it: of the right shape, nothing more. */
export interface ReceivedCall {
  readonly id: number
  readonly cmd: string
  /** What JSON can hold, or the bytes of a raw argument. */
  readonly args: unknown
  readonly headers: HeaderRecord | null
  /** Its share of the frame, in bytes. */
  readonly bytes: number
}

export interface ReceivedPayload {
  readonly hook: HookState | null
  readonly calls: readonly ReceivedCall[]
  readonly refused: readonly RefusedCall[]
  readonly logs: readonly LogLine[]
}

/** Levels that the payload's own object and lists add to those of the arguments. */
const ENVELOPE_NESTING = 3

/** Reads what a page (brownfield) or its sandbox (isolation) sent. Throws an `Error` when it is no payload or over a limit. */
export function readCallPayload(
  bytes: Uint8Array,
  limits: { jsonBytes: number; blobBytes: number; nesting: number },
): ReceivedPayload {
  const { json, rest } = splitPayload(bytes)
  if (bytes.length - rest.length - 4 > limits.jsonBytes)
    throw new RangeError(`the JSON of a frame is larger than ${limits.jsonBytes} bytes`)
  if (rest.length > limits.blobBytes)
    throw new RangeError(`the raw arguments of a frame are larger than ${limits.blobBytes} bytes`)
  const payload = parseUntrusted(json, limits.nesting + ENVELOPE_NESTING)
  if (!isRecord(payload)) throw new TypeError("a payload is an object")
  const blobs = cutBlobs(payload.blobs ?? [], rest)
  const calls = list(payload.calls)
  const share = calls.length === 0 ? 0 : Math.ceil(json.length / calls.length)
  return {
    hook: (payload.hook as HookState | undefined) ?? null,
    calls: calls.map((tuple) => readCall(tuple, blobs, share)),
    refused: list(payload.refused).map((tuple) => strings(tuple, 1) as RefusedCall),
    logs: list(payload.logs).map((tuple) => strings(tuple, 0) as LogLine),
  }
}

function readCall(tuple: unknown, blobs: readonly Uint8Array[], share: number): ReceivedCall {
  if (!Array.isArray(tuple)) throw new TypeError("a call is a list")
  const [id, cmd, args, headers, blob] = tuple as unknown as Call
  if (!Number.isInteger(id) || id < 0 || id > 0xffff_ffff) throw new TypeError("a call's id is a u32")
  if (typeof cmd !== "string") throw new TypeError("a call's command is a string")
  if (blob === undefined || blob === null)
    return { id, cmd, args: args ?? {}, headers: readHeaders(headers), bytes: share }
  // A name such as "length" is in every list, too: only an index is a blob.
  const bytes = typeof blob === "number" ? blobs[blob] : undefined
  if (bytes === undefined) throw new RangeError("a call names a blob that is not there")
  return { id, cmd, args: bytes, headers: readHeaders(headers), bytes: share + bytes.length }
}

function readHeaders(headers: unknown): HeaderRecord | null {
  if (headers === undefined || headers === null) return null
  if (!isRecord(headers) || !Object.values(headers).every((value) => typeof value === "string"))
    throw new TypeError("headers are an object of strings")
  return headers as HeaderRecord
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new TypeError("a payload's parts are lists")
  return value
}

function strings(tuple: unknown, from: number): unknown {
  if (!Array.isArray(tuple) || !tuple.slice(from).every((part) => typeof part === "string"))
    throw new TypeError("a tuple of strings is none")
  return tuple
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
