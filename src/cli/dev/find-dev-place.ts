import { basename, dirname, join, resolve } from "node:path"
import { type Config, type ReadConfigOptions, readConfig } from "../../config/config.ts"
import { kindOf } from "../../config/find-file.ts"
import { snapshot } from "../../isolation-app/watch.ts"
import { findBuildPlace, sourcesIn } from "../build/find-source.ts"
import { findProject, type Project } from "../project/find-project.ts"
import { CommandError } from "../run-command.ts"
import { type Look, lookAtFiles } from "./watch-for.ts"

/** What is developed. All paths are absolute. */
export interface DevPlace {
  readonly project: Project
  readonly config: Config
  /** The isolation app's folder; `null`: brownfield. */
  readonly isolationDir: string | null
  /** What it is built from; `null`: it is not built. */
  readonly source: string | null
}

/**
 * Finds what is to be run.
 *
 * @throws CommandError, ConfigError
 */
export async function findDevPlace(
  start: string,
  src: string | undefined,
  options: ReadConfigOptions = { dev: true },
): Promise<DevPlace> {
  if ((await kindOf(start)) === "nothing") throw new CommandError(`${resolve(start)}: there is no such file or folder`)
  const project = await findProject(start)
  if (project === null)
    throw new CommandError(`${resolve(start)}: found no tauri.conf.json here, in src-tauri, or in the folders above`)
  const config = await readConfig(project.config, undefined, options)
  const { pattern } = config
  const isolationDir = pattern.use === "isolation" ? pattern.dir : null
  return { project, config, isolationDir, source: await sourceOf(project, start, src, isolationDir) }
}

async function sourceOf(
  project: Project,
  start: string,
  src: string | undefined,
  dir: string | null,
): Promise<string | null> {
  if (src === undefined && (dir === null || (await sourcesIn(project)).length === 0)) return null
  return (await findBuildPlace(start, src)).source
}

/** How the configuration stands: its file, the platform's beside it, capabilities and permissions. */
export async function lookAtConfig(file: string): Promise<Look> {
  const folder = dirname(file)
  const [base = ""] = basename(file).split(".")
  const platforms = ["linux", "macos", "windows"].flatMap((name) =>
    ["json", "json5"].map((ending) => join(folder, `${base}.${name}.conf.${ending}`)),
  )
  const [files, ...folders] = await Promise.all([
    lookAtFiles([file, ...platforms]),
    lookAtFolder(join(folder, "capabilities")),
    lookAtFolder(join(folder, "permissions")),
  ])
  return new Map([...files, ...folders.flatMap((look) => [...look])])
}

/** How a folder stands, as one thing. */
export async function lookAtFolder(folder: string): Promise<Look> {
  return new Map([[folder, await snapshot(folder)]])
}
