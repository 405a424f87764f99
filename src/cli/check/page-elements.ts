import { type DefaultTreeAdapterTypes, parse } from "parse5"
import type { Position } from "../../isolation-app/isolation-app.ts"

export interface ElementAttribute extends Position {
  readonly name: string
  readonly value: string
  /** Characters, with the name. */
  readonly length: number
}

/** An element that stands in a page, as written. */
export interface PageElement {
  readonly name: string
  readonly attributes: readonly ElementAttribute[]
}

/** The elements of a page that were written in it, in order, also those in templates. */
export function pageElements(html: string): readonly PageElement[] {
  const found: PageElement[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("tagName" in node && node.sourceCodeLocation) {
      const places = node.sourceCodeLocation.attrs ?? {}
      const attributes = node.attrs.flatMap(({ name, value, prefix }) => {
        const place = places[name] ?? places[`${prefix}:${name}`]
        if (place === undefined) return []
        const { startLine: line, startCol: column, startOffset, endOffset } = place
        return [{ name, value, line, column, length: endOffset - startOffset }]
      })
      found.push({ name: node.tagName, attributes })
    }
    if ("content" in node) visit(node.content)
    if ("childNodes" in node) for (const child of node.childNodes) visit(child)
  }
  visit(parse(html, { sourceCodeLocationInfo: true }))
  return found
}
