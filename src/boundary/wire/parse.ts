/**
 * Reads JSON from a party that is not trusted.
 *
 * Promises that both sides see the same value, and that it can be walked. Stops P14 (`__proto__` keys), P16 (nesting) and numbers that
 * JSON cannot carry further, which the hook and the Core would read differently.
 */
import { Rejection } from "./errors.ts"

/**
 * Parses JSON: at most `nesting` levels, no `__proto__` keys (dropped at every depth), no number that overflows to infinity, and `0` for
 * `-0`. Throws a `Rejection`.
 */
export function parseUntrusted(text: string, nesting: number): unknown {
  if (exceedsNesting(text, nesting)) throw new Rejection("NESTING_TOO_DEEP")
  return parseShallow(text)
}

/** Does the same for a text of which it is known that it is not nested too deep. */
export function parseShallow(text: string): unknown {
  // In a list of its own, so that a value that is no container is treated like an item of one.
  let root: [unknown]
  try {
    root = [JSON.parse(text)]
  } catch {
    throw new Rejection("NOT_JSON")
  }
  sanitize(root)
  return root[0]
}

/** Not a reviver, which takes five times as long as the parsing. Not recursive, because a configuration may allow very many levels. */
function sanitize(root: object): void {
  const left = [root as Record<string, unknown>]
  const sanitized = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null) left.push(value as Record<string, unknown>)
    if (value === Infinity || value === -Infinity) throw new Rejection("NUMBER_OUT_OF_RANGE")
    // Both zeros are equal.
    return value === 0 ? 0 : value
  }
  for (let container = left.pop(); container !== undefined; container = left.pop()) {
    // By index: `Object.keys` of a long list would be as long.
    if (Array.isArray(container)) for (let at = 0; at < container.length; at++) container[at] = sanitized(container[at])
    else {
      for (const key of Object.keys(container)) container[key] = sanitized(container[key])
      // `JSON.parse` makes it an own property.
      if (Object.hasOwn(container, "__proto__")) Reflect.deleteProperty(container, "__proto__")
    }
  }
}

/**
 * Whether the brackets of a JSON text are nested more than `limit` deep. Runs before `JSON.parse`, so that nothing recursive reads such a
 * text.
 */
export function exceedsNesting(text: string, limit: number): boolean {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    // The bit that "[" and "{", "]" and "}" differ in. It also makes a quote of a control character, at which parsing fails.
    const code = text.charCodeAt(index) | 0x20
    if (code === 0x22) index = endOfString(text, index)
    if (code === 0x7b && ++depth > limit) return true
    if (code === 0x7d) depth--
  }
  return false
}

/** Returns the index of the quote that ends the string which begins at `start`; the text's length if there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return text.length
}
