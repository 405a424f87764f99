import type { Dirent } from "node:fs"
import { readdir } from "node:fs/promises"
import { join } from "node:path"

/** Built, fetched, or somebody else's. */
const SKIPPED = new Set([
  "node_modules",
  "target",
  "dist",
  "dist-app",
  "build",
  "out",
  "coverage",
  "vendor",
  "__tests__",
  "__mocks__",
  "__snapshots__",
])
/** Tests call commands that they answer themselves. */
const TEST = /\.(test|spec|e2e|stories|d)\.[cm]?[jt]sx?$/i
/** More than any frontend has of its own. */
const MOST = 5000

/**
 * The source files under a folder whose names end in one of these, in order. Links are not followed: they lead in circles, or
 * out. A folder that cannot be read has none.
 */
export async function listSources(
  root: string,
  ending: RegExp,
  except: ReadonlySet<string>,
): Promise<readonly string[]> {
  const files: string[] = []
  const waiting = [root]
  for (let folder = waiting.pop(); folder !== undefined && files.length < MOST; folder = waiting.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => [])
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (except.has(path)) continue
      if (entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith(".")) waiting.push(path)
      else if (entry.isFile() && ending.test(entry.name) && !TEST.test(entry.name)) files.push(path)
    }
  }
  return files.sort()
}
