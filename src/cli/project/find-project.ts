import { dirname, join, resolve } from "node:path"
import { ConfigError, type ConfigProblem } from "../../config/config-error.ts"
import { findPlatformFile, kindOf } from "../../config/find-file.ts"
import { mergePatch } from "../../config/merge-patch.ts"
import { parseFile } from "../../config/parse-file.ts"
import { at, isRecord, own } from "../../config/records.ts"

/** What runs the isolation app: Tauri, or a Core in TypeScript. */
export type Target = "tauri" | "sallyport"

/** An app as its configuration describes it. All paths are absolute. */
export interface Project {
  /** The folder that holds the app: the parent of `src-tauri`, else the folder of the configuration. */
  readonly root: string
  readonly config: string
  /** The configuration, with the platform's file laid over it, as it is written: nothing of it is checked. */
  readonly settings: unknown
  /** Told by a `Cargo.toml` beside the configuration. */
  readonly target: Target
  /** `app.security.pattern.use`; `null` when the configuration does not say. */
  readonly pattern: string | null
  /** `app.security.pattern.options.dir`, when that is a text. */
  readonly isolationDir: string | null
  /** `build.frontendDist`, when that is a folder and no URL. */
  readonly frontendDist: string | null
  /** Whether the frontend is built by something, so that its sources are elsewhere than in `frontendDist`. */
  readonly isFrontendBuilt: boolean
}

const NAMES = ["tauri.conf.json", "tauri.conf.json5", "Tauri.toml"]

/**
 * Finds the project that a file or folder belongs to: the configuration in it, in its `src-tauri`, or in the folders around
 * it and their `src-tauri`. `null` when there is none.
 *
 * @throws ConfigError UNREADABLE, SYNTAX
 */
export async function findProject(start: string): Promise<Project | null> {
  const config = await findConfig(resolve(start))
  return config === null ? null : readProject(config)
}

async function findConfig(start: string): Promise<string | null> {
  if ((await kindOf(start)) === "file" && /\.(json5?|toml)$/.test(start)) return start
  for (let folder = start; ; folder = dirname(folder)) {
    for (const place of [folder, join(folder, "src-tauri")]) {
      for (const name of NAMES) if ((await kindOf(join(place, name))) === "file") return join(place, name)
    }
    // What lies above a repository is somebody else's.
    if (dirname(folder) === folder || (await kindOf(join(folder, ".git"))) !== "nothing") return null
  }
}

async function readProject(config: string): Promise<Project> {
  const folder = dirname(config)
  const problems: ConfigProblem[] = []
  const platform = await findPlatformFile(config)
  const base = await parseFile(config, problems)
  const settings = platform === null ? base : mergePatch(base, await parseFile(platform, problems))
  if (problems.length > 0) throw new ConfigError(problems)

  const isTauri = (await kindOf(join(folder, "Cargo.toml"))) === "file"
  const inSrcTauri =
    folder.endsWith("src-tauri") || (isTauri && (await kindOf(join(folder, "..", "package.json"))) === "file")
  const pattern = at(settings, "app", "security", "pattern")
  const use = isRecord(pattern) ? own(pattern, "use") : null
  const frontendDist = path(folder, at(settings, "build", "frontendDist") ?? at(settings, "build", "frontend-dist"))
  const before = at(settings, "build", "beforeBuildCommand") ?? at(settings, "build", "before-build-command")
  return {
    root: inSrcTauri ? dirname(folder) : folder,
    config,
    settings,
    target: isTauri ? "tauri" : "sallyport",
    pattern: typeof use === "string" ? use : null,
    isolationDir: path(folder, at(pattern, "options", "dir")),
    frontendDist,
    isFrontendBuilt: before !== undefined && before !== null && before !== "",
  }
}

/** A folder as people write it: `\` separates, too. */
function path(folder: string, written: unknown): string | null {
  if (typeof written !== "string" || written === "" || /^[a-z][a-z\d+.-]+:/i.test(written)) return null
  return resolve(folder, written.replaceAll("\\", "/"))
}
