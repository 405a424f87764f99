import type { Headers as HeaderRecord } from "./messages.ts"

/**
 * Headers in any form `fetch` takes, as a record with names in lower case; `null` for none.
 * Throws a `TypeError` for names or values that are no header's (Fetch standard, "headers").
 */
export function normalizeHeaders(init: unknown): HeaderRecord | null {
  if (init === undefined || init === null) return null
  return Object.fromEntries(new Headers(init as ConstructorParameters<typeof Headers>[0]))
}
