/** How a text is compared with a pattern. */
export interface Comparison {
  /** Brings names that the platform does not tell apart to one form. */
  readonly fold: (text: string) => string
  /** Whether a leading `.` must stand in the pattern as itself, not as `*`, `?` or `[…]`. */
  readonly literalLeadingDot: boolean
}

type Token =
  | { readonly is: "character"; readonly character: string }
  | { readonly is: "any" }
  | { readonly is: "sequence" }
  | { readonly is: "class"; readonly isNegated: boolean; readonly ranges: readonly (readonly [string, string])[] }

/** A text as the pattern that matches nothing but it. */
export function escapeGlob(text: string): string {
  return text.replaceAll(/[*?[]/g, "[$&]")
}

/**
 * A pattern for a text without separators (the label of a window, one component of a path), in the language of Rust's `glob`
 * crate, which is Tauri's: `*`, `?`, `[abc]`, `[a-z]`, `[!a]`; a character is escaped by brackets, `[*]`. No braces, no
 * extended globs, no backslashes.
 */
export class GlobText {
  readonly #tokens: readonly Token[]

  /** Throws an `Error` that says what is wrong with the pattern. */
  constructor(pattern: string) {
    if (pattern.includes("**"))
      throw new Error(`"${pattern}": recursive wildcards (**) must stand alone between separators`)
    this.#tokens = tokensOf(pattern)
  }

  /** The only text that it matches; `null` when it has wildcards. */
  get literal(): string | null {
    let text = ""
    for (const token of this.#tokens) {
      if (token.is !== "character") return null
      text += token.character
    }
    return text
  }

  /** Takes time in proportion to both lengths at most, whatever the pattern: names are an attacker's to choose. */
  matches(name: string, { fold, literalLeadingDot }: Comparison): boolean {
    const characters = [...fold(name)]
    const tokens = this.#tokens
    if (literalLeadingDot && characters.at(0) === "." && tokens.at(0)?.is !== "character") return false
    let at = 0
    let token = 0
    // Where the last `*` stood, and how far it reaches: nothing before it need be looked at again.
    let star = -1
    let reach = 0
    while (at < characters.length) {
      // By the length: past the end of a list, its prototypes are asked for the index.
      const current = token < tokens.length ? tokens[token] : undefined
      if (current?.is === "sequence") {
        star = token++
        reach = at
      } else if (current !== undefined && matchesOne(current, characters[at] as string, fold)) {
        token++
        at++
      } else if (star !== -1) {
        token = star + 1
        at = ++reach
      } else return false
    }
    return tokens.slice(token).every((rest) => rest.is === "sequence")
  }
}

function matchesOne(token: Token, character: string, fold: (text: string) => string): boolean {
  if (token.is === "any") return true
  if (token.is === "character") return fold(token.character) === character
  if (token.is === "sequence") return false
  const isIn = token.ranges.some(
    ([from, to]) => isBetween(character, from, to) || isBetween(character, fold(from), fold(to)),
  )
  return isIn !== token.isNegated
}

const isBetween = (character: string, from: string, to: string): boolean => {
  const code = character.codePointAt(0) as number
  return code >= (from.codePointAt(0) as number) && code <= (to.codePointAt(0) as number)
}

function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = []
  const characters = [...pattern]
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string
    if (character === "*") tokens.push({ is: "sequence" })
    else if (character === "?") tokens.push({ is: "any" })
    else if (character !== "[") tokens.push({ is: "character", character })
    else {
      const end = endOfClass(characters, at)
      if (end === -1) throw new Error(`"${pattern}": the bracket [ is never closed; a bracket itself is written [[]`)
      tokens.push(readClass(characters.slice(at + 1, end), pattern))
      at = end
    }
  }
  return tokens
}

/** A `]` right after `[` or `[!` is one of the characters. */
function endOfClass(characters: readonly string[], start: number): number {
  return characters.indexOf("]", start + (characters.at(start + 1) === "!" ? 3 : 2))
}

function readClass(characters: string[], pattern: string): Token {
  const isNegated = characters[0] === "!" && characters.length > 1
  if (isNegated) characters.shift()
  const [only] = characters
  if (!isNegated && characters.length === 1) return { is: "character", character: only as string }
  const ranges: [string, string][] = []
  for (let at = 0; at < characters.length; at++) {
    const from = characters[at] as string
    const isRange = at + 2 < characters.length && characters[at + 1] === "-"
    const to = isRange ? (characters[at + 2] as string) : from
    if (!isBetween(to, from, "\u{10ffff}"))
      throw new Error(`"${pattern}": ${from}-${to} is no range, its end comes first`)
    ranges.push([from, to])
    if (isRange) at += 2
  }
  return { is: "class", isNegated, ranges }
}
