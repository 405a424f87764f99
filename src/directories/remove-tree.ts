import { readdir, rmdir, unlink } from "node:fs/promises"
import { join } from "node:path"
import { enter } from "./pinned.ts"

/**
 * Removes a directory with all it holds. Links in it are removed, not followed, not even one that takes the place of a
 * folder while this runs, as `fs.rm` would follow it.
 *
 * @param at as `inParent` gives it
 */
export async function removeTree(at: string): Promise<void> {
  await enter(at, async (inside) => {
    for (const entry of await readdir(inside, { withFileTypes: true, recursive: false })) {
      const path = join(inside, entry.name)
      if (entry.isDirectory()) await removeTree(path)
      else await unlink(path)
    }
  })
  await rmdir(at)
}
