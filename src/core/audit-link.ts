import { createHash } from "node:crypto"
import { bare } from "../boundary/wire/own.ts"

/** Where a chain of entries ends. */
export interface ChainEnd {
  /** Number of the last entry; 0 before the first. */
  readonly entry: number
  /** SHA-256 of the last line, in hexadecimal; `null` when there is none. */
  readonly hash: string | null
}

/** What links an entry to the one before, and the entry's kind. */
export interface Link {
  readonly entry: number
  readonly previous: string | null
  readonly kind: string
  /** Beside it, in an entry of the log's own. */
  readonly follows: string | null
  readonly after: string | null
}

/** SHA-256 of a line's bytes, without the line feed, in hexadecimal: what `sha256sum` prints of them. */
export function lineHash(line: string | Uint8Array): string {
  return createHash("sha256").update(line).digest("hex")
}

/** Puts the link to the last entry before an entry's members. `json` is an object that has some. */
export function linked(json: string, { entry, hash }: ChainEnd): string {
  return `{"entry":${entry + 1},"previous":${JSON.stringify(hash)},${json.slice(1)}`
}

/** The link of an entry; `null` where what was parsed is no entry of a chain. */
export function readLink(parsed: unknown): Link | null {
  if (typeof parsed !== "object" || parsed === null) return null
  const { entry, previous, kind, follows, after } = bare(parsed as Record<string, unknown>)
  if (typeof entry !== "number" || !Number.isSafeInteger(entry) || entry < 1) return null
  if (previous !== null && !isHash(previous)) return null
  return {
    entry,
    previous,
    kind: typeof kind === "string" ? kind : "",
    follows: typeof follows === "string" ? follows : null,
    after: isHash(after) ? after : null,
  }
}

export function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value)
}
