import { globSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parse } from "acorn"
import { stripTypes } from "../src/isolation-app/strip-types.ts"

const SOURCE = fileURLToPath(new URL("../src", import.meta.url))

/** Realms and tools of which nothing decides over a page: the page itself, the command line, tests, what the build makes. */
const OTHERS = /^(?:page|cli|embedded|generated)\/|\.(?:test|fixture|e2e)\.ts$/

interface Node {
  readonly type: string
  readonly [member: string]: unknown
}

/**
 * Every property name that the source of the sandbox and the Core reads, or may have others read: members, destructured names,
 * texts that are handed to a function (`own(payload, "calls")`), names in object literals (options of Node's functions), and the indexes of
 * lists that are taken apart.
 */
export function readNames(): readonly string[] {
  const names = new Set(["-1", ...Array.from({ length: 10 }, (_, index) => String(index))])
  for (const file of globSync("**/*.ts", { cwd: SOURCE })) {
    if (OTHERS.test(file.replaceAll("\\", "/"))) continue
    const text = stripTypes(readFileSync(`${SOURCE}/${file}`, "utf8"))
    collect(parse(text, { ecmaVersion: "latest", sourceType: "module" }), names)
  }
  return [...names].sort()
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, names)
  if (typeof value !== "object" || value === null || Array.isArray(value)) return
  const node = value as Node
  if (node.type === "MemberExpression") add(node.property, node.computed === true, names)
  if (node.type === "Property") add(node.key, node.computed === true, names)
  if (node.type === "ArrayPattern") for (const index of (node.elements as unknown[]).keys()) names.add(String(index))
  if (node.type === "CallExpression") for (const argument of node.arguments as unknown[]) add(argument, true, names)
  if (node.type === "BinaryExpression" && node.operator === "in") add(node.left, true, names)
  for (const inner of Object.values(node)) collect(inner, names)
}

/** A name as it is written, or a text or number in its place. */
function add(value: unknown, isComputed: boolean, names: Set<string>): void {
  const { type, name, value: literal } = value as Node
  if (type === "Identifier" && !isComputed) names.add(String(name))
  if (type === "Literal" && /^[\w$-]{1,60}$/.test(String(literal))) names.add(String(literal))
}
