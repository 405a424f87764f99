import type { AnyNode, Pattern } from "acorn"
import { evaluate } from "./expressions.ts"
import { getMember, setMember } from "./members.ts"
import type { Run } from "./run.ts"
import type { Scope } from "./scope.ts"
import { itemsOf } from "./statements.ts"
import { keyOf, list, object, originOf, unknown, type Value } from "./values.ts"

type Give = (name: string, value: Value) => void

/** Takes a value apart as a pattern says, and gives each name its part. */
export function bind(run: Run, pattern: Pattern | AnyNode, value: Value, give: Give, scope: Scope): void {
  run.step()
  switch (pattern.type) {
    case "Identifier":
      give(pattern.name, value)
      return
    case "MemberExpression": {
      const object = evaluate(run, pattern.object, scope)
      setMember(run, object, memberKey(run, pattern, scope), value, pattern)
      return
    }
    case "AssignmentPattern": {
      const isMissing = value.kind === "constant" ? value.value === undefined : false
      bind(run, pattern.left, isMissing ? evaluate(run, pattern.right, scope) : value, give, scope)
      return
    }
    case "ArrayPattern": {
      const items = itemsOf(value)
      for (const [index, element] of pattern.elements.entries()) {
        if (element === null) continue
        if (element.type === "RestElement") {
          const rest = items === null ? list([unknown(originOf(value))], true) : list([...items.slice(index)])
          bind(run, element.argument, rest, give, scope)
        } else bind(run, element, getMember(run, value, String(index), element), give, scope)
      }
      return
    }
    case "ObjectPattern": {
      const taken = new Set<string>()
      for (const property of pattern.properties) {
        if (property.type === "RestElement") bind(run, property.argument, restOf(value, taken), give, scope)
        else {
          const key = memberKey(run, { property: property.key, computed: property.computed }, scope)
          if (key !== null) taken.add(key)
          bind(run, property.value, getMember(run, value, key, property), give, scope)
        }
      }
      return
    }
  }
}

/** What `...rest` is: of the call and its arguments, the same again. */
function restOf(value: Value, taken: ReadonlySet<string>): Value {
  if (value.kind !== "object") return value
  const rest = object([], value.isOpen)
  for (const [key, property] of value.properties) if (!taken.has(key)) rest.properties.set(key, property)
  rest.base = value.base
  return rest
}

/** The key of `a.b`, `a["b"]` and `a.#b`; `null`: not known. */
export function memberKey(
  run: Run,
  { property, computed }: { readonly property: AnyNode; readonly computed: boolean },
  scope: Scope,
): string | null {
  if (computed) return keyOf(evaluate(run, property, scope))
  if (property.type === "Identifier") return property.name
  if (property.type === "PrivateIdentifier") return `#${property.name}`
  return property.type === "Literal" ? String(property.value) : null
}
