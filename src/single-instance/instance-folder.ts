import { join } from "node:path"
import { dataFolder } from "../window/data-folder.ts"

/** Folder of an app's sockets. No scope opens it, because it is among the browser profiles (`src/directories/off-limits.ts`). No label has an `@`. */
export function instanceFolder(identifier: string): string {
  return join(dataFolder(), identifier, "windows", "@instances")
}
