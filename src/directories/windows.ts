import { win32 } from "node:path"
import type { BaseDirectory } from "./base-directory.ts"
import type { System } from "./system.ts"

/**
 * Where Windows has a directory unless its user moved it. (Only `SHGetKnownFolderPath` knows where to, and Node cannot
 * ask it.) Local and roaming data are what the environment says.
 */
const BELOW_PROFILE: Partial<Record<BaseDirectory, string>> & { readonly __proto__: null } = {
  __proto__: null,
  Audio: "Music",
  Desktop: "Desktop",
  Document: "Documents",
  Download: "Downloads",
  Picture: "Pictures",
  Video: "Videos",
}

/** A directory of a user on Windows; `null`: Windows has none. */
export function windowsDirectory(directory: BaseDirectory, { env: given, home }: System): string | null {
  const env: System["env"] = Object.assign(Object.create(null), given)
  const roaming = absolute(env.APPDATA) ?? win32.join(home, "AppData", "Roaming")
  const local = absolute(env.LOCALAPPDATA) ?? win32.join(home, "AppData", "Local")
  switch (directory) {
    case "Cache":
    case "LocalData":
      return local
    case "Config":
    case "Data":
      return roaming
    case "Public":
      return absolute(env.PUBLIC) ?? "C:\\Users\\Public"
    case "Template":
      return win32.join(roaming, "Microsoft", "Windows", "Templates")
  }
  const folder = BELOW_PROFILE[directory]
  return folder === undefined ? null : win32.join(home, folder)
}

function absolute(path: string | undefined): string | null {
  return path !== undefined && win32.isAbsolute(path) ? path : null
}
