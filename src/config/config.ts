import { resolve } from "node:path"
import type { Limits } from "../boundary/wire/limits.ts"
import type { MemoryFiles } from "../files/memory-files.ts"
import { ConfigError } from "./config-error.ts"
import { findConfigFile, findPlatformFile } from "./find-file.ts"
import { APP, PLUGINS, ROOT } from "./known-keys.ts"
import { mergePatch } from "./merge-patch.ts"
import { parseFile } from "./parse-file.ts"
import { Place, type Report } from "./place.ts"
import { type Build, readBuild } from "./read-build.ts"
import { type Identity, readIdentity } from "./read-identity.ts"
import { readLimits } from "./read-limits.ts"
import { readSecurity, type Security } from "./read-security.ts"
import { readWindows, type WindowConfig } from "./read-windows.ts"
import { isRecord, own } from "./records.ts"

export { ConfigError, type ConfigProblem, type ConfigProblemCode } from "./config-error.ts"
export type { AssetProtocolConfig, PathPatternConfig } from "./read-asset-protocol.ts"
export type { CapabilityConfig } from "./read-capability.ts"
export type { Csp, CspValue } from "./read-csp.ts"
export type { Pattern } from "./read-pattern.ts"
export type { PermissionConfig } from "./read-permissions.ts"
export { DEFAULT_WINDOW, readWindowOptions, type WindowConfig } from "./read-windows.ts"

/** What Sallyport takes from `tauri.conf.json`, checked, with Tauri's defaults and absolute paths. */
export interface Config extends Identity, Build, Security {
  /** Absolute path of the configuration file. Paths in it are relative to its folder. */
  readonly file: string
  readonly windows: readonly WindowConfig[]
  /** Whether pages have all of `@tauri-apps/api` as `window.__TAURI__`. */
  readonly withGlobalTauri: boolean
  /** `plugins.sallyport.limits`: what the file sets, in each limit's unit. */
  readonly limits: Partial<Limits>
  /** `plugins.<name>` of every other plugin, as it stands there: theirs to check. */
  readonly plugins: Readonly<Record<string, unknown>>
}

export interface ReadConfigOptions {
  /** The frontend comes from `build.devUrl`: a `build.frontendDist` that nobody has built yet is no error. */
  readonly dev?: boolean
  /** Nothing is served: whether `build.frontendDist` has been built does not matter. */
  readonly withoutFrontend?: boolean
  /** Where everything is read from, in place of the disk. `path` is then the absolute path of the file, and nothing is laid over it. */
  readonly files?: MemoryFiles | null
}

/**
 * Reads the configuration: finds the file, lays the platform file over it, checks what Sallyport reads, and leaves alone
 * what it does not. Reports all problems at once.
 *
 * @param path a file or a folder, relative to `cwd`; by default the file is looked for in `cwd` and its `src-tauri`
 * @throws ConfigError
 */
export async function readConfig(path?: string, cwd?: string, options: ReadConfigOptions = {}): Promise<Config> {
  const files = options.files ?? null
  const file = files !== null && path !== undefined ? path : await findConfigFile(path, resolve(cwd ?? process.cwd()))
  const problems: Report["problems"] = []
  const root = await readMerged(file, problems, files)
  stopAt(problems)

  const top = root.section(ROOT)
  const app = top("app").section(APP)
  const config: Config = {
    file,
    ...(await readIdentity(top, file)),
    ...(await readBuild(top("build"), file, options)),
    ...(await readSecurity(app("security"), file, problems, files)),
    windows: readWindows(app("windows")),
    withGlobalTauri: app("withGlobalTauri").boolean() ?? false,
    limits: readLimits(top("plugins").section(PLUGINS)("sallyport")),
    plugins: Object.fromEntries(
      top("plugins")
        .entries()
        .filter(([name]) => name !== "sallyport")
        .map(([name, { value }]) => [name, value]),
    ),
  }
  stopAt(problems)
  return config
}

async function readMerged(file: string, problems: Report["problems"], files: MemoryFiles | null): Promise<Place> {
  const platformFile = files === null ? await findPlatformFile(file) : null
  const base = await parseFile(file, problems, files)
  if (platformFile === null) return new Place(base, [], { problems, fileOf: () => file })
  const patch = await parseFile(platformFile, problems)
  const fileOf = (keys: readonly string[]): string => (decides(patch, keys) ? platformFile : file)
  return new Place(mergePatch(base, patch), [], { problems, fileOf })
}

/** Whether a merge patch, not what lies under it, says what stands at `keys`. */
function decides(patch: unknown, keys: readonly string[]): boolean {
  let value = patch
  for (const key of keys) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) break
    value = own(value, key)
  }
  return !isRecord(value)
}

function stopAt(problems: Report["problems"]): void {
  if (problems.length > 0) throw new ConfigError(problems)
}
