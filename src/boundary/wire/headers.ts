/**
 * Reads request headers by the rules of Fetch.
 *
 * Promises that the hook and the Core see the same names. Stops P16 (lone surrogates) and P14 (`__proto__`) in headers, and names that
 * differ in case only, of which a hook would check one.
 */
import type { Headers as HeaderRecord } from "./messages.ts"
import { bare } from "./own.ts"

/**
 * Returns headers in any form that `fetch` accepts as an object without a prototype, with names in lower case; `null` for none. Throws a
 * `TypeError` for invalid names or values (Fetch standard, "headers").
 */
export function normalizeHeaders(init: unknown): HeaderRecord | null {
  if (init === undefined || init === null) return null
  const headers = new Headers(init as ConstructorParameters<typeof Headers>[0])
  // Parsing JSON drops this name: the hook would see a header that the Core does not get.
  if (headers.has("__proto__")) throw new TypeError("no header can have the name __proto__")
  return bare(Object.fromEntries(headers))
}
