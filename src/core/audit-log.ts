import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { open } from "node:fs/promises"
import { DIAGNOSTICS_CHANNEL } from "./decisions.ts"

/** An audit log that is being written. */
export interface AuditLog {
  /** Resolves when everything decided so far is in the file. */
  close(): Promise<void>
}

/**
 * Appends every decision of this process to a file, as JSON lines with the time (ISO 8601, UTC). A new file can be read
 * by its owner only. Throws when the file cannot be opened; a write that fails later is told to `failed`, once.
 */
export async function openAuditLog(file: string, failed: (error: Error) => void): Promise<AuditLog> {
  const handle = await open(file, "a", 0o600)
  const stream = handle.createWriteStream()
  stream.once("error", failed)
  const write = (decision: unknown): void => {
    if (stream.writable)
      stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...(decision as object) })}\n`)
  }
  subscribe(DIAGNOSTICS_CHANNEL, write)
  return {
    close: () => {
      unsubscribe(DIAGNOSTICS_CHANNEL, write)
      return new Promise((resolve) => {
        stream.once("close", resolve)
        stream.end()
      })
    },
  }
}
