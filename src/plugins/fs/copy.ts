import { constants } from "node:fs"
import { openRegularFile } from "../../directories/pinned.ts"
import type { ResolvedPath } from "../../directories/real-path.ts"

const CHUNK_BYTES = 1024 * 1024

/** Copies a file's contents and permissions. Both are files that were checked, and the very ones. */
export async function copy(from: ResolvedPath, to: ResolvedPath, signal: AbortSignal): Promise<void> {
  const source = await openRegularFile(from, constants.O_RDONLY)
  try {
    const { mode, ino, dev } = await source.stat()
    const target = await openRegularFile(to, constants.O_WRONLY | constants.O_CREAT, mode & 0o777)
    try {
      const found = await target.stat()
      // Emptied, it would be lost.
      if (found.ino === ino && found.dev === dev) throw new Error("they are the same file")
      await target.truncate(0)
      const buffer = Buffer.alloc(CHUNK_BYTES)
      for (;;) {
        signal.throwIfAborted()
        const { bytesRead } = await source.read(buffer, 0, buffer.length)
        if (bytesRead === 0) break
        await target.writeFile(buffer.subarray(0, bytesRead))
      }
      await target.chmod(mode & 0o777)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
