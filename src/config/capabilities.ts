import { readdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Place } from "./place.ts"

/**
 * Whether there are any capabilities: listed in the file, or as files under `capabilities/` beside it. A link counts,
 * wherever it leads: what cannot be told apart must not be overlooked.
 */
export async function findCapabilities(place: Place, file: string): Promise<boolean> {
  const listed = place.list("a list of capabilities").length > 0
  const folder = join(dirname(file), "capabilities")
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return listed || entries.some((entry) => entry.isSymbolicLink() || (entry.isFile() && isCapability(entry.name)))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== "ENOENT" && code !== "ENOTDIR") place.report("UNREADABLE", `${folder} cannot be read: ${message}`)
    return listed
  }
}

const isCapability = (name: string): boolean => /\.(json5?|toml)$/.test(name)
