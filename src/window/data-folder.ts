import { homedir } from "node:os"
import { join } from "node:path"
import { ownEnvironment } from "./own-environment.ts"

/** The user's folder for application data, in which browser profiles are. */
export function dataFolder(): string {
  const { platform } = process
  const env = ownEnvironment()
  if (platform === "win32") return env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local")
  if (platform === "darwin") return join(homedir(), "Library", "Application Support")
  return env.XDG_DATA_HOME || join(homedir(), ".local", "share")
}
