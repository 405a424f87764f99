/** Measures the code that must be trusted, and finds what it imports from elsewhere. */
import { readdirSync, readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import { dirname, join, normalize } from "node:path"
import { type Comment, parse } from "acorn"

export type PartName = "wire" | "sandbox" | "core" | "key"

export interface Part {
  readonly name: PartName
  readonly folder: string
  /** Lines of code without comments and blank lines. */
  readonly budget: number
  /** Lines that it may have above its budget, by less than a tenth, and why. */
  readonly allowed?: number
  readonly because?: string
  /** Folders it may import from, besides its own. */
  readonly imports: readonly string[]
  readonly isNode: boolean
}

const WIRE = "src/boundary/wire"
const CORE = "src/boundary/core"

export const PARTS: readonly Part[] = [
  { name: "wire", folder: WIRE, budget: 250, imports: [], isNode: false },
  {
    name: "sandbox",
    folder: "src/boundary/sandbox",
    budget: 450,
    allowed: 493,
    because:
      "the hook's payload has two forms that stay one, WebKit has window messages, and the isolation app's console is forwarded",
    imports: [WIRE],
    isNode: false,
  },
  { name: "core", folder: CORE, budget: 400, imports: [WIRE], isNode: true },
  { name: "key", folder: "src/server/key", budget: 250, imports: [WIRE, CORE], isNode: true },
]

/** What the boundary imports from elsewhere all the same, and why. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  "src/server/key/isolation-document.ts ../../core/gate.ts":
    "types: the Core hands out the grant that the document is served for",
  "src/server/key/isolation-document.ts ../../isolation-app/isolation-app.ts":
    "a type: the document of the isolation app",
  "src/server/key/isolation-document.ts ../host.ts": "the path of a request, read as everywhere in the server",
  "src/server/key/isolation-document.ts ../respond.ts": "the form of the server's answers",
}

/** Returns the files of a part: tests and fixtures are not among them. */
export function filesOf(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.(?:test|fixture)\.ts$/.test(file))
    .map((file) => join(folder, file))
    .sort()
}

export function measureBoundary(root: string): Readonly<Record<PartName, number>> {
  const linesIn = (folder: string): number =>
    filesOf(root, folder).reduce((lines, file) => lines + countLines(readFileSync(join(root, file), "utf8")), 0)
  return Object.fromEntries(PARTS.map(({ name, folder }) => [name, linesIn(folder)])) as Record<PartName, number>
}

/** Returns the number of lines that have code. */
export function countLines(source: string): number {
  return withoutComments(source)
    .split("\n")
    .filter((line) => line.trim() !== "").length
}

/** Returns the source with spaces in place of its comments: every line stays where it is. */
function withoutComments(source: string): string {
  const comments: Comment[] = []
  // Types become spaces, so positions are those of the source.
  parse(stripTypeScriptTypes(source), { ecmaVersion: "latest", sourceType: "module", onComment: comments })
  return comments.reduce(
    (code, { start, end }) => code.slice(0, start) + code.slice(start, end).replaceAll(/[^\n]/g, " ") + code.slice(end),
    source,
  )
}

/** Returns what the boundary's files import from outside it, types included, as `file imported`. */
export function strayImports(root: string): readonly string[] {
  return PARTS.flatMap((part) =>
    filesOf(root, part.folder).flatMap((file) =>
      importsOf(readFileSync(join(root, file), "utf8"))
        .filter((imported) => !mayImport(part, file, imported))
        .map((imported) => `${file} ${imported}`),
    ),
  ).filter((each) => !Object.hasOwn(EXCEPTIONS, each))
}

/** Returns the specifiers of all imports and re-exports, static and dynamic. */
export function importsOf(source: string): readonly string[] {
  const code = withoutComments(source)
  return [...code.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, specifier = ""]) => specifier)
}

function mayImport({ folder, imports, isNode }: Part, file: string, imported: string): boolean {
  if (!imported.startsWith(".")) return isNode && imported.startsWith("node:")
  const target = normalize(join(dirname(file), imported))
  return (
    [folder, ...imports].some((allowed) => target.startsWith(`${allowed}/`)) && !/\.(?:test|fixture)\.ts$/.test(target)
  )
}
