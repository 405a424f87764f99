/**
 * The text with comments and the insides of strings and regular expressions as spaces: what is left is code, at the same
 * offsets. A lexer that never fails, for sources that no JavaScript parser takes: JSX, TSX, half-written files. Quotes that do
 * not close on their line are an apostrophe in the text of JSX.
 */
export function codeOnly(text: string): string {
  const code = text.split("")
  const blank = (from: number, to: number): void => {
    for (let index = from; index < to; index++) if (code[index] !== "\n") code[index] = " "
  }
  /** Braces that are open inside of `${…}`, for each template literal around. */
  const templates: number[] = []
  let at = 0
  const template = (from: number): number => {
    const end = templateEnd(text, from)
    blank(from, text[end - 1] === "`" ? end - 1 : Math.max(from, end - 2))
    if (text[end - 1] === "{") templates.push(0)
    return end
  }
  while (at < text.length) {
    const character = text[at]
    const two = text.slice(at, at + 2)
    if (two === "//" || two === "/*") {
      const end = two === "//" ? text.indexOf("\n", at) : text.indexOf("*/", at + 2) + 2
      const stop = end < (two === "//" ? 0 : 2) ? text.length : end
      blank(at, stop)
      at = stop
    } else if (character === '"' || (character === "'" && !isApostrophe(text, at))) {
      const end = quotedEnd(text, at)
      blank(at + 1, end - 1)
      at = Math.max(end, at + 1)
    } else if (character === "`") at = template(at + 1)
    else if (character === "/" && regexMayStart(code, at)) {
      const end = regexEnd(text, at)
      blank(at + 1, end - 1)
      at = Math.max(end, at + 1)
    } else {
      const depth = templates.at(-1)
      if (depth !== undefined && character === "{") templates[templates.length - 1] = depth + 1
      if (depth !== undefined && character === "}") {
        if (depth === 0) {
          templates.pop()
          at = template(at + 1)
          continue
        }
        templates[templates.length - 1] = depth - 1
      }
      at++
    }
  }
  return code.join("")
}

const KEYWORD = /^(return|typeof|case|in|of|do|else|void|delete|await|yield|default|from|import)$/

/** Whether a `'` follows a letter: no string begins so, but for a keyword without a space. */
function isApostrophe(text: string, at: number): boolean {
  const word = /[\w$]+$/.exec(text.slice(Math.max(0, at - 12), at))?.[0]
  return word !== undefined && !KEYWORD.test(word)
}

/** After the quote that closes the string at `start`; `start` when its line has none. */
function quotedEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === text[start]) return at + 1
    else if (text[at] === "\n") return start
  }
  return start
}

/** After the backtick or the `${` that ends this part of a template literal. */
function templateEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === "`") return at + 1
    else if (text[at] === "$" && text[at + 1] === "{") return at + 2
  }
  return text.length
}

/** After the flags of the regular expression at `start`; `start` when there is none. */
function regexEnd(text: string, start: number): number {
  let inClass = false
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === "[") inClass = true
    else if (text[at] === "]") inClass = false
    else if (text[at] === "/" && !inClass) return at + 1
  }
  return start
}

/** Whether a `/` here begins a regular expression: after an operator or a keyword, and not in `</` or `/>`. */
function regexMayStart(code: readonly string[], at: number): boolean {
  if (code[at + 1] === ">") return false
  let before = at - 1
  while (before >= 0 && /\s/.test(code[before] ?? "")) before--
  if (before < 0) return true
  if (/[(,=:[!&|?{;+*%~^>-]/.test(code[before] ?? "")) return true
  const word = /[\w$]+$/.exec(code.slice(Math.max(0, before - 10), before + 1).join(""))?.[0]
  return word !== undefined && KEYWORD.test(word)
}
