import type { Call, Headers as HeaderRecord, HookState, LogLine, RefusedCall } from "../boundary/wire/messages.ts"
import { bare, own } from "../boundary/wire/own.ts"
import { ParseError, parseShallow } from "../boundary/wire/parse.ts"
import { cutBlobs, splitPayload } from "../boundary/wire/payload.ts"
import { CHANNEL_PREFIX } from "./channel.ts"
import { measureJson, type SizedCall } from "./json-size.ts"

/** A call as a frame brought it: of the right shape, nothing more. */
export interface ReceivedCall {
  readonly id: number
  readonly cmd: string
  /** What JSON can hold, or the bytes of a raw argument. */
  readonly args: unknown
  readonly headers: HeaderRecord | null
  /** What it holds of its window's memory, at most: its parsed JSON, its raw argument, and what is kept until it is answered. */
  readonly bytes: number
  /** Whether its window has no memory left for it: it has no arguments then, and does not run. */
  readonly isExcess: boolean
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

/** What a call takes besides its JSON and its raw argument, in bytes: what the Core keeps of it until it is answered. */
const CALL_BYTES = 512

/** A text that may name a channel may become one. */
const CHANNEL_TEXT = { bytes: CHANNEL_PREFIX.length, extra: 1024 }

/**
 * Reads what a page (brownfield) or its sandbox (isolation) sent. Throws an `Error` when it is no payload or over a limit.
 *
 * Of each call is known what it takes in memory before it is parsed, and `takeMemory` says whether there is so much. What is not
 * taken is cut out of the text: only its id and its command are parsed, for an answer.
 */
export function readCallPayload(
  bytes: Uint8Array,
  limits: { jsonBytes: number; blobBytes: number; nesting: number; bytesInFlight: number },
  takeMemory: (bytes: number) => boolean = () => true,
): ReceivedPayload {
  const { json, rest } = splitPayload(bytes)
  if (bytes.length - rest.length - 4 > limits.jsonBytes)
    throw new RangeError(`the JSON of a frame is larger than ${limits.jsonBytes} bytes`)
  if (rest.length > limits.blobBytes)
    throw new RangeError(`the raw arguments of a frame are larger than ${limits.blobBytes} bytes`)
  const text = bytes.subarray(4, bytes.length - rest.length)
  const mayHoldChannels = json.includes(CHANNEL_PREFIX)
  const size = measureJson(text, limits.nesting + ENVELOPE_NESTING, mayHoldChannels ? CHANNEL_TEXT : null)
  if (size === null) throw new ParseError("NESTING_TOO_DEEP")
  if (size.hasEscapedName) throw new TypeError("the names of a payload's members are written without escapes")
  // Refusals and lines are handed on at once, but parsed all together.
  if (size.calls.reduce((left, call) => left - call.size, size.total) > limits.bytesInFlight)
    throw new RangeError(`what a frame has besides calls takes more than ${limits.bytesInFlight} bytes`)
  const taken = size.calls.map((call) => (takeMemory(call.size + CALL_BYTES) ? call.size + CALL_BYTES : 0))
  const payload = parseShallow(taken.includes(0) ? cutExcess(text, size.calls, taken) : json)
  if (!isRecord(payload)) throw new TypeError("a payload is an object")
  const calls = list(own(payload, "calls"))
  const lengths = list(own(payload, "blobs"))
  // A table of very many, all of them empty, would cost a hundred times its text.
  if (lengths.length > calls.length) throw new RangeError("a payload has at most one blob a call")
  if (calls.length !== taken.length) throw new TypeError("a call is a list")
  const blobs = cutBlobs(lengths, rest)
  const read = (tuple: unknown, index: number): ReceivedCall => {
    const call = readCall(tuple, blobs, taken[index] ?? 0, mayHoldChannels)
    const { args } = call
    if (call.isExcess || !(args instanceof Uint8Array)) return call
    if (!takeMemory(args.length)) return { ...call, args: null, isExcess: true }
    // A copy, so that no command holds a whole frame, or hands other calls' bytes on with `buffer`; and `rest` may be a `Buffer`.
    return { ...call, args: new Uint8Array(args), bytes: call.bytes + args.length }
  }
  return {
    hook: readHookState(own(payload, "hook")),
    calls: calls.map(read),
    refused: list(own(payload, "refused")).map(readRefused),
    logs: list(own(payload, "logs")).map(readLog),
  }
}

/** Id and command of a call, as JSON. */
const CALL_HEAD = /^\[\s*\d+\s*,\s*"(?:[^"\\]|\\.)*"/

/** The text without the arguments of those calls for which nothing was taken. One that does not begin as calls do is left to the parser, which refuses it. */
function cutExcess(text: Uint8Array, calls: readonly SizedCall[], taken: readonly number[]): string {
  let [json, end] = ["", 0]
  for (const [index, call] of calls.entries()) {
    if (taken[index] !== 0) continue
    const [head] = CALL_HEAD.exec(textOf(text.subarray(call.start, call.end))) ?? []
    if (head === undefined) continue
    json += `${textOf(text.subarray(end, call.start))}${head}]`
    end = call.end
  }
  return json + textOf(text.subarray(end))
}

function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString("utf8")
}

/** @param taken bytes of memory taken for its JSON; 0: there is not so much */
function readCall(tuple: unknown, blobs: readonly Uint8Array[], taken: number, mayHoldChannels: boolean): ReceivedCall {
  if (!Array.isArray(tuple)) throw new TypeError("a call is a list")
  // Destructuring stops at the end of the list. An index beyond it, as in `tuple[4]`, would ask the prototypes for "4".
  const [id, cmd, args, headers, blob] = tuple as unknown as Call
  if (!Number.isInteger(id) || id < 0 || id > 0xffff_ffff) throw new TypeError("a call's id is a u32")
  if (typeof cmd !== "string") throw new TypeError("a call's command is a string")
  const call = { id, cmd, bytes: taken, isExcess: taken === 0, mayHoldChannels }
  if (call.isExcess) return { ...call, args: null, headers: null }
  if (blob === undefined || blob === null) return { ...call, args: args ?? {}, headers: readHeaders(headers) }
  // A name such as "length" is in every list, too: only an index of its own is a blob.
  const bytes = typeof blob === "number" ? (own(blobs, blob) as Uint8Array | undefined) : undefined
  if (bytes === undefined) throw new RangeError("a call names a blob that is not there")
  return { ...call, args: bytes, headers: readHeaders(headers), mayHoldChannels: false }
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
