import { normalizeHeaders } from "../protocol/headers.ts"
import { type ParseError, parseUntrusted } from "../protocol/parse.ts"
import type { IncomingCall } from "./hooked-call.ts"
import { Refusal } from "./refusal.ts"

export type Refuse = (id: number, cmd: string, reason: Refusal) => void

/**
 * Reads a batch: a JSON list of calls, and the raw arguments that came before it, which it takes out of `blobs`. The page
 * may be an attacker's, so what has not the shape of a call is left out: only a page that is not our bridge sends such, and
 * nobody waits for an answer.
 */
export function readBatch(text: string, blobs: ArrayBuffer[], nesting: number, refuse: Refuse): IncomingCall[] {
  const calls: IncomingCall[] = []
  for (const tuple of parseCalls(text, nesting, refuse)) {
    if (!Array.isArray(tuple)) continue
    const [id, cmd, json, headers, blob] = tuple
    if (id >>> 0 !== id || typeof cmd !== "string") continue
    // A name such as "length" or "__proto__" is in every list, too: only an index is a raw argument.
    const raw = typeof blob === "number" ? blobs[blob] : undefined
    // What one call's hook writes into it must not show in another's, which may have been looked at already.
    if (raw !== undefined) delete blobs[blob]
    try {
      // Before the hook: it must not look for `path` in vain where the Core will find one that was written `Path`.
      calls.push({ id, cmd, args: raw ?? json ?? {}, headers: normalizeHeaders(headers) })
    } catch {
      refuse(id, cmd, new Refusal("HEADERS_INVALID"))
    }
  }
  return calls
}

/** One call that cannot be parsed must not take its batch along: then each line, which holds one call, is tried by itself. */
function parseCalls(text: string, nesting: number, refuse: Refuse): unknown[] {
  try {
    // The list's own brackets and the call's are two levels more than the arguments'.
    const calls = parseUntrusted(text, nesting + 2)
    return Array.isArray(calls) ? calls : []
  } catch {
    return text
      .slice(1, -1)
      .split(",\n")
      .map((line) => {
        try {
          return parseUntrusted(line, nesting + 1)
        } catch (error) {
          refuse(Number.parseInt(line.slice(1), 10), "", new Refusal((error as ParseError).code))
          return null
        }
      })
  }
}
