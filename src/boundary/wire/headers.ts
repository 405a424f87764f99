import type { Headers as HeaderRecord } from "./messages.ts"

/**
 * Headers in any form `fetch` takes, as a record with names in lower case; `null` for none.
 * The record has no prototype, so that a header which is not there is not found there. Throws a `TypeError` for names or values that are no header's (Fetch standard, "headers").
 */
export function normalizeHeaders(init: unknown): HeaderRecord | null {
  if (init === undefined || init === null) return null
  const headers = new Headers(init as ConstructorParameters<typeof Headers>[0])
  // Whoever parses JSON of a party that it does not trust drops this name: the hook would see a header that the Core does not get.
  if (headers.has("__proto__")) throw new TypeError("no header can have the name __proto__")
  return { __proto__: null, ...Object.fromEntries(headers) } as unknown as HeaderRecord
}
