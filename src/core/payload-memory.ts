import type { PayloadMemory, Reservation } from "../boundary/core/call-payload.ts"
import { Rejection } from "../boundary/wire/errors.ts"
import { CHANNEL_PREFIX } from "./channel.ts"
import { measureJson, type SizedCall } from "./json-size.ts"

/** Levels that the payload's own object and lists add to those of the arguments. */
const ENVELOPE_NESTING = 3

/** Bytes that a call takes besides its JSON and its raw argument: the Core keeps them until it has replied. */
const CALL_BYTES = 512

/** A text that may name a channel may become one. */
const CHANNEL_TEXT = { bytes: CHANNEL_PREFIX.length, extra: 1024 }

/** Id and command of a call, as JSON. */
const CALL_HEAD = /^\[\s*\d+\s*,\s*"(?:[^"\\]|\\.)*"/

interface PayloadLimits {
  readonly nesting: number
  readonly bytesInFlight: number
}

/** Counts what payloads take, before they are parsed (docs/protocol.md, "Memory"). `take` decides whether so much is left. */
export function payloadMemory(limits: PayloadLimits, take: (bytes: number) => boolean): PayloadMemory {
  return { reserve: (json, bytes) => reserve(json, bytes, limits, take), take }
}

/**
 * A call for which `take` returns false is reserved nothing, and is cut out of the JSON but for its id and its command.
 *
 * @param bytes the JSON in UTF-8
 * @throws Error for JSON that is nested too deep, or has more besides calls than the window may hold
 */
function reserve(
  json: string,
  bytes: Uint8Array,
  limits: PayloadLimits,
  take: (bytes: number) => boolean,
): ReturnType<PayloadMemory["reserve"]> {
  const mayHoldChannels = json.includes(CHANNEL_PREFIX)
  const size = measureJson(bytes, limits.nesting + ENVELOPE_NESTING, mayHoldChannels ? CHANNEL_TEXT : null)
  if (size === null) throw new Rejection("NESTING_TOO_DEEP")
  if (size.hasEscapedName) throw new TypeError("the names of a payload's members are written without escapes")
  // Reports are handed on at once, but parsed all together.
  if (size.calls.reduce((left, call) => left - call.size, size.total) > limits.bytesInFlight)
    throw new RangeError(`what a record has besides calls takes more than ${limits.bytesInFlight} bytes`)
  const calls = size.calls.map((call): Reservation => {
    const needed = call.size + CALL_BYTES
    return { bytes: take(needed) ? needed : 0, mayHoldChannels }
  })
  const excess = size.calls.filter((_, index) => calls[index]?.bytes === 0)
  return { json: excess.length === 0 ? json : withoutArguments(bytes, excess), calls }
}

/** Cuts the arguments of calls out of a payload's JSON. A text that does not begin as calls do is left to the parser, which rejects it. */
function withoutArguments(bytes: Uint8Array, calls: readonly SizedCall[]): string {
  let [json, end] = ["", 0]
  for (const call of calls) {
    const head = CALL_HEAD.exec(textOf(bytes.subarray(call.start, call.end)))?.[0]
    if (head === undefined) continue
    json += `${textOf(bytes.subarray(end, call.start))}${head}]`
    end = call.end
  }
  return json + textOf(bytes.subarray(end))
}

function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString("utf8")
}
