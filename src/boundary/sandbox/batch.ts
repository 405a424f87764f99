import { normalizeHeaders } from "../wire/headers.ts"
import { own } from "../wire/own.ts"
import { needsCare, type ParseError, parseUntrusted } from "../wire/parse.ts"
import { HookRejection } from "./hook-rejection.ts"
import type { IncomingCall } from "./hook-result.ts"

export type Refuse = (id: number, cmd: string, reason: HookRejection) => void

/**
 * Reads a batch: a JSON list with each call on a line of its own, and the raw arguments that came before it, which it takes out
 * of `blobs`. Each line is parsed by itself: one that cannot be read takes no other along, and its text is the text of that call
 * and no other. The page may be an attacker's, so what has not the shape of a call is left out: only a page that is not our
 * bridge sends such, and nobody waits for an answer.
 */
export function readBatch(text: string, blobs: ArrayBuffer[], nesting: number, refuse: Refuse): IncomingCall[] {
  const calls: IncomingCall[] = []
  // What parsing drops, or UTF-8 has no bytes for, must not stand in the text that is sealed.
  const isFaithful = !needsCare(text) && text.isWellFormed()
  const lines = text.startsWith("[") && text !== "[]" ? text.slice(1, -1).split(",\n") : []
  for (const line of lines) {
    const tuple = parseCall(line, nesting, isFaithful, refuse)
    if (!Array.isArray(tuple)) continue
    // Destructuring stops at the end of the list. An index beyond it, as in `tuple[4]`, would ask the prototypes for "4".
    const [id, cmd, json, headers, blob] = tuple
    if (id >>> 0 !== id || typeof cmd !== "string") continue
    // A name such as "length" or "__proto__" is in every list, too: only an index of its own is a raw argument.
    const raw = typeof blob === "number" ? (own(blobs, blob) as ArrayBuffer | undefined) : undefined
    // What one call's hook writes into it must not show in another's, which may have been looked at already.
    if (raw !== undefined) delete blobs[blob]
    try {
      calls.push({
        id,
        cmd,
        args: raw ?? json ?? {},
        // Before the hook: it must not look for `path` in vain where the Core will find one that was written `Path`.
        headers: normalizeHeaders(headers),
        json: isFaithful && tuple.length === 3 ? line : null,
      })
    } catch {
      refuse(id, cmd, new HookRejection("HEADERS_INVALID"))
    }
  }
  return calls
}

function parseCall(line: string, nesting: number, isFaithful: boolean, refuse: Refuse): unknown {
  try {
    // The call's own brackets are a level more than the arguments'.
    return parseUntrusted(line, nesting + 1, isFaithful ? false : undefined)
  } catch (error) {
    refuse(Number.parseInt(line.slice(1), 10), "", new HookRejection((error as ParseError).code))
    return null
  }
}
