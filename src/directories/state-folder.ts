import { homedir } from "node:os"
import { join } from "node:path"

/** Returns the folder in which apps of this user keep what is neither data nor settings, each in a folder of its identifier. */
export function stateFolder(): string {
  const { platform } = process
  const env: NodeJS.ProcessEnv = Object.assign(Object.create(null), process.env)
  if (platform === "win32") return env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local")
  if (platform === "darwin") return join(homedir(), "Library", "Application Support")
  return env.XDG_STATE_HOME || join(homedir(), ".local", "state")
}
