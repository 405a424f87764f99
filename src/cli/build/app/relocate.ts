import { statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { type AnyNode, parse } from "acorn"
import type { Position } from "../../../isolation-app/isolation-app-error.ts"
import { stripTypes, TypeScriptError } from "../../../isolation-app/strip-types.ts"
import { visit } from "../../check/visit.ts"

/** Something in a module that a bundle cannot hold, or only in part. */
export interface Reference extends Position {
  /** Absolute path of the module. */
  readonly module: string
  /**
   * `file`, `folder`: what stands at a path that the module makes from where it is itself; `program`: a file of code there, such as a
   * worker; `import`, `require`: a module that only turns up when it runs; `meta`: another property of `import.meta`.
   */
  readonly kind: "file" | "folder" | "program" | "import" | "require" | "meta"
  /** Absolute path of what is referred to, or what is written. */
  readonly what: string
}

export interface Relocated {
  /** JavaScript, line by line where it was. */
  readonly code: string
  readonly references: readonly Reference[]
}

const CODE = /\.[cm]?[jt]sx?$/

/**
 * Makes a module of a bundle still know where it was: `import.meta.url`, `dirname` and `filename` are, from the program's place, what they
 * were from the project's. `null` for a module that has nothing of the kind, or that no parser understands: the bundler will say so.
 *
 * @param place as `placeInBuild` gives it
 * @param isEntry whether it is the program itself
 */
export function relocate(text: string, module: string, place: string, isEntry: boolean): Relocated | null {
  if (!/\bimport\s*(?:\.\s*meta\b|\()/.test(text)) return null
  const source = asJavaScript(text, module)
  if (source === null) return null
  const [code, tree] = source
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = []
  const references: Reference[] = []
  const refer = (node: AnyNode, kind: Reference["kind"], what: string): void => {
    const { line = 1, column = 0 } = node.loc?.start ?? {}
    references.push({ module, line, column: column + 1, kind, what })
  }
  visit(tree, (node, parent) => {
    if (node.type === "ImportExpression" && node.source.type !== "Literal")
      refer(node, "import", code.slice(node.source.start, node.source.end))
    if (node.type === "NewExpression") {
      const path = ownPath(node)
      if (path !== null) {
        const target = resolve(dirname(module), path)
        const kind = kindOf(target)
        if (kind !== null) refer(node, kind === "file" && CODE.test(target) ? "program" : kind, target)
      }
    }
    if (node.type === "CallExpression" && isCreateRequire(node))
      refer(node, "require", "createRequire(import.meta.url)")
    if (!isMeta(node)) return
    const name =
      parent?.type === "MemberExpression" && !parent.computed && parent.property.type === "Identifier"
        ? parent.property.name
        : null
    const known = name === null ? undefined : KNOWN.get(name)
    if (known === undefined || parent === null) return refer(node, "meta", name ?? "import.meta")
    edits.push({ start: parent.start, end: parent.end, text: known(place, isEntry) })
  })
  let relocated = code
  for (const { start, end, text: by } of edits.sort((a, b) => b.start - a.start))
    relocated = relocated.slice(0, start) + by + relocated.slice(end)
  return { code: relocated, references }
}

/** What stands for a property; `import.meta` is that of the program by then. */
const KNOWN: ReadonlyMap<string, (place: string, isEntry: boolean) => string> = new Map([
  [
    "url",
    (place) =>
      `new URL(${JSON.stringify(encodeURI(place).replaceAll(/[?#]/g, encodeURIComponent))}, import.meta.url).href`,
  ],
  ["filename", (place) => `(import.meta.dirname + ${JSON.stringify(`/${place}`)})`],
  ["dirname", (place) => `(import.meta.dirname + ${JSON.stringify(`/${place}`.replace(/\/[^/]*$/, ""))})`],
  ["main", (_place, isEntry) => String(isEntry)],
])

function asJavaScript(text: string, module: string): readonly [code: string, tree: AnyNode] | null {
  const options = { ecmaVersion: "latest", sourceType: "module", locations: true, allowHashBang: true } as const
  try {
    const code = /\.[cm]?ts$/.test(module) ? stripTypes(text) : text
    return [code, parse(code, options)]
  } catch (error) {
    if (error instanceof TypeScriptError || error instanceof SyntaxError) return null
    throw error
  }
}

const isMeta = (node: AnyNode): boolean => node.type === "MetaProperty" && node.meta.name === "import"

function isCreateRequire({ callee, arguments: [from] }: Extract<AnyNode, { type: "CallExpression" }>): boolean {
  const name = callee.type === "MemberExpression" ? callee.property : callee
  return (
    name.type === "Identifier" &&
    name.name === "createRequire" &&
    from?.type === "MemberExpression" &&
    isMeta(from.object)
  )
}

/** The path of `new URL("path", import.meta.url)`, or `null`. */
function ownPath({ callee, arguments: [first, second] }: Extract<AnyNode, { type: "NewExpression" }>): string | null {
  if (callee.type !== "Identifier" || callee.name !== "URL") return null
  if (first?.type !== "Literal" || typeof first.value !== "string" || /^[a-z][a-z\d+.-]*:|^\/\//i.test(first.value))
    return null
  if (second?.type !== "MemberExpression" || !isMeta(second.object)) return null
  const [path = ""] = first.value.split(/[?#]/)
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

function kindOf(path: string): "file" | "folder" | null {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return null
  return found.isDirectory() ? "folder" : found.isFile() ? "file" : null
}
