/** Whether a label matches. */
export type LabelGlob = (label: string) => boolean

/** Matches one character, or (`"any"`) as many as there are. */
type Token = "any" | ((character: string) => boolean)

/**
 * Compiles a pattern for labels of windows as Tauri understands it (the `glob` crate with its defaults): `*` is any text, `?`
 * any character, `[a-c]` and `[!a-c]` one that is, or is not, among those; a slash is a character like any other.
 *
 * Not by a regular expression: windows may be named by a page, and no name may take more than pattern times label.
 *
 * @throws SyntaxError for brackets that do not close, and for `**`, which means more than one thing
 */
export function labelGlob(pattern: string): LabelGlob {
  const tokens = [...tokenize(pattern)]
  return (label) => matches(tokens, [...label])
}

function* tokenize(pattern: string): Iterable<Token> {
  const characters = [...pattern]
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] as string
    if (character === "*") {
      if (characters[index + 1] === "*" && pattern !== "**")
        throw new SyntaxError('"**" stands alone or not at all: one "*" matches slashes, too')
      yield "any"
    } else if (character === "?") yield () => true
    else if (character === "[") {
      // A bracket that comes first is one of the characters.
      const isNegated = characters[index + 1] === "!"
      const start = index + (isNegated ? 2 : 1)
      const end = characters.indexOf("]", start + 1)
      if (end === -1) throw new SyntaxError('"[" is not closed: write "[[]" for the character itself')
      const isAmong = characterClass(characters.slice(start, end))
      yield (given) => isAmong(given) !== isNegated
      index = end
    } else yield (given) => given === character
  }
}

function characterClass(characters: readonly string[]): (character: string) => boolean {
  const ranges: [from: string, to: string][] = []
  for (let index = 0; index < characters.length; index++) {
    const from = characters[index] as string
    const to = characters[index + 1] === "-" ? characters[index + 2] : undefined
    ranges.push([from, to ?? from])
    if (to !== undefined) index += 2
  }
  return (character) =>
    ranges.some(([from, to]) => codeOf(from) <= codeOf(character) && codeOf(character) <= codeOf(to))
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0

/** Going back to the last `*` is enough: what an earlier one would take, the last one can. */
function matches(tokens: readonly Token[], label: readonly string[]): boolean {
  let token = 0
  let at = 0
  let lastAny = -1
  let takenUpTo = 0
  while (at < label.length) {
    const expected = tokens[token]
    if (expected === "any") {
      lastAny = token++
      takenUpTo = at
    } else if (expected?.(label[at] as string)) {
      token++
      at++
    } else if (lastAny !== -1) {
      token = lastAny + 1
      at = ++takenUpTo
    } else return false
  }
  return tokens.slice(token).every((rest) => rest === "any")
}
