import { lstat, realpath } from "node:fs/promises"
import { checkPath } from "./check-path.ts"
import type { PathStyle } from "./system.ts"

/** A path, as it was given and as it is without links. */
export interface ResolvedPath {
  /** Absolute, normalized, links not resolved. */
  readonly lexical: string
  /** Absolute, without links, as far as it exists; what does not exist yet follows as it was given. */
  readonly real: string
}

export interface ResolveOptions {
  /** `false`: the last component is meant itself, even if it is a link (what is removed, renamed). Default: true. */
  readonly follow?: boolean | undefined
}

/**
 * Resolves the links of a path. Its last components need not exist: then those before them are resolved.
 *
 * @throws Error for what is no absolute path, holds `..` or NUL (see `checkPath`), for a link that leads nowhere, and what
 *   the system says
 */
export async function resolvePath(path: string, paths: PathStyle, options: ResolveOptions = {}): Promise<ResolvedPath> {
  const { follow = true }: ResolveOptions = Object.assign(Object.create(null), options)
  const lexical = checkPath(path, paths)
  const parent = paths.dirname(lexical)
  if (follow || parent === lexical) return { lexical, real: await realOf(lexical, paths) }
  return { lexical, real: paths.join(await realOf(parent, paths), paths.basename(lexical)) }
}

async function realOf(path: string, paths: PathStyle): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  // Whoever opened such a link to create a file would create it where the link leads.
  if (await isLink(path)) throw Object.assign(new Error(`${path} is a link that leads nowhere`), { code: "ELOOP" })
  const parent = paths.dirname(path)
  if (parent === path) throw new Error(`${path} does not exist`)
  return paths.join(await realOf(parent, paths), paths.basename(path))
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT"
}
