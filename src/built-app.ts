import { dirname, join, relative, resolve } from "node:path"
import { getAsset, getRawAsset, isSea } from "node:sea"
import { fileURLToPath } from "node:url"
import { ConfigError } from "./config/config-error.ts"
import { MemoryFiles } from "./files/memory-files.ts"

/** What `sallyport build --app` knows of the project that it has built. Paths have `/`, and are relative to its sources' folder. */
export interface BuildFacts {
  readonly config: string
  /** The working directory that paths in the Core are meant from: the project's folder. */
  readonly cwd: string
  /** The only system that it is for, as `process.platform` has it; `null`: any, for nothing in the configuration differs by it. */
  readonly platform: string | null
}

/** The bundler puts the facts in the place of this name; elsewhere nobody has defined it. */
declare const SALLYPORT_BUILD: BuildFacts | undefined

/** The configuration's name in a build, relative to where the program is. Not Tauri's: no file of a platform is laid over it. */
export const BUILT_CONFIG = "app/configuration.json"

/** Names of what an executable carries besides the files of the app: their list, as JSON, and the program. */
export const FILE_LIST = "sallyport:files"
export const PROGRAM = "main.js"

/** An app that was built, as it runs. */
export interface BuiltApp {
  /** Absolute path of its configuration. */
  readonly config: string
  /** What its executable carries; `null`: its files stand on the disk, beside the program. */
  readonly carried: MemoryFiles | null
}

/**
 * The build that this program is; `null` when it runs from its sources. A build has one configuration, and its Core cannot be led to
 * another one, neither by the working directory nor by its environment.
 *
 * @param asked what `createApp` was given as `config`
 * @throws ConfigError for another configuration than that of the build, and on another system than it is for
 */
export function builtApp(asked: string | undefined): BuiltApp | null {
  if (typeof SALLYPORT_BUILD === "undefined") return null
  // In an executable a path in it, which cannot exist: nobody can put a file there.
  const root = dirname(fileURLToPath(import.meta.url))
  const config = join(root, BUILT_CONFIG)
  const problem = problemOf(SALLYPORT_BUILD, root, asked)
  if (problem !== null) throw new ConfigError([{ code: "NOT_FOUND", file: config, path: null, message: problem }])
  return { config, carried: isSea() ? carriedFiles(root) : null }
}

/** Exported for its tests. */
export function problemOf(
  { config, cwd, platform }: BuildFacts,
  root: string,
  asked: string | undefined,
): string | null {
  if (platform !== null && platform !== process.platform)
    return `this app was built for ${platform}, whose configuration differs: build it on ${process.platform}`
  if (asked === undefined) return null
  const file = resolve(root, config)
  const meant = resolve(root, cwd, asked)
  if ([file, dirname(file), resolve(root, cwd)].includes(meant)) return null
  const written = relative(resolve(root, cwd), file).replaceAll("\\", "/")
  return (
    `createApp asks for ${asked}, and this app was built with ${written}: ` +
    `leave "config" out, or give that path, as it is or relative to import.meta.url`
  )
}

function carriedFiles(root: string): MemoryFiles {
  const names = JSON.parse(getAsset(FILE_LIST, "utf8")) as readonly string[]
  return new MemoryFiles(root, names, (name) => new Uint8Array(getRawAsset(name)))
}
