import { readFileSync } from "node:fs"
import { homedir, tmpdir } from "node:os"
import { posix, win32 } from "node:path"

/** What decides where the directories of a user are. Given by tests; otherwise this process's own. */
export interface System {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute path of the user's home. */
  readonly home: string
  readonly temp: string
  /** Text of a file; `null` where there is none that can be read. */
  read(file: string): string | null
}

export const THIS_SYSTEM: System = {
  platform: process.platform,
  get env() {
    return Object.assign(Object.create(null), process.env)
  },
  get home() {
    return homedir()
  },
  get temp() {
    return tmpdir()
  },
  read: (file) => {
    try {
      return readFileSync(file, "utf8")
    } catch {
      return null
    }
  },
}

/** The functions of `node:path`, for one way of writing paths. */
export type PathStyle = typeof posix

export function pathsOf(platform: NodeJS.Platform): PathStyle {
  return platform === "win32" ? win32 : posix
}
