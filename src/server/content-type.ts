import { extname } from "node:path"
import { mimes } from "mrmime"

/** The `Content-Type` for a file, by its extension. HTML says its encoding itself; other text is UTF-8. */
export function contentType(path: string): string {
  const extension = extname(path).slice(1).toLowerCase()
  const type = (Object.hasOwn(mimes, extension) ? mimes[extension] : undefined) ?? "application/octet-stream"
  return type.startsWith("text/") && !isDocumentType(type) ? `${type}; charset=utf-8` : type
}

/** Documents that get the bridge, by what browsers take them for. */
export type DocumentKind = "html" | "xhtml"

/** `null` for every other type. */
export function documentKind(essence: string): DocumentKind | null {
  if (essence === "text/html") return "html"
  return /^application\/(?:vnd\.wap\.)?xhtml\+xml$/.test(essence) ? "xhtml" : null
}

/**
 * Whether it is JavaScript (MIME Sniffing, 4.6). Every response of another type carries the page's policy, because what a browser
 * shows as a document differs: `text/xsl` in Chromium and WebKit, `multipart/x-mixed-replace` in Firefox and WebKit. JavaScript
 * is shown as text, and a worker would take the policy for its own.
 */
export function isScriptType(essence: string): boolean {
  return /^(?:application|text)\/(?:x-)?(?:java|ecma)script$|^text\/(?:javascript1\.[0-5]|jscript|livescript)$/.test(
    essence,
  )
}

/** A `Content-Type` that every browser reads alike. */
export interface MediaType {
  /** Type and subtype, in lower case. */
  readonly essence: string
  readonly header: string
}

const NAME = "[\\w!#$%&'*+.^`|~-]+"
const ESSENCE = new RegExp(`^${NAME}/${NAME}$`)
/** RFC 9110, 8.3.1. */
const PLAIN = new RegExp(`^${NAME}/${NAME}(?:[\t ]*;[\t ]*${NAME}=(?:[^\\s",;]+|"[^"\\\\]*"))*$`)

/**
 * Reads a `Content-Type` of another server. Browsers differ in what they make of one that is wrong (`text/html, text/html`,
 * `text/html(x)`), so it is written again: of a list the last type counts, as in Fetch.
 *
 * @returns `null` when it names no type
 */
export function readContentType(value: string | undefined): MediaType | null {
  if (value === undefined) return null
  if (PLAIN.test(value)) return { essence: essenceOf(value), header: value }
  for (const part of value.split(",").reverse()) {
    const essence = essenceOf(part)
    if (!ESSENCE.test(essence) || essence === "*/*") continue
    const charset = /;[\t ]*charset=["']?([\w.:-]+)/i.exec(part)?.[1]
    return { essence, header: charset === undefined ? essence : `${essence}; charset=${charset}` }
  }
  return null
}

function essenceOf(text: string): string {
  return (text.split(";", 1)[0] ?? "").replace(/^[\t ]+|[\t ]+$/g, "").toLowerCase()
}

/** HTML and XML say their encoding themselves. */
function isDocumentType(type: string): boolean {
  return type === "text/html" || /[/+]xml$/.test(type)
}
