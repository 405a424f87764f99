import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from "parse5"
import type { Csp } from "../config/config.ts"
import { completeCsp, type Needs } from "./csp.ts"

type Element = DefaultTreeAdapterTypes.Element
type ParentNode = DefaultTreeAdapterTypes.ParentNode

/** A document with the bridge in it. */
export interface InjectedHtml {
  readonly bytes: Buffer
  /** What its `<meta>` says its encoding is, or UTF-8. It must go into `Content-Type`: the bridge pushes `<meta>` out of the bytes that browsers look at. */
  readonly charset: string
  /** What a policy in `<meta>` lacks and may not be given. */
  readonly missing: readonly string[]
}

/**
 * Puts a script before every other in a document, and completes the policies of its `<meta>` elements. All other bytes
 * stay as they are: the document is read as Latin-1, in which every byte is a character, whatever its encoding.
 */
export function injectScript(
  html: Uint8Array,
  script: string,
  needs: Needs,
  keep: boolean | readonly string[],
): InjectedHtml {
  const text = Buffer.from(html).toString("latin1")
  const document = parse(text, { sourceCodeLocationInfo: true })
  const metas = [...elements(document)].filter((element) => element.tagName === "meta")
  const missing: string[] = []
  const edits: Edit[] = [{ start: startOfHead(document), end: startOfHead(document), text: script }]
  for (const meta of metas) {
    const content = attribute(meta, "content")
    if (attribute(meta, "http-equiv")?.toLowerCase() !== "content-security-policy" || content === null) continue
    const completed = completeMeta(content, needs, keep)
    missing.push(...completed.missing)
    const place = meta.sourceCodeLocation?.attrs?.content
    if (place !== undefined)
      edits.push({
        start: place.startOffset,
        end: place.endOffset,
        text: `content="${escapeAttribute(completed.policy)}"`,
      })
  }
  return { bytes: Buffer.from(apply(text, edits), "latin1"), charset: charsetOf(metas), missing }
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
function startOfHead(document: DefaultTreeAdapterTypes.Document): number {
  let offset = 0
  for (const node of document.childNodes) {
    if (node.nodeName === "#documentType") offset = node.sourceCodeLocation?.endOffset ?? offset
    if (!defaultTreeAdapter.isElementNode(node)) continue
    offset = node.sourceCodeLocation?.startTag?.endOffset ?? offset
    const head = node.childNodes.find((child) => child.nodeName === "head") as Element | undefined
    offset = head?.sourceCodeLocation?.startTag?.endOffset ?? offset
  }
  return offset
}

function completeMeta(
  content: string,
  needs: Needs,
  keep: boolean | readonly string[],
): { policy: string; missing: readonly string[] } {
  // Several policies may stand in one element, divided by commas; each of them applies.
  const policies = content
    .split(",")
    .map((policy) => completeCsp(policy as Csp, needs, keep === true ? true : [...(keep || []), "frame-ancestors"]))
  return {
    policy: policies.map(({ policy }) => policy).join(", "),
    missing: policies.flatMap(({ missing }) => missing),
  }
}

function charsetOf(metas: readonly Element[]): string {
  for (const meta of metas) {
    const charset =
      attribute(meta, "charset") ?? /charset\s*=\s*["']?([\w-]+)/i.exec(attribute(meta, "content") ?? "")?.[1]
    if (charset !== undefined && charset !== null && /^[\w-]+$/.test(charset)) return charset
  }
  return "utf-8"
}

function* elements(node: ParentNode): Generator<Element> {
  for (const child of node.childNodes) {
    if (!defaultTreeAdapter.isElementNode(child)) continue
    yield child
    yield* elements(child)
  }
}

function attribute(element: Element, name: string): string | null {
  return element.attrs.find((attr) => attr.name === name)?.value ?? null
}

function escapeAttribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")
}
