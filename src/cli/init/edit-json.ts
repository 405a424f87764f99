import { type Expression, type ObjectExpression, type Property, parseExpressionAt } from "acorn"

/**
 * Sets one value in a JSON or JSON5 text and leaves every other character as it is: comments, order, indentation, line
 * ends, byte order mark. Objects on the way that are not there are made.
 *
 * @param keys where, from the top: `["app", "security", "pattern"]`
 * @throws SyntaxError for a text that is no JSON5, TypeError where something on the way is no object
 */
export function setInJson(text: string, keys: readonly string[], value: unknown): string {
  const start = text.startsWith("\uFEFF") ? 1 : 0
  // JSON5 is an expression of JavaScript, and acorn knows where each part of it stands.
  let node: Expression = parseExpressionAt(text, start, { ecmaVersion: "latest" })
  for (const [depth, key] of keys.entries()) {
    if (node.type !== "ObjectExpression") throw new TypeError(`${keys.slice(0, depth).join(".")} is no object`)
    const property = propertyOf(node, key)
    if (property === undefined) {
      const missing = keys.slice(depth + 1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
      return insert(text, node, key, missing)
    }
    node = property.value
  }
  return text.slice(0, node.start) + inline(value) + text.slice(node.end)
}

/** The last one of that name: it is the one that counts. */
function propertyOf({ properties }: ObjectExpression, key: string): Property | undefined {
  return properties.findLast(
    (property): property is Property => property.type === "Property" && nameOf(property) === key,
  )
}

function nameOf({ key }: Property): string | null {
  if (key.type === "Identifier") return key.name
  return key.type === "Literal" ? String(key.value) : null
}

function insert(text: string, object: ObjectExpression, key: string, value: unknown): string {
  const entry = `${JSON.stringify(key)}: ${inline(value)}`
  const last = object.properties.at(-1)
  const end = text.includes("\r\n") ? "\r\n" : "\n"
  const outer = indentationAt(text, object.start)
  if (last === undefined) {
    const inner = text.slice(object.start + 1, object.end - 1)
    // Comments in an empty object stay in front.
    const body = inner.trim() === "" ? ` ${entry} ` : `${inner.trimEnd()}${end}${outer}  ${entry}${end}${outer}`
    return `${text.slice(0, object.start + 1)}${body}${text.slice(object.end - 1)}`
  }
  const comma = commaAfter(text, last.end, object.end - 1)
  const isOneLine = !text.slice(object.start, last.start).includes("\n")
  if (isOneLine) {
    const at = comma ?? last.end
    return `${text.slice(0, at)}${comma === null ? "," : ""} ${entry}${text.slice(at)}`
  }
  const withComma = comma === null ? `${text.slice(0, last.end)},${text.slice(last.end)}` : text
  const at = endOfLine(withComma, comma ?? last.end + 1)
  return `${withComma.slice(0, at)}${end}${indentationAt(text, last.start)}${entry}${comma === null ? "" : ","}${withComma.slice(at)}`
}

/** Offset behind the comma that follows a property; `null` when none does. */
function commaAfter(text: string, from: number, to: number): number | null {
  const between = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*,/.exec(text.slice(from, to))
  return between === null ? null : from + between[0].length
}

/** Behind a comment that belongs to the line, when nothing else follows in it. */
function endOfLine(text: string, from: number): number {
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*)?(?=\r?\n)/.exec(text.slice(from))
  return from + (rest?.[0].trimEnd().length ?? 0)
}

function indentationAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1)
  return /^[ \t]*/.exec(line)?.[0] ?? ""
}

/** JSON in one line, with the spaces that people write. */
function inline(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${inline(inner)}`)
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`
}
