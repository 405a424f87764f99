import { openHtml } from "./html-encoding.ts"

/** An XHTML document with scripts in it. */
export interface InjectedXhtml {
  readonly bytes: Buffer
  /** For `Content-Type`; `null` where the document says it itself, in its XML declaration. */
  readonly charset: string | null
}

/** A `<script>` element for XHTML, wherever it stands. */
export function xhtmlScript(script: string, attributes: string = ""): string {
  const text = script.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
  return `<script xmlns="http://www.w3.org/1999/xhtml"${attributes}>${text}</script>`
}

/**
 * Puts elements first into the root element, before every script of the document: nothing before it runs. A document without a
 * root element that can hold something stays as it is.
 *
 * @param charset what its `Content-Type` says
 * @param elements in ASCII
 */
export function injectXhtml(xhtml: Uint8Array, charset: string | undefined, elements: string): InjectedXhtml {
  const { latin1, encoding } = openHtml(xhtml, charset)
  const at = startOfRoot(latin1)
  const text = at === null ? latin1 : latin1.slice(0, at) + elements + latin1.slice(at)
  return { bytes: Buffer.from(text, "latin1"), charset: encoding }
}

/** Behind the root element's start tag; `null` where it has none, or is empty. */
function startOfRoot(text: string): number | null {
  let at = 0
  for (let next: number | null = 0; next !== null; next = endOfMisc(text, at)) at = next
  if (text[at] !== "<" || /[!?/\s]/.test(text[at + 1] ?? "/")) return null
  const end = endOfMarkup(text, at + 1)
  return end === null || text[end - 2] === "/" ? null : end
}

/** Behind what may stand before the root element, one piece of it: space, an instruction, a comment, the document type. */
function endOfMisc(text: string, at: number): number | null {
  if (text.startsWith("<!DOCTYPE", at)) return endOfMarkup(text, at + 2)
  return endOfInstruction(text, at) ?? endOf(/[\t\n\r ]+/y, text, at)
}

function endOfInstruction(text: string, at: number): number | null {
  const [start, end] = text.startsWith("<?", at) ? ["<?", "?>"] : ["<!--", "-->"]
  const found = text.startsWith(start, at) ? text.indexOf(end, at + start.length) : -1
  return found === -1 ? null : found + end.length
}

/**
 * Behind the `>` that ends a tag or a document type: not one in a quoted text, nor in the declarations between the brackets of a
 * document type (XML 1.0, 2.8) or in their comments and instructions.
 */
function endOfMarkup(text: string, start: number): number | null {
  let depth = 0
  let at = start
  for (;;) {
    const end = endOfInstruction(text, at) ?? endOf(/"[^"]*"|'[^']*'|[^"'<>[\]]+|[<>[\]]/y, text, at)
    if (end === null) return null
    const piece = text.slice(at, end)
    if (piece === ">" && depth === 0) return end
    if (piece === "[") depth++
    if (piece === "]") depth--
    at = end
  }
}

function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : null
}
