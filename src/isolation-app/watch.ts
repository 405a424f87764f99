import { lstat, readdir } from "node:fs/promises"
import { join, resolve } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { type Build, type BuildOptions, buildIsolationApp } from "./build.ts"

export interface WatchOptions extends BuildOptions {
  /** Milliseconds between two looks at the source. Default: 150. */
  readonly interval?: number
}

export interface Watch {
  /** Ends it. Resolves when a build that is under way has ended. */
  close(): Promise<void>
}

/** More than any isolation app has. Their change is not seen. */
const MOST = 2000

/**
 * Builds an isolation app at once, and whenever its source has changed. What is wrong is reported, and leaves the last good build
 * where it is.
 *
 * @param report gets each build, or why there is none
 */
export function watchIsolationApp(options: WatchOptions, report: (result: Build | Error) => void): Watch {
  const ended = new AbortController()
  const watching = async (): Promise<void> => {
    let before: string | null = null
    while (!ended.signal.aborted) {
      // Looked at before it is built: a change while it is built is built next.
      const now = await snapshot(resolve(options.source))
      if (now !== before) report(await buildIsolationApp(options).catch(asError))
      before = now
      await wait(options.interval ?? 150, undefined, { signal: ended.signal }).catch(() => undefined)
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

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))

/**
 * Says how every file under a folder stands. Events of the system would be cheaper, and get lost: when an editor puts a new file in a
 * file's place, on network drives, in containers. A few files are looked at in no time.
 */
export async function snapshot(source: string): Promise<string> {
  const lines: string[] = []
  const waiting = [source]
  for (let folder = waiting.pop(); folder !== undefined && lines.length < MOST; folder = waiting.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      lines.push(`${folder} ${error.code}`)
      return []
    })
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith(".")) waiting.push(path)
      const found = await lstat(path, { bigint: true }).catch(() => null)
      lines.push(`${path} ${found?.ino} ${found?.size} ${found?.mtimeNs} ${found?.mode}`)
    }
  }
  return lines.sort().join("\n")
}
