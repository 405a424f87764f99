import type { AnyNode, CallExpression, NewExpression } from "acorn"
import type { CheckedApp } from "./checked-app.ts"
import { visit } from "./visit.ts"

/** A call of something that the platform has: `name` as in `fetch` or `navigator.sendBeacon`. */
export interface GlobalCall {
  readonly name: string
  readonly node: CallExpression | NewExpression
}

const WINDOW = new Set(["window", "self", "globalThis", "top", "parent"])

/** The calls, and uses of `new`, of what no script declares. */
export function globalCalls(app: CheckedApp): readonly GlobalCall[] {
  const declared = declaredNames(app)
  const calls: GlobalCall[] = []
  for (const program of app.programs) {
    visit(program, (node) => {
      if (node.type !== "CallExpression" && node.type !== "NewExpression") return
      const path = pathOf(node.callee)
      if (path === null) return
      const [first = "", ...rest] = WINDOW.has(path[0] ?? "") && path.length > 1 ? path.slice(1) : path
      if (!declared.has(first)) calls.push({ name: [first, ...rest].join("."), node })
    })
  }
  return calls
}

/** `["navigator", "sendBeacon"]`; `null` for what is no plain path of names. */
function pathOf(node: AnyNode): readonly string[] | null {
  if (node.type === "Identifier") return [node.name]
  if (node.type === "ChainExpression") return pathOf(node.expression)
  if (node.type !== "MemberExpression") return null
  const object = pathOf(node.object)
  const { property, computed } = node
  if (object === null) return null
  if (property.type === "Identifier" && !computed) return [...object, property.name]
  return property.type === "Literal" && typeof property.value === "string" ? [...object, property.value] : null
}

/** What the scripts call something of their own, anywhere. */
function declaredNames(app: CheckedApp): ReadonlySet<string> {
  const names = new Set<string>()
  const add = (node: AnyNode | null | undefined): void => {
    if (!node) return
    if (node.type === "Identifier") names.add(node.name)
    else if (node.type === "AssignmentPattern") add(node.left)
    else if (node.type === "RestElement") add(node.argument)
    else if (node.type === "ArrayPattern") for (const element of node.elements) add(element)
    else if (node.type === "ObjectPattern")
      for (const property of node.properties) add(property.type === "RestElement" ? property : property.value)
  }
  for (const program of app.programs) {
    visit(program, (node) => {
      if (node.type === "VariableDeclarator") add(node.id)
      else if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression") add(node.id)
      else if (node.type === "ClassDeclaration" || node.type === "ClassExpression") add(node.id)
      else if (node.type === "CatchClause") add(node.param)
      if ("params" in node) for (const parameter of node.params) add(parameter)
    })
  }
  return names
}
