import type { Headers as HeaderRecord, SandboxLimits } from "../protocol/messages.ts"
import { ParseError, parseUntrusted } from "../protocol/parse.ts"
import type { IncomingCall } from "./hooked-call.ts"
import { Refusal } from "./refusal.ts"

/** A batch of the page, taken apart: the calls, and those that are refused before the hook sees them. */
export interface Batch {
  readonly calls: IncomingCall[]
  readonly refused: { readonly id: number; readonly cmd: string; readonly reason: Refusal }[]
}

/**
 * Reads a batch: a JSON list of calls, and the raw arguments that came before it. The page may be an attacker's, so what
 * has not the shape of a call is left out: only a page that is not our bridge sends such, and nobody waits for an answer.
 */
export function readBatch(text: string, blobs: readonly ArrayBuffer[], limits: SandboxLimits): Batch {
  const batch: Batch = { calls: [], refused: [] }
  const tuples = parseCalls(text, limits, batch)
  for (const tuple of tuples) {
    if (!Array.isArray(tuple)) continue
    const [id, cmd, json, headers, blob] = tuple as unknown[]
    if (!Number.isInteger(id) || typeof cmd !== "string" || !isHeaders(headers)) continue
    const call = { id: id as number, cmd, headers: headers ?? null }
    const raw = typeof blob === "number" ? blobs[blob] : undefined
    if (raw !== undefined && raw.byteLength > limits.blobBytes)
      batch.refused.push({
        id: call.id,
        cmd,
        reason: new Refusal("BLOB_TOO_LARGE", tooLarge("raw argument", limits.blobBytes)),
      })
    else batch.calls.push({ ...call, args: raw ?? json ?? {} })
  }
  return batch
}

/** One call that cannot be parsed must not take its batch along: then each line, which holds one call, is tried by itself. */
function parseCalls(text: string, limits: SandboxLimits, batch: Batch): unknown[] {
  try {
    // The list's own brackets and the call's are two levels more than the arguments'.
    const calls = parseUntrusted(text, limits.nesting + 2)
    return Array.isArray(calls) ? calls : []
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
  }
  const calls: unknown[] = []
  for (const line of text.slice(1, -1).split(",\n")) {
    try {
      calls.push(parseUntrusted(line, limits.nesting + 1))
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      const id = /^\[(\d+),/.exec(line)?.[1]
      if (id !== undefined) batch.refused.push({ id: Number(id), cmd: "", reason: new Refusal(error.code) })
    }
  }
  return calls
}

function isHeaders(value: unknown): value is HeaderRecord | null | undefined {
  return value === undefined || value === null || (typeof value === "object" && !Array.isArray(value))
}

export function tooLarge(what: string, bytes: number): string {
  return `the ${what} is larger than ${bytes} bytes (plugins.sallyport.limits)`
}
