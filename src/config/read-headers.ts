import type { Place } from "./place.ts"
import { isRecord } from "./records.ts"

/** The names that Tauri's schema allows under `app.security.headers`. */
const NAMES = `
  Access-Control-Allow-Credentials Access-Control-Allow-Headers Access-Control-Allow-Methods
  Access-Control-Expose-Headers Access-Control-Max-Age Cross-Origin-Embedder-Policy Cross-Origin-Opener-Policy
  Cross-Origin-Resource-Policy Permissions-Policy Service-Worker-Allowed Timing-Allow-Origin X-Content-Type-Options
  Tauri-Custom-Header`
  .trim()
  .split(/\s+/)

/** RFC 9110, section 5.5, without `obs-text`: nothing here may begin another header. */
const VALUE = /^[\t\x20-\x7e]*$/

/**
 * Reads `app.security.headers` as Tauri does: a list is joined with commas, an object becomes `key value` pairs joined
 * with semicolons.
 */
export function readHeaders(place: Place): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, value] of place.nullable.entries()) {
    if (!NAMES.includes(name)) value.refuseKey(name, NAMES)
    else if (value.value !== null) headers[name] = readValue(value)
  }
  return headers
}

function readValue(place: Place): string {
  if (Array.isArray(place.value)) return place.list().map(readPart).join(", ")
  if (!isRecord(place.value)) return readPart(place)
  return place
    .entries()
    .map(([key, part]) => {
      if (!VALUE.test(key)) part.report("KEY_UNKNOWN", "cannot stand in a header: expected printable ASCII")
      return `${key} ${readPart(part)}`
    })
    .join("; ")
}

function readPart(place: Place): string {
  if (typeof place.value === "string" && VALUE.test(place.value)) return place.value
  place.refuse("a header's value in printable ASCII")
  return ""
}
