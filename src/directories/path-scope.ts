import { opendir } from "node:fs/promises"
import type { Comparison } from "../glob/glob-text.ts"
import { checkPath } from "./check-path.ts"
import type { Directories } from "./directories.ts"
import { type GlobPart, matchGlob } from "./glob.ts"
import { offLimits } from "./off-limits.ts"
import { holdsOwnFiles, isOwnPath } from "./own-files.ts"
import { PathPattern, pathComponents } from "./path-pattern.ts"
import { type ResolvedPath, type ResolveOptions, resolvePath } from "./real-path.ts"

/** Each value a pattern: `"$APPDATA/**"` or `{ "path": "$APPDATA/**" }`. */
export interface PathScopeValues {
  readonly allow: readonly unknown[]
  readonly deny: readonly unknown[]
}

export interface PathScopeOptions {
  /**
   * Whether a name that begins with a dot is allowed only by a pattern that has the dot: `*` and `**` do not match it.
   * Default, as in Tauri: true, and false on Windows. What is denied is denied with its dot files in any case.
   */
  readonly requireLiteralLeadingDot?: boolean | undefined
  /** Patterns that were read before, by their text: scopes that share it look up once where a pattern begins. */
  readonly patterns?: Map<string, PathPattern | null> | undefined
}

/** A path that no scope allows. */
export class ForbiddenPathError extends Error {
  /** The path, as it was asked for. */
  readonly path: string

  constructor(path: string) {
    super(`forbidden path: ${path}`)
    this.name = "ForbiddenPathError"
    this.path = path
  }
}

/**
 * Which paths may be touched. Nothing is allowed that no pattern allows; what one denies is not, nor what `offLimits` names,
 * nor the Core's own files.
 */
export class PathScope {
  readonly #directories: Directories
  readonly #allow: readonly PathPattern[]
  readonly #deny: readonly PathPattern[]
  readonly #offLimits: readonly PathPattern[]
  readonly #allowed: Comparison
  readonly #denied: Comparison
  readonly #closed: Comparison

  /** @throws Error that names the value and says what is wrong with it */
  constructor(values: PathScopeValues, directories: Directories, options: PathScopeOptions = {}) {
    const { platform } = directories.system
    // Without a prototype, as everything here that may be left out.
    const {
      patterns = new Map<string, PathPattern | null>(),
      requireLiteralLeadingDot = platform !== "win32",
    }: PathScopeOptions = Object.assign(Object.create(null), options)
    const readAll = (list: readonly unknown[]): PathPattern[] =>
      list.flatMap((value) => readScopeValue(value, directories, patterns) ?? [])
    this.#directories = directories
    this.#allow = readAll(values.allow)
    this.#deny = readAll(values.deny)
    this.#offLimits = readAll(offLimits(directories))
    const literalLeadingDot = requireLiteralLeadingDot
    // Volumes of a Mac may tell letters of two cases apart: what is allowed is allowed as it is written. A denied name must
    // not come back in other letters where they do not.
    const form = platform === "darwin" ? composed : asItIs
    this.#allowed = { fold: platform === "win32" ? lowerCase : form, literalLeadingDot }
    const foldedForm = (name: string): string => lowerCase(form(name))
    this.#denied = { fold: platform === "linux" ? form : foldedForm, literalLeadingDot: false }
    // Folders of Linux may tell no cases apart either, and nobody has written these patterns for one case.
    this.#closed = { fold: foldedForm, literalLeadingDot: false }
  }

  /**
   * Resolves the links of a path and sees whether it is allowed. Open what it returns, with `openRegularFile` or through
   * `pinParent`: links may be put in its way before you do.
   *
   * @throws ForbiddenPathError; Error for what is no path (see `resolvePath`). What the system says of a path is told
   *   only where the path as written is allowed, so that nobody learns what exists elsewhere.
   */
  async resolve(path: string, options: ResolveOptions = {}): Promise<ResolvedPath> {
    const { paths } = this.#directories
    const lexical = checkPath(path, paths)
    let resolved: ResolvedPath
    try {
      resolved = await resolvePath(path, paths, options)
    } catch (error) {
      const names = pathComponents(lexical, paths)
      if (
        this.#denies(names) ||
        isOwnPath(lexical) ||
        !this.#allow.some((pattern) => this.#matches(pattern.lexical, names))
      )
        throw new ForbiddenPathError(path)
      throw error
    }
    if (!this.allows(resolved)) throw new ForbiddenPathError(path)
    return resolved
  }

