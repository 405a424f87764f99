import { realpathSync } from "node:fs"
import { escapeGlob, GlobText } from "../glob/glob-text.ts"
import { BASE_DIRECTORIES } from "./base-directory.ts"
import { components, type Directories } from "./directories.ts"
import { type GlobPart, RECURSIVE } from "./glob.ts"
import type { PathStyle } from "./system.ts"

/**
 * A pattern of a scope: `$APPDATA/notes/**`, `/srv/music/*.ogg`, or `**` for everything. Where it begins is looked up once,
 * when it is read: a folder that becomes a link later does not open what it leads to.
 */
export class PathPattern {
  /** As it was written, variables replaced. */
  readonly lexical: readonly GlobPart[]
  /** With the links resolved in what comes before the first wildcard: with and without its last component. */
  readonly real: readonly (readonly GlobPart[])[]

  private constructor(lexical: readonly GlobPart[], real: readonly (readonly GlobPart[])[]) {
    this.lexical = lexical
    this.real = real
  }

  /**
   * @returns `null` for a pattern that matches nothing here: in a directory that is not set, or of another platform
   * @throws Error that says what is wrong with the pattern
   */
  static read(text: string, directories: Directories): PathPattern | null {
    const { paths } = directories
    const written = checkVariable(text) && expanded(text, directories)
    // On a Mac, a name and its decomposed form are the same file's.
    const pattern = directories.system.platform === "darwin" ? (written?.normalize("NFC") ?? null) : written
    if (pattern === null) return null
    if (pattern.includes("\0")) throw new Error("a path cannot hold a NUL character")
    const names = pathComponents(pattern, paths)
    if (names.includes("..")) throw new Error('".." is not taken in a pattern: write the path that you mean')
    if (isOfOtherPlatform(pattern, paths)) return null
    if (names.at(0) !== RECURSIVE && !paths.isAbsolute(pattern))
      throw new Error('it is relative: begin it with a variable ("$APPDATA/…"), with the root, or with "**"')
    const parts = names.map((name) => (name === RECURSIVE ? RECURSIVE : new GlobText(name)))
    return new PathPattern(parts, realForms(parts, paths))
  }
}

/** The components of an absolute path, its root (if it says more than that there is one) as the first of them. */
export function pathComponents(path: string, paths: PathStyle): string[] {
  const { root } = paths.parse(path)
  const names = components(path.slice(root.length), paths)
  const drive = root.replaceAll("/", paths.sep).replace(/[\\/]$/, "")
  return drive === "" ? names : [drive, ...names]
}

/** One capability may have paths for several platforms. */
function isOfOtherPlatform(pattern: string, paths: PathStyle): boolean {
  return paths.sep === "/" ? /^(?:[a-z]:[\\/]|\\\\)/i.test(pattern) : /^\/(?!\/)/.test(pattern)
}

function checkVariable(text: string): string {
  const [variable = ""] = /^\$[^\\/]*/.exec(text) ?? []
  const known = Object.values(BASE_DIRECTORIES).map((directory): string => directory.variable)
  if (variable !== "" && !known.includes(variable))
    throw new Error(`there is no variable ${variable}: use one of ${known.join(", ")}`)
  return text
}

function expanded(text: string, directories: Directories): string | null {
  try {
    return directories.expand(text, escapeGlob)
  } catch {
    return null
  }
}

function realForms(parts: readonly GlobPart[], paths: PathStyle): GlobPart[][] {
  const isWild = (part: GlobPart): boolean => part === RECURSIVE || part.literal === null
  const end = parts.findIndex(isWild)
  const count = end === -1 ? parts.length : end
  const names = parts.slice(0, count).map((part) => (part as GlobText).literal as string)
  const resolved = (upTo: number): GlobPart[] => [
    ...pathComponents(realPrefix(absolute(names.slice(0, upTo), paths), paths), paths).map(
      (name) => new GlobText(escapeGlob(name)),
    ),
    ...parts.slice(upTo),
  ]
  return count === 0 ? [[...parts]] : [resolved(count), resolved(count - 1)]
}

function absolute(names: readonly string[], paths: PathStyle): string {
  return paths.sep === "/" ? `/${names.join("/")}` : `${names.join("\\")}\\`
}

/** What exists of a path, without links; the rest as it is. */
function realPrefix(path: string, paths: PathStyle): string {
  try {
    return realpathSync.native(path)
  } catch {
    const parent = paths.dirname(path)
    return parent === path ? path : paths.join(realPrefix(parent, paths), paths.basename(path))
  }
}
