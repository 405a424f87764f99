import type { AnyNode } from "acorn"

/** Shows each node of a tree, before those in it, with the one that it stands in. */
export function visit(
  node: AnyNode,
  see: (node: AnyNode, parent: AnyNode | null) => void,
  parent: AnyNode | null = null,
): void {
  see(node, parent)
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (key === "loc") continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && "type" in child) visit(child as AnyNode, see, node)
    }
  }
}
