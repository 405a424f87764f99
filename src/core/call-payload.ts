import type { Call, Headers as HeaderRecord, HookState, LogLine, RefusedCall } from "../protocol/messages.ts"
import { bare, own } from "../protocol/own.ts"
import { ParseError, parseShallow } from "../protocol/parse.ts"
import { cutBlobs, splitPayload } from "../protocol/payload.ts"
import { CHANNEL_PREFIX } from "./channel.ts"
import { bytesExceedNesting } from "./nesting.ts"
import { textLength } from "./text-length.ts"

/** A call as a frame brought it: of the right shape, nothing more. */
export interface ReceivedCall {
  readonly id: number
  readonly cmd: string
  /** What JSON can hold, or the bytes of a raw argument. */
  readonly args: unknown
  readonly headers: HeaderRecord | null
  /** What it holds of the frame: characters of its JSON, and bytes of its raw argument. */
  readonly bytes: number
  /** Whether its frame holds text that names channels: rare, and to look for it in every call's arguments would cost. */
  readonly mayHoldChannels: boolean
}

export interface ReceivedPayload {
  readonly hook: HookState | null
  readonly calls: readonly ReceivedCall[]
  readonly refused: readonly RefusedCall[]
  readonly logs: readonly LogLine[]
}

const HOOK_STATES: readonly unknown[] = ["function", "null", "missing"] satisfies HookState[]
const LOG_LEVELS: readonly unknown[] = ["debug", "info", "log", "warn", "error"] satisfies LogLine[0][]

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
  if (bytesExceedNesting(bytes.subarray(4, bytes.length - rest.length), limits.nesting + ENVELOPE_NESTING))
    throw new ParseError("NESTING_TOO_DEEP")
  const payload = parseShallow(json)
  if (!isRecord(payload)) throw new TypeError("a payload is an object")
  const calls = list(own(payload, "calls"))
  const lengths = list(own(payload, "blobs"))
  // A table of very many, all of them empty, would cost a hundred times its text.
  if (lengths.length > calls.length) throw new RangeError("a payload has at most one blob a call")
  // Copies, so that no command holds a whole frame, or hands other calls' bytes on with `buffer`; and `rest` may be a `Buffer`.
  const blobs = cutBlobs(lengths, rest).map((blob) => new Uint8Array(blob))
  const mayHoldChannels = json.includes(CHANNEL_PREFIX)
  return {
    hook: readHookState(own(payload, "hook")),
    calls: calls.map((tuple) => readCall(tuple, blobs, mayHoldChannels)),
    refused: list(own(payload, "refused")).map(readRefused),
    logs: list(own(payload, "logs")).map(readLog),
  }
}

function readCall(tuple: unknown, blobs: readonly Uint8Array[], mayHoldChannels: boolean): ReceivedCall {
  if (!Array.isArray(tuple)) throw new TypeError("a call is a list")
  // Destructuring stops at the end of the list. An index beyond it, as in `tuple[4]`, would ask the prototypes for "4".
  const [id, cmd, args, headers, blob] = tuple as unknown as Call
  if (!Number.isInteger(id) || id < 0 || id > 0xffff_ffff) throw new TypeError("a call's id is a u32")
  if (typeof cmd !== "string") throw new TypeError("a call's command is a string")
  const size = textLength(tuple)
  if (blob === undefined || blob === null)
    return { id, cmd, args: args ?? {}, headers: readHeaders(headers), bytes: size, mayHoldChannels }
  // A name such as "length" is in every list, too: only an index of its own is a blob.
  const bytes = typeof blob === "number" ? (own(blobs, blob) as Uint8Array | undefined) : undefined
  if (bytes === undefined) throw new RangeError("a call names a blob that is not there")
  return { id, cmd, args: bytes, headers: readHeaders(headers), bytes: size + bytes.length, mayHoldChannels: false }
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

function readHookState(state: unknown): HookState | null {
  if (state === undefined) return null
  if (!HOOK_STATES.includes(state)) throw new TypeError("a hook's state is none")
  return state as HookState
}

/** A line that the sandbox could not read has no id, and is refused all the same. */
function readRefused(tuple: unknown): RefusedCall {
  const [id, ...texts] = list(tuple)
  if ((typeof id !== "number" && id !== null) || texts.length !== 3 || !texts.every(isText))
    throw new TypeError("a refusal is an id, a command, a code and a reason")
  return tuple as RefusedCall
}

function readLog(tuple: unknown): LogLine {
  const [level, text, ...more] = list(tuple)
  if (!LOG_LEVELS.includes(level) || !isText(text) || more.length > 0)
    throw new TypeError("a line of the console is a level and a text")
  return tuple as LogLine
}

function isText(value: unknown): value is string {
  return typeof value === "string"
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
