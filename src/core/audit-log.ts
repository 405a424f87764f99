import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { resolve } from "node:path"
import type { FileIdentity } from "./audit-file.ts"
import { namesOfLog } from "./audit-file-names.ts"
import { type AuditOptions, resolveAuditOptions } from "./audit-options.ts"
import { AuditWriter } from "./audit-writer.ts"
import { DIAGNOSTICS_CHANNEL } from "./decisions.ts"

/** An audit log that is being written. */
export interface AuditLog {
  /** Absolute path of the newest file. */
  readonly file: string
  /** Matches the names of all its files, in the newest one's folder. */
  readonly names: RegExp
  /** The file that is written now, under whatever name it is by now; `null` when the log is closed. */
  readonly openFile: FileIdentity | null
  /** Resolves when everything decided so far is in the file. */
  close(): Promise<void>
}

/** Beyond this an entry's texts are cut: a page may call a command by a name of megabytes. In characters. */
const LONG_ENTRY = 64 * 1024
const LONG_TEXT = 1000

/**
 * Appends every decision of this process to a file, as JSON lines with the time (ISO 8601, UTC).
 *
 * @param say takes what a person should read: that the file cannot be written, and that it can again
 * @throws TypeError for options that it does not have; Error when the file cannot be written or is another process's
 */
export async function openAuditLog(options: string | AuditOptions, say: (line: string) => void): Promise<AuditLog> {
  const resolved = resolveAuditOptions(options)
  const writer = new AuditWriter(resolved, say)
  const write = (decision: unknown): void => {
    try {
      writer.append(entryOf(decision as object))
    } catch (error) {
      // Anybody can publish on the channel, and what a subscriber throws ends the process.
      say(`audit: a decision cannot be written down: ${error instanceof Error ? error.message : error}`)
    }
  }
  subscribe(DIAGNOSTICS_CHANNEL, write)
  return {
    file: resolve(resolved.file),
    names: namesOfLog(resolved.file),
    get openFile() {
      return writer.openFile
    },
    close: async () => {
      unsubscribe(DIAGNOSTICS_CHANNEL, write)
      writer.close()
    },
  }
}

function entryOf(decision: object): string {
  const entry = { time: new Date().toISOString(), ...decision }
  const json = JSON.stringify(entry)
  return json.length <= LONG_ENTRY ? json : JSON.stringify(entry, (_key, value: unknown) => shortened(value))
}

function shortened(value: unknown): unknown {
  if (typeof value !== "string" || value.length <= LONG_TEXT) return value
  return `${value.slice(0, LONG_TEXT)}… (${value.length} characters)`
}
