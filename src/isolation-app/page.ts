import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html, parse, serialize } from "parse5"
import type { Position } from "./isolation-app-error.ts"

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

/** The page of an isolation app as a tree, and the few things that are asked of it. */
export class Page {
  readonly #document: DefaultTreeAdapterTypes.Document

  constructor(text: string) {
    this.#document = parse(text, { sourceCodeLocationInfo: true })
  }

  /** Elements of a name in document order; what stands in a `<template>` is not part of the document. */
  elements(name: string): readonly PageElement[] {
    return [...descendants(this.#document)].filter((node) => node.tagName === name).map((node) => new PageElement(node))
  }

  /** Moves elements to the end of the body, in their order. */
  moveToEnd(elements: readonly PageElement[]): void {
    for (const end of this.elements("body")) for (const element of elements) element.moveInto(end)
  }

  serialize(): string {
    return serialize(this.#document)
  }

  /** Puts a comment first into the head, and writes the page. */
  serializeMarked(marker: string): string {
    for (const head of this.elements("head")) head.prependComment(marker)
    return serialize(this.#document)
  }
}

/** An element of the page. */
export class PageElement {
  readonly #node: Element

  constructor(node: Element) {
    this.#node = node
  }

  get isHtml(): boolean {
    return this.#node.namespaceURI === html.NS.HTML
  }

  get attributes(): ReadonlyMap<string, string> {
    return new Map(this.#node.attrs.map(({ name, value }) => [name, value]))
  }

  get text(): string {
    return this.#node.childNodes.map((node) => ("value" in node ? node.value : "")).join("")
  }

  /** Where its start tag begins. */
  get position(): Position | null {
    return start(this.#node)
  }

  /** Where its text begins. */
  get textPosition(): Position | null {
    const [first] = this.#node.childNodes
    return first === undefined ? null : start(first)
  }

  setText(text: string): void {
    this.#node.childNodes = []
    defaultTreeAdapter.insertText(this.#node, text)
  }

  removeAttributes(names: readonly string[]): void {
    this.#node.attrs = this.#node.attrs.filter(({ name }) => !names.includes(name))
  }

  remove(): void {
    defaultTreeAdapter.detachNode(this.#node)
  }

  /** Whether it comes right after another element, or white space stands between them. */
  isNextTo(other: PageElement): boolean {
    const siblings = this.#node.parentNode?.childNodes ?? []
    const between = siblings.slice(siblings.indexOf(other.#node) + 1, siblings.indexOf(this.#node))
    return siblings.includes(other.#node) && between.every(isSpace)
  }

  removeWithSpaceBefore(): void {
    const siblings = this.#node.parentNode?.childNodes ?? []
    const before = siblings[siblings.indexOf(this.#node) - 1]
    if (before !== undefined && isSpace(before)) defaultTreeAdapter.detachNode(before)
    this.remove()
  }

  moveInto(parent: PageElement): void {
    this.remove()
    defaultTreeAdapter.appendChild(parent.#node, this.#node)
  }

  prependComment(text: string): void {
    const comment = defaultTreeAdapter.createCommentNode(text)
    this.#node.childNodes.unshift(comment)
    comment.parentNode = this.#node
  }
}

function* descendants(node: Node): Generator<Element> {
  if (!("childNodes" in node)) return
  for (const child of node.childNodes) {
    if ("tagName" in child) yield child
    yield* descendants(child)
  }
}

const isSpace = (node: DefaultTreeAdapterTypes.ChildNode): boolean =>
  "value" in node && /^[\t\n\f\r ]*$/.test(node.value)

function start(node: Node): Position | null {
  const location = node.sourceCodeLocation
  return location ? { line: location.startLine, column: location.startCol } : null
}
