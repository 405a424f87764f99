import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises"
import { dirname, join, relative, sep } from "node:path"
import { BUILT_CONFIG, PROGRAM } from "../../../built-app.ts"
import type { Config, ConfigProblem } from "../../../config/config.ts"
import { ConfigError } from "../../../config/config-error.ts"
import { listFiles } from "../../../config/list-files.ts"
import { isRecord, own } from "../../../config/records.ts"
import { CommandError } from "../../run-command.ts"

/** What stands in the folder of a build, by name, with `/`. */
export type Parts = Map<string, Uint8Array>

/** Everything of an app but its program: the names are those that `rewrittenConfig` gives. */
const FOLDER = BUILT_CONFIG.replace(/[^/]*$/, "")
const FRONTEND = "frontend"
export const ISOLATION = "isolation"

/** Names in a frontend's folder that no frontend has: it is the project's then. */
const NOT_FRONTENDS = ["node_modules", "src-tauri", "package.json"]

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const json = (value: unknown): Uint8Array => text(`${JSON.stringify(value, null, 2)}\n`)

/**
 * Reads what an app is made of.
 *
 * @param settings the configuration as it is written, with the platform's file laid over it
 * @param isolation the files of the isolation app, by name; `null`: brownfield
 * @param beside what the Core's modules read beside themselves: by name in the build, absolute paths
 * @throws CommandError, ConfigError
 */
export async function readParts(
  settings: unknown,
  config: Config & { readonly frontendDist: string },
  program: string,
  isolation: ReadonlyMap<string, Uint8Array> | null,
  beside: ReadonlyMap<string, string>,
): Promise<Parts> {
  const parts: Parts = new Map([
    [PROGRAM, text(program)],
    // Whatever stands above the folder, this is no script of the older format.
    ["package.json", json({ private: true, type: "module", main: PROGRAM })],
    [BUILT_CONFIG, json(rewrittenConfig(settings, config))],
  ])
  for (const [name, bytes] of await readRights(config.file)) parts.set(FOLDER + name, bytes)
  for (const [name, bytes] of isolation ?? []) parts.set(`${FOLDER}${ISOLATION}/${name}`, bytes)
  for (const [name, file] of await readFrontend(config.frontendDist)) {
    parts.set(`${FOLDER}${FRONTEND}/${name}`, await readFile(file))
  }
  for (const [name, file] of beside) {
    if (parts.has(name))
      throw new CommandError(`${file}: the build has a ${name} of its own: give this file another name`)
    parts.set(name, await readFile(file))
  }
  return new Map([...parts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The configuration as the build has it: the same, but for where things are, and nothing of how it is developed and built. */
export function rewrittenConfig(settings: unknown, { version, pattern }: Config): unknown {
  const root = isRecord(settings) ? settings : {}
  const app = copyOf(own(root, "app"))
  const security = copyOf(own(app, "security"))
  const isolated = pattern.use === "isolation" ? { pattern: { use: "isolation", options: { dir: ISOLATION } } } : {}
  return {
    ...root,
    // It may be the path of a file that is not in the build.
    ...(version === null ? {} : { version }),
    build: { frontendDist: FRONTEND },
    app: { ...app, security: { ...security, ...isolated } },
  }
}

const copyOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? { ...value } : {})

/** The files of `capabilities/` and `permissions/` beside the configuration. */
async function readRights(config: string): Promise<Parts> {
  const folder = dirname(config)
  const problems: ConfigProblem[] = []
  const files = [
    ...((await listFiles(join(folder, "capabilities"), ["json", "json5", "toml"], problems)) ?? []),
    ...((await listFiles(join(folder, "permissions"), ["json", "toml"], problems)) ?? []),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  const parts: Parts = new Map()
  for (const file of files) parts.set(relative(folder, file).replaceAll(sep, "/"), await readFile(file))
  return parts
}

/** The files that a page would get of a frontend's folder: none hidden, and none that a link leads out to. */
async function readFrontend(folder: string): Promise<ReadonlyMap<string, string>> {
  const root = await realpath(folder)
  const names = await readdir(root)
  const strange = names.find((name) => NOT_FRONTENDS.includes(name))
  if (strange !== undefined)
    throw new CommandError(
      `build.frontendDist is ${folder}, which holds ${strange}: name the folder of the built pages alone, for all of it goes into the build`,
    )
  if (!names.includes("index.html"))
    throw new CommandError(`build.frontendDist is ${folder}, which has no index.html: build the frontend first`)
  const files = new Map<string, string>()
  await addFiles(root, root, "", files)
  return files
}

async function addFiles(root: string, folder: string, start: string, files: Map<string, string>): Promise<void> {
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith(".") || name.includes("\\")) continue
    const path = join(folder, name)
    // Links to folders make loops; pages find files through them, and a build that lacks some would be another frontend.
    const isLink = (await lstat(path)).isSymbolicLink()
    const real = await realpath(path).catch(() => null)
    if (real === null || !real.startsWith(root + sep)) {
      if (isLink)
        throw new CommandError(`${path}: this link leads out of the frontend's folder: pages would not get it`)
      continue
    }
    const found = await stat(real)
    if (found.isFile()) files.set(start + name, real)
    else if (found.isDirectory() && isLink)
      throw new CommandError(`${path}: put the folder itself there, not a link to it`)
    else if (found.isDirectory()) await addFiles(root, path, `${start}${name}/`, files)
  }
}
