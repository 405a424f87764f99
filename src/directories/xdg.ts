import { posix } from "node:path"
import type { BaseDirectory } from "./base-directory.ts"
import type { System } from "./system.ts"

/** Key of `user-dirs.dirs`, without `XDG_` and `_DIR`. */
const USER_DIRECTORIES: Partial<Record<BaseDirectory, string>> & { readonly __proto__: null } = {
  __proto__: null,
  Audio: "MUSIC",
  Desktop: "DESKTOP",
  Document: "DOCUMENTS",
  Download: "DOWNLOAD",
  Picture: "PICTURES",
  Public: "PUBLICSHARE",
  Template: "TEMPLATES",
  Video: "VIDEOS",
}

/** XDG Base Directory Specification 0.8: a variable that is unset or no absolute path counts for nothing. */
const BASES: Partial<Record<BaseDirectory, readonly [variable: string, fallback: string | null]>> & {
  readonly __proto__: null
} = {
  __proto__: null,
  Cache: ["XDG_CACHE_HOME", ".cache"],
  Config: ["XDG_CONFIG_HOME", ".config"],
  Data: ["XDG_DATA_HOME", ".local/share"],
  LocalData: ["XDG_DATA_HOME", ".local/share"],
  Executable: ["XDG_BIN_HOME", ".local/bin"],
  Runtime: ["XDG_RUNTIME_DIR", null],
}

/** A directory of a user on Linux and other systems that follow the XDG specifications; `null`: not set. */
export function xdgDirectory(directory: BaseDirectory, system: System): string | null {
  const base = BASES[directory]
  if (base !== undefined) {
    const [variable, fallback] = base
    const value = Object.hasOwn(system.env, variable) ? system.env[variable] : undefined
    if (value !== undefined && posix.isAbsolute(value)) return value
    return fallback === null ? null : posix.join(system.home, fallback)
  }
  if (directory === "Font") return posix.join(xdgDirectory("Data", system) as string, "fonts")
  const key = USER_DIRECTORIES[directory]
  return key === undefined ? null : userDirectory(key, system)
}

/**
 * Looks into `user-dirs.dirs`, as `xdg-user-dirs` writes it: a shell fragment of `XDG_<KEY>_DIR="$HOME/<folder>"` or
 * `"/<folder>"`. `"$HOME/"` alone says that there is no such folder.
 */
function userDirectory(key: string, system: System): string | null {
  const file = posix.join(xdgDirectory("Config", system) as string, "user-dirs.dirs")
  const line = new RegExp(`^[ \\t]*XDG_${key}_DIR[ \\t]*=[ \\t]*"((?:[^"\\\\]|\\\\.)*)"`, "gm")
  // The shell would take the last one.
  const value = [...(system.read(file) ?? "").matchAll(line)].at(-1)?.[1]?.replaceAll(/\\(.)/g, "$1")
  if (value === undefined) return null
  if (value.startsWith("$HOME/")) return /^\$HOME\/+$/.test(value) ? null : posix.join(system.home, value.slice(6))
  return posix.isAbsolute(value) ? value : null
}
