/**
 * Reads what the page sends: a batch of calls.
 *
 * Promises that the hook sees exactly what was parsed, and that nothing which is no call goes further. Stops P14 (`__proto__` keys), P15 (one
 * raw argument for two calls), P19 (ids that are no numbers) and P24 (other messages than calls).
 */

import { Rejection } from "../wire/errors.ts"
import { normalizeHeaders } from "../wire/headers.ts"
import type { Headers as HeaderRecord } from "../wire/messages.ts"
import { own } from "../wire/own.ts"
import { parseUntrusted } from "../wire/parse.ts"

/** A call before the hook. */
export interface CallRequest {
  readonly id: number
  readonly cmd: string
  /** JSON's values, or an `ArrayBuffer` for a raw argument. */
  readonly args: unknown
  readonly headers: HeaderRecord | null
}

export type Reject = (call: Pick<CallRequest, "id" | "cmd">, rejection: Rejection) => void

/**
 * Reads a JSON list with each call on a line of its own, and takes the raw arguments that came before it out of `blobs`. Each line is
 * parsed by itself, so an invalid one affects no other. Skips whatever does not have the shape of a call: only a page that does not use
 * our bridge sends it, and no promise waits for an answer.
 */
export function readBatch(text: string, blobs: ArrayBuffer[], nesting: number, reject: Reject): CallRequest[] {
  const requests: CallRequest[] = []
  const lines = text.startsWith("[") && text !== "[]" ? text.slice(1, -1).split(",\n") : []
  for (const line of lines) {
    let tuple: unknown
    try {
      // The call's own brackets are a level more than the arguments'.
      tuple = parseUntrusted(line, nesting + 1)
    } catch (error) {
      reject({ id: Number.parseInt(line.slice(1), 10), cmd: "" }, error as Rejection)
    }
    if (!Array.isArray(tuple)) continue
    // Destructuring stops at the end of the list. An index beyond it, as in `tuple[4]`, would ask the prototypes for "4".
    const [id, cmd, json, headers, blob] = tuple
    if (id >>> 0 !== id || typeof cmd !== "string") continue
    // Every list also has names such as "length" and "__proto__": only an index of its own is a raw argument.
    const raw = typeof blob === "number" ? (own(blobs, blob) as ArrayBuffer | undefined) : undefined
    // Otherwise the hook of one call could write into bytes that the hook of another has already checked.
    if (raw !== undefined) delete blobs[blob]
    try {
      // Before the hook, which would look for `path` in vain where the Core will find one that was written `Path`.
      requests.push({ id, cmd, args: raw ?? json ?? {}, headers: normalizeHeaders(headers) })
    } catch {
      reject({ id, cmd }, new Rejection("HEADERS_INVALID"))
    }
  }
  return requests
}
