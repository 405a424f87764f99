import { stat } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { ConfigError } from "./config-error.ts"

const NAMES = ["tauri.conf.json", "tauri.conf.json5"]
const PLATFORM = { win32: "windows", darwin: "macos", android: "android" }[process.platform as string] ?? "linux"

/**
 * The absolute path of the configuration file: `path` when it is a file, else the first of `tauri.conf.json` and
 * `tauri.conf.json5` in `path` (a folder; `cwd` by default), then in its `src-tauri`.
 *
 * @throws ConfigError NOT_FOUND
 */
export async function findConfigFile(path: string | undefined, cwd: string): Promise<string> {
  const start = path === undefined ? cwd : resolve(cwd, path)
  if (path !== undefined) {
    const kind = await kindOf(start)
    if (kind === "nothing") throw notFound(start, "there is no such file or folder")
    if (start.endsWith(".toml")) throw notFound(start, "TOML is not read: write the configuration as JSON or JSON5")
    if (kind === "file") return start
  }
  const candidates = [start, join(start, "src-tauri")].flatMap((folder) => NAMES.map((name) => join(folder, name)))
  for (const candidate of candidates) if ((await kindOf(candidate)) === "file") return candidate
  throw notFound(
    start,
    `found no configuration: looked for ${candidates.map((file) => file.slice(start.length + 1)).join(", ")}`,
  )
}

/**
 * The platform file beside a configuration file (`tauri.linux.conf.json` or `.json5`), or `null`. Only a file of Tauri's
 * name has one: `tauri.conf.json` or `tauri.conf.json5`.
 */
export async function findPlatformFile(file: string): Promise<string | null> {
  if (!NAMES.includes(basename(file))) return null
  for (const name of NAMES) {
    const candidate = join(dirname(file), name.replace(".", `.${PLATFORM}.`))
    if ((await kindOf(candidate)) === "file") return candidate
  }
  return null
}

/** What stands at `path`, links followed. */
export async function kindOf(path: string): Promise<"file" | "folder" | "nothing"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file"
  } catch {
    return "nothing"
  }
}

function notFound(file: string, message: string): ConfigError {
  return new ConfigError([{ code: "NOT_FOUND", file, path: null, message }])
}