  /** Whether a path is allowed: what it really is must be, and neither that nor how it was written may be denied. */
  allows({ lexical, real }: ResolvedPath): boolean {
    const { paths } = this.#directories
    if (this.denies({ lexical, real })) return false
    const names = pathComponents(real, paths)
    return this.#allow.some((pattern) => pattern.real.some((form) => this.#matches(form, names)))
  }

  /** Whether a path is denied, whatever allows it. */
  denies({ lexical, real }: ResolvedPath): boolean {
    const { paths } = this.#directories
    return [lexical, real].some((path) => isOwnPath(path) || this.#denies(pathComponents(path, paths)))
  }

  /**
   * Whether a directory holds anything that is denied: it must then not be moved, nor removed with all it holds. Looks into
   * it only as far as a denying pattern reaches.
   */
  async holdsDenied({ lexical, real }: ResolvedPath): Promise<boolean> {
    const { paths } = this.#directories
    if (holdsOwnFiles(lexical) || holdsOwnFiles(real)) return true
    if (!this.#mayDenyBelow(lexical) && !this.#mayDenyBelow(real)) return false
    for await (const entry of await opendir(real, { recursive: false })) {
      const path = { lexical: paths.join(lexical, entry.name), real: paths.join(real, entry.name) }
      if (this.denies(path) || (entry.isDirectory() && (await this.holdsDenied(path)))) return true
    }
    return false
  }

  #mayDenyBelow(path: string): boolean {
    const names = pathComponents(path, this.#directories.paths)
    return this.#matchDenied(names).some(({ mayMatchBelow }) => mayMatchBelow)
  }

  #matches(form: readonly GlobPart[], names: readonly string[]): boolean {
    return matchGlob(form, names, this.#allowed).matches
  }

  #denies(names: readonly string[]): boolean {
    return this.#matchDenied(names).some(({ matches }) => matches)
  }

  #matchDenied(names: readonly string[]): readonly ReturnType<typeof matchGlob>[] {
    const all = [
      { patterns: this.#deny, comparison: this.#denied },
      { patterns: this.#offLimits, comparison: this.#closed },
    ]
    return all.flatMap(({ patterns, comparison }) =>
      patterns.flatMap(formsOf).map((form) => matchGlob(form, names, comparison)),
    )
  }
}

/**
 * Reads one value of a scope.
 *
 * @returns `null` for a pattern that matches nothing here
 * @throws Error that names the value
 */
export function readScopeValue(
  value: unknown,
  directories: Directories,
  patterns: Map<string, PathPattern | null> = new Map(),
): PathPattern | null {
  const text =
    typeof value === "object" && value !== null && Object.hasOwn(value, "path")
      ? (value as { path: unknown }).path
      : value
  if (typeof text !== "string" || text === "")
    throw new Error(
      `a path scope holds ${JSON.stringify(value)}: expected a pattern, "$APPDATA/**", or { "path": "$APPDATA/**" }`,
    )
  const known = patterns.get(text)
  if (known !== undefined) return known
  try {
    const pattern = PathPattern.read(text, directories)
    patterns.set(text, pattern)
    return pattern
  } catch (error) {
    throw new Error(`the path pattern ${JSON.stringify(text)} cannot be used: ${(error as Error).message}`)
  }
}

const formsOf = (pattern: PathPattern): readonly (readonly GlobPart[])[] => [pattern.lexical, ...pattern.real]
const asItIs = (text: string): string => text
const lowerCase = (text: string): string => text.toLowerCase()
const composed = (text: string): string => text.normalize("NFC")
