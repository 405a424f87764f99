const QUOTE = 0x22
const BACKSLASH = 0x5c

/** So many bytes of a string are looked at here before its end is searched for: most strings are shorter, and a search costs more. */
const NEAR_BYTES = 32

/**
 * What the protocol's `exceedsNesting` says of a text, told by its UTF-8 in a third of the time: at each character of a text an
 * engine has to find out of which kind the text is. A byte of UTF-8 that reads as a bracket, a quote or a backslash is one.
 */
export function bytesExceedNesting(json: Uint8Array, limit: number): boolean {
  const { length } = json
  if (length <= 2 * limit) return false
  let depth = 0
  for (let index = 0; index < length; index++) {
    // The bit that "[" and "{", "]" and "}" differ in. What it makes a quote of, a control character, ends the parsing there.
    const code = (json[index] as number) | 0x20
    if (code === QUOTE) {
      const near = Math.min(length, index + 1 + NEAR_BYTES)
      for (index++; index < near; index++) {
        const inside = json[index]
        if (inside === QUOTE) break
        if (inside === BACKSLASH) index++
      }
      if (index >= near) index = endOfString(json, index)
    } else if (code === 0x7b) {
      if (++depth > limit) return true
    } else if (code === 0x7d) depth--
  }
  return false
}

/** Index of the quote that ends a string, from a place inside that no backslash before it reaches; the length when none does. */
function endOfString(json: Uint8Array, inside: number): number {
  for (let end = json.indexOf(QUOTE, inside); end !== -1; end = json.indexOf(QUOTE, end + 1)) {
    let backslashes = 0
    while (end - backslashes > inside && json[end - 1 - backslashes] === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return json.length
}
