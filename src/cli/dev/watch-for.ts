import { stat } from "node:fs/promises"
import { setTimeout as wait } from "node:timers/promises"

/** Between two looks, in ms. Events of the system get lost: see src/isolation-app/watch.ts. */
const LOOK_MS = 150

/** How things stand, by what they are called. */
export type Look = ReadonlyMap<string, string>

/** A watch that can be ended. */
export interface Watching {
  close(): Promise<void>
}

/**
 * Looks again and again, and tells which of the things that were there at the last look are otherwise now, once they no longer
 * change: editors write a file in steps.
 */
export function watchFor(look: () => Promise<Look>, changed: (names: readonly string[]) => void): Watching {
  const ended = new AbortController()
  const watching = async (): Promise<void> => {
    const differing = new Set<string>()
    for (let before = await look(); !ended.signal.aborted; ) {
      await wait(LOOK_MS, undefined, { signal: ended.signal }).catch(() => undefined)
      const now = await look()
      const moved = [...before]
        .filter(([name, stamp]) => now.has(name) && now.get(name) !== stamp)
        .map(([name]) => name)
      for (const name of moved) differing.add(name)
      before = now
      if (moved.length > 0 || differing.size === 0 || ended.signal.aborted) continue
      changed([...differing])
      differing.clear()
    }
  }
  const done = watching()
  return {
    close: async () => {
      ended.abort()
      await done
    },
  }
}

/** How files stand. */
export async function lookAtFiles(files: Iterable<string>): Promise<Look> {
  const stamps = [...files].map(async (file): Promise<[string, string]> => {
    const found = await stat(file, { bigint: true }).catch(() => null)
    return [file, `${found?.ino} ${found?.size} ${found?.mtimeNs}`]
  })
  return new Map(await Promise.all(stamps))
}
