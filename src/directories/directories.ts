import { type BaseDirectory, ofVariable, readBaseDirectory } from "./base-directory.ts"
import type { PathStyle } from "./system.ts"
import { pathsOf, type System, THIS_SYSTEM } from "./system.ts"
import { windowsDirectory } from "./windows.ts"
import { xdgDirectory } from "./xdg.ts"

/** Directories of the app, below those of the user: Tauri puts the identifier under each. */
const OF_APP: Partial<Record<BaseDirectory, BaseDirectory>> & { readonly __proto__: null } = {
  __proto__: null,
  AppConfig: "Config",
  AppData: "Data",
  AppLocalData: "LocalData",
  AppCache: "Cache",
}

const MACOS: Partial<Record<BaseDirectory, string>> & { readonly __proto__: null } = {
  __proto__: null,
  Audio: "Music",
  Cache: "Library/Caches",
  Config: "Library/Application Support",
  Data: "Library/Application Support",
  LocalData: "Library/Application Support",
  Desktop: "Desktop",
  Document: "Documents",
  Download: "Downloads",
  Font: "Library/Fonts",
  Picture: "Pictures",
  Public: "Public",
  Video: "Movies",
}

export interface AppPlace {
  readonly identifier: string
  /** The folder of the configuration file, absolute: there is no bundle that Tauri's resource directory could be in. */
  readonly resources: string
}

/** Where Tauri's base directories are for one app and the user who runs it. Nothing is made, nothing need exist. */
export class Directories {
  readonly system: System
  /** How paths are written on this platform. */
  readonly paths: PathStyle
  readonly identifier: string
  readonly #resources: string

  constructor(app: AppPlace, system: System = THIS_SYSTEM) {
    this.identifier = app.identifier
    this.#resources = app.resources
    this.system = system
    this.paths = pathsOf(system.platform)
  }

  /**
   * The absolute path of a base directory.
   *
   * @param directory its name, or its number as pages send it
   * @throws Error "unknown path" where it is not set or the platform has none
   */
  path(directory: BaseDirectory | number): string {
    const name = typeof directory === "number" ? readBaseDirectory(directory) : directory
    const path = this.#find(name)
    if (path === null) throw new Error("unknown path")
    return path
  }

  /**
   * A path in a base directory. An absolute path stays what it is, except among the resources, where Tauri's bundler
   * puts it under `_root_` and each `..` under `_up_`.
   */
  resolve(directory: BaseDirectory | number, path: string): string {
    const base = this.path(directory)
    const { paths } = this
    const isResource = directory === "Resource" || directory === 11
    if (!isResource) return path === "" ? base : paths.isAbsolute(path) ? path : joined(paths, base, path)
    const { root } = paths.parse(path)
    const parts = components(path.slice(root.length), paths).map((part) => (part === ".." ? "_up_" : part))
    if (/[\\/]$/.test(root)) parts.unshift("_root_")
    return joined(paths, base, parts.join(paths.sep))
  }

  /**
   * `$APPDATA/notes` → absolute path: a variable counts as the whole first component only. Throws like `path`.
   *
   * @param quote for what reads the result as more than a path: applied to what the variable stands for
   */
  expand(path: string, quote: (path: string) => string = (base) => base): string {
    const [variable = ""] = /^[^\\/]*/.exec(path) ?? []
    const directory = ofVariable(variable)
    return directory === undefined ? path : `${quote(this.path(directory))}${path.slice(variable.length)}`
  }

  #find(name: BaseDirectory): string | null {
    const { paths, system, identifier } = this
    const base = OF_APP[name]
    if (base !== undefined) return below(paths, this.#find(base), identifier)
    switch (name) {
      case "AppLog":
        return system.platform === "darwin"
          ? paths.join(system.home, "Library/Logs", identifier)
          : below(paths, this.#find("LocalData"), paths.join(identifier, "logs"))
      case "Home":
        return system.home
      case "Temp":
        return system.temp
      case "Resource":
        return this.#resources
    }
    if (system.platform === "win32") return windowsDirectory(name, system)
    if (system.platform === "darwin") return below(paths, system.home, MACOS[name])
    return xdgDirectory(name, system)
  }
}

/** The components of a path that are not empty and not `.`, as Rust's `Path` tells them apart. */
export function components(path: string, paths: PathStyle): string[] {
  return path.split(paths.sep === "\\" ? /[\\/]/ : "/").filter((part) => part !== "" && part !== ".")
}

function below(paths: PathStyle, base: string | null, part: string | undefined): string | null {
  return base === null || part === undefined ? null : paths.join(base, part)
}

/** Not `join()`, which would do away with `..`: who checks paths must see it. */
function joined(paths: PathStyle, base: string, path: string): string {
  return `${base}${/[\\/]$/.test(base) || path === "" ? "" : paths.sep}${path}`
}
