import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from "parse5"
import { completeList, type Inline, type Needs } from "./csp.ts"
import { encodingNamed, openHtml } from "./html-encoding.ts"
import { cspHash } from "./respond.ts"

type Document = DefaultTreeAdapterTypes.Document
type Element = DefaultTreeAdapterTypes.Element

/** What goes into a document. */
export interface Injection {
  /** `<script>` elements, in ASCII. */
  readonly elements: string
  readonly needs: Needs
  /** `dangerousDisableAssetCspModification`. */
  readonly keep: boolean | readonly string[]
}

/** A document with the bridge in it. */
export interface InjectedHtml {
  readonly bytes: Buffer
  /** Its encoding. It must go into `Content-Type`: the bridge pushes `<meta>` out of the bytes that browsers look at. */
  readonly charset: string
  /** What a policy in `<meta>` lacks and may not be given. */
  readonly missing: readonly string[]
  /** The document's own inline elements. */
  readonly inline: Inline
}

/**
 * Puts scripts before every other in a document, and completes the policies of its `<meta>` elements. All else stays as
 * it is, byte by byte.
 *
 * @param charset what its `Content-Type` says
 */
export function injectScript(html: Uint8Array, charset: string | undefined, injection: Injection): InjectedHtml {
  const { latin1, encoding } = openHtml(html, charset)
  const document = parse(latin1, { sourceCodeLocationInfo: true })
  const all = [...elements(document)]
  const metas = all.filter((element) => element.tagName === "meta")
  const start = startOfHead(document, latin1)
  const edits: Edit[] = [{ start, end: start, text: injection.elements }]
  const missing: string[] = []
  for (const meta of metas) {
    const place = meta.sourceCodeLocation?.attrs?.content
    if (place === undefined || attribute(meta, "http-equiv")?.toLowerCase() !== "content-security-policy") continue
    const completed = completeList(attribute(meta, "content") ?? "", injection.needs, injection.keep)
    missing.push(...completed.missing)
    edits.push({
      start: place.startOffset,
      end: place.endOffset,
      text: `content="${escapeAttribute(completed.policy)}"`,
    })
  }
  const known = encoding ?? encodingInMeta(metas) ?? "utf-8"
  return { bytes: Buffer.from(apply(latin1, edits), "latin1"), charset: known, missing, inline: inlineOf(all, known) }
}

/** A document's inline elements, where nothing is put into it. `charset`: what its `Content-Type` says. */
export function readInline(html: Uint8Array, charset: string | undefined): Inline {
  const { latin1, encoding } = openHtml(html, charset)
  const all = [...elements(parse(latin1))]
  return inlineOf(all, encoding ?? encodingInMeta(all.filter(({ tagName }) => tagName === "meta")) ?? "utf-8")
}

/** The policies that a document's `<meta>` elements set. */
export function metaPolicies(html: string): string[] {
  return [...elements(parse(html))]
    .filter(({ tagName }) => tagName === "meta")
    .filter((meta) => attribute(meta, "http-equiv")?.toLowerCase() === "content-security-policy")
    .map((meta) => attribute(meta, "content") ?? "")
}

/** Hashes are of what a browser makes of the text: decoded, and in UTF-8 again (CSP Level 3, 6.7.3.3). */
function inlineOf(all: readonly Element[], charset: string): Inline {
  const decoder = new TextDecoder(charset, { ignoreBOM: true })
  const hash = ({ childNodes }: Element): string => {
    const text = childNodes.map((node) => (defaultTreeAdapter.isTextNode(node) ? node.value : "")).join("")
    return cspHash(decoder.decode(Buffer.from(text, "latin1")))
  }
  const isScript = (element: Element): boolean =>
    element.tagName === "script" && attribute(element, "src") === undefined && element.childNodes.length > 0
  return {
    scripts: all.filter(isScript).map(hash),
    styles: all.filter((element) => element.tagName === "style").map(hash),
  }
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function apply(text: string, edits: readonly Edit[]): string {
  let result = ""
  let offset = 0
  for (const { start, end, text: inserted } of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(offset, start) + inserted
    offset = end
  }
  return result + text.slice(offset)
}

/** Behind `<head>`; where that is only implied, behind what may stand before it. A script there opens the head itself. */
function startOfHead(document: Document, text: string): number {
  let offset = 0
  for (const node of document.childNodes) {
    if (node.nodeName === "#documentType") {
      const end = node.sourceCodeLocation?.endOffset ?? 0
      // One that the document's end cuts off would swallow what stands behind it.
      if (text[end - 1] === ">") offset = end
    }
    if (!defaultTreeAdapter.isElementNode(node)) continue
    offset = node.sourceCodeLocation?.startTag?.endOffset ?? offset
    const head = node.childNodes.find((child) => child.nodeName === "head") as Element | undefined
    offset = head?.sourceCodeLocation?.startTag?.endOffset ?? offset
  }
  return offset
}

/** HTML Standard, 13.2.3.2: `<meta>` that claims to be UTF-16 is read, so it is not. */
function encodingInMeta(metas: readonly Element[]): string | null {
  for (const meta of metas) {
    const isType = attribute(meta, "http-equiv")?.toLowerCase() === "content-type"
    const inContent = isType ? /charset\s*=\s*["']?([^\s"';]+)/i.exec(attribute(meta, "content") ?? "")?.[1] : undefined
    const encoding = encodingNamed(attribute(meta, "charset") ?? inContent)
    if (encoding !== null) return encoding.startsWith("utf-16") ? "utf-8" : encoding
  }
  return null
}

/** In document order; without recursion, which a document of 100,000 levels would exhaust. */
function* elements(document: Document): Generator<Element> {
  const waiting = document.childNodes.toReversed()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!defaultTreeAdapter.isElementNode(node)) continue
    yield node
    for (const child of node.childNodes.toReversed()) waiting.push(child)
  }
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value
}

/** As latin1 a character reference's character could become another, `&#x12a;` an asterisk. */
function escapeAttribute(value: string): string {
  const reference = (character: string): string => `&#${character.codePointAt(0)};`
  return value
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll(/[^\0-\xff]/gu, reference)
}
