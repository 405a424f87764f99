/** Why a JSON text was turned away, as one of the codes of errors.ts. */
export class ParseError extends Error {
  declare readonly code: "NOT_JSON" | "NESTING_TOO_DEEP" | "NUMBER_OUT_OF_RANGE"
  constructor(code: ParseError["code"]) {
    super(code)
    this.code = code
  }
}

/**
 * Parses JSON from a party that is not trusted: at most `nesting` levels, no `__proto__` keys (dropped at every depth), no
 * number that overflows to infinity, `0` in place of `-0`, which JSON cannot carry further. Throws a `ParseError`.
 *
 * The walk over the result is rare: a text without the tell-tale characters cannot hold such a key or number, and
 * escapes count as tell-tale because `"__pr\u006fto__"` is the same key. `mayNeedCare`: what `needsCare` says of this text, or of
 * one that it is a part of.
 */
export function parseUntrusted(text: string, nesting: number, mayNeedCare: boolean = needsCare(text)): unknown {
  if (exceedsNesting(text, nesting)) throw new ParseError("NESTING_TOO_DEEP")
  return parseShallow(text, mayNeedCare)
}

/** The same for a text of which is known that it is not nested too deep. */
export function parseShallow(text: string, mayNeedCare: boolean = needsCare(text)): unknown {
  // In a list of its own, so that what is no container is looked at like an item of one.
  let root: [unknown]
  try {
    root = [JSON.parse(text)]
  } catch {
    throw new ParseError("NOT_JSON")
  }
  if (mayNeedCare) takeCare(root)
  return root[0]
}

/**
 * Whether a JSON text may hold what `parseUntrusted` drops, refuses or replaces. A number overflows by a long run of digits or by
 * a long exponent: below 200 digits, two digits of exponent cannot. It becomes `-0` by its digits, or by a long negative exponent.
 */
export function needsCare(text: string): boolean {
  if (text.includes("__proto__") || text.includes("\\u") || text.includes("-0")) return true
  // In two steps: an "e" is looked for much faster than a digit.
  if (/[eE][+-]?\d{3}/.test(text) && /\d[eE][+-]?\d{3}/.test(text)) return true
  // A run of 200 digits lies across one of these places. Where it begins and ends is soon found: most have a few digits.
  for (let at = 199; at < text.length; at += 200) {
    let [from, to] = [at, at]
    while (isDigit(text, from - 1)) from--
    while (isDigit(text, to)) to++
    if (to - from >= 200) return true
  }
  return false
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}

/**
 * Not as a reviver, which takes five times as long as the parsing. Not recursive: a text of which the limit allows very many levels
 * is walked, too.
 */
function takeCare(root: object): void {
  const left: object[] = [root]
  /** What stands in the place of a value. */
  const cared = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null) left.push(value)
    if (value === Infinity || value === -Infinity) throw new ParseError("NUMBER_OUT_OF_RANGE")
    // Both zeros are equal.
    return value === 0 ? 0 : value
  }
  for (let container = left.pop(); container !== undefined; container = left.pop()) {
    // By index: names of very many items would be made first.
    if (Array.isArray(container)) for (let at = 0; at < container.length; at++) container[at] = cared(container[at])
    else {
      const values = container as Record<string, unknown>
      for (const key of Object.keys(values)) values[key] = cared(values[key])
      // An own property, by JSON.parse's rules. What is in it has been looked at, too.
      if (Object.hasOwn(container, "__proto__")) Reflect.deleteProperty(container, "__proto__")
    }
  }
}

/**
 * Whether the brackets of a JSON text are nested more than `limit` deep. Runs before `JSON.parse`, so that nothing
 * recursive ever sees such a text. A text too short to hold so many pairs is not read at all.
 */
export function exceedsNesting(text: string, limit: number): boolean {
  if (text.length <= 2 * limit) return false
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    // The bit that "[" and "{", "]" and "}" differ in. What it makes a quote of, a control character, ends the parsing there.
    const code = text.charCodeAt(index) | 0x20
    if (code === 0x22) index = endOfString(text, index)
    if (code === 0x7b && ++depth > limit) return true
    if (code === 0x7d) depth--
  }
  return false
}

/** Index of the quote that ends the string which begins at `start`; the text's length when none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return text.length
}
