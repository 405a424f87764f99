import { fileURLToPath } from "node:url"
import { own } from "../../boundary/wire/own.ts"
import type { Scope } from "../../core/access.ts"
import type { CallContext } from "../../core/command.ts"
import type { BaseDirectory } from "../../directories/base-directory.ts"
import type { Directories } from "../../directories/directories.ts"
import type { PathPattern } from "../../directories/path-pattern.ts"
import { ForbiddenPathError, PathScope, readScopeValue } from "../../directories/path-scope.ts"
import type { ResolvedPath, ResolveOptions } from "../../directories/real-path.ts"

/** Which paths a window may touch with a command: what its capabilities say, as patterns that are read once. */
export class Scopes {
  readonly #directories: Directories
  readonly #requireLiteralLeadingDot: boolean | undefined
  readonly #patterns = new Map<string, PathPattern | null>()
  readonly #scopes = new WeakMap<Scope, PathScope>()

  /** @param config `plugins.fs` of the configuration file. Throws an `Error` for what it cannot be. */
  constructor(directories: Directories, config: unknown) {
    this.#directories = directories
    this.#requireLiteralLeadingDot = readConfig(config)
  }

  /**
   * Reads a value of a scope before any page is there: where its pattern begins is looked up now, and not when a page may
   * have moved folders about.
   *
   * @throws Error that says what is wrong with it
   */
  read(value: unknown): void {
    readScopeValue(value, this.#directories, this.#patterns)
  }

  of({ scope }: CallContext): PathScope {
    let paths = this.#scopes.get(scope)
    if (paths === undefined) {
      const options = { requireLiteralLeadingDot: this.#requireLiteralLeadingDot, patterns: this.#patterns }
      paths = new PathScope(scope, this.#directories, options)
      this.#scopes.set(scope, paths)
    }
    return paths
  }

  /**
   * The path that a page means, when it may touch it.
   *
   * @param path relative to `base`, absolute, or a `file:` URL
   * @throws Error "forbidden path: …", with the permission that would allow it; Error for what is no path
   */
  async resolve(
    path: string,
    base: BaseDirectory | undefined,
    context: CallContext,
    options?: ResolveOptions,
  ): Promise<ResolvedPath> {
    const full = this.#absolute(path, base)
    try {
      return await this.of(context).resolve(full, options)
    } catch (error) {
      if (error instanceof ForbiddenPathError) throw new Error(forbidden(full, context.command))
      throw error
    }
  }

  #absolute(path: string, base: BaseDirectory | undefined): string {
    const plain = /^file:/i.test(path) ? ofUrl(path) : path
    if (base !== undefined) return this.#directories.resolve(base, plain)
    if (plain === "" || !this.#directories.paths.isAbsolute(plain))
      throw new Error(
        `the path ${JSON.stringify(plain)} is relative: say to what with options.baseDir, or give all of it`,
      )
    return plain
  }
}

/** In Tauri's words. */
export function forbidden(path: string, command: string): string {
  const permission = command.replace(/^plugin:fs\|/, "").replaceAll("_", "-")
  return `forbidden path: ${path}, maybe it is not allowed on the scope for \`allow-${permission}\` permission in your capability file`
}

function ofUrl(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    throw new Error("URL is not a valid path")
  }
}

function readConfig(config: unknown): boolean | undefined {
  if (config === undefined || config === null) return undefined
  if (typeof config !== "object" || Array.isArray(config)) throw new Error("plugins.fs: expected an object")
  for (const key of Object.keys(config))
    if (key !== "requireLiteralLeadingDot")
      throw new Error(`plugins.fs.${key}: no such key, expected "requireLiteralLeadingDot"`)
  const requireLiteralLeadingDot = own(config, "requireLiteralLeadingDot")
  if (requireLiteralLeadingDot === undefined || requireLiteralLeadingDot === null) return undefined
  if (typeof requireLiteralLeadingDot === "boolean") return requireLiteralLeadingDot
  throw new Error("plugins.fs.requireLiteralLeadingDot: expected true or false")
}
