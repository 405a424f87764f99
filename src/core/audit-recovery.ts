import { type ChainEnd, type Link, lineHash, readLink } from "./audit-link.ts"
import type { Tail } from "./audit-tail.ts"

/** Where a chain goes on. */
export interface Recovery {
  readonly end: ChainEnd
  /** SHA-256 of the last whole entry, which the line that was cut off stands behind; `null` when there is none. */
  readonly after: string | null
}

/** Where a chain ends that a log's last lines belong to. What is no entry of a chain has a hash all the same. */
export function recoverChain({ last, torn }: Tail): Recovery {
  const hash = last === null ? null : lineHash(last)
  const entry = last === null ? 0 : (linkOf(last)?.entry ?? 0)
  if (torn === null) return { end: { entry, hash }, after: hash }
  const tornHash = lineHash(torn)
  const link = linkOf(torn)
  // It may lack no more than its line feed.
  const isWhole = link !== null && link.entry === entry + 1 && link.previous === hash
  return { end: { entry: isWhole ? entry + 1 : entry, hash: tornHash }, after: isWhole ? tornHash : hash }
}

function linkOf(line: Buffer): Link | null {
  try {
    return readLink(JSON.parse(line.toString()))
  } catch {
    return null
  }
}
