import fs, { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, beforeEach } from "node:test"
import { type AuditOptions, resolveAuditOptions } from "./audit-options.ts"
import { AuditWriter } from "./audit-writer.ts"

type Replacements = Readonly<Record<string, (original: never, ...args: never[]) => unknown>>

/** Has functions of `node:fs` fail, or do less, for as long as `act` runs: each gets the original first. */
export async function replaced(replacements: Replacements, act: () => Promise<void>): Promise<void> {
  const originals = Object.fromEntries(Object.keys(replacements).map((name) => [name, fs[name as keyof typeof fs]]))
  const changed = Object.entries(replacements).map(([name, replacement]) => [
    name,
    (...args: never[]) => replacement(originals[name] as never, ...args),
  ])
  Object.assign(fs, Object.fromEntries(changed))
  syncBuiltinESMExports()
  try {
    await act()
  } finally {
    Object.assign(fs, originals)
    syncBuiltinESMExports()
  }
}

/** An audit log for each test of a file, in a folder of its own. */
export interface TestLog {
  readonly folder: string
  readonly file: string
  /** What a person was told during the test. */
  readonly said: string[]
  open(options?: Partial<AuditOptions>): AuditWriter
  /** Names of the log's files, the oldest first. */
  files(): string[]
}

/** Makes the log's folder before each test, and removes all of them behind the last one. */
export function auditLogForTests(): TestLog {
  const root = mkdtempSync(join(tmpdir(), "sallyport-audit-"))
  const said: string[] = []
  let folder = root
  beforeEach(() => {
    folder = mkdtempSync(join(root, "log-"))
    said.length = 0
  })
  after(() => rmSync(root, { recursive: true, force: true }))
  return {
    get folder() {
      return folder
    },
    get file() {
      return join(folder, "audit.jsonl")
    },
    said,
    open: (options) =>
      new AuditWriter(resolveAuditOptions({ file: join(folder, "audit.jsonl"), ...options }), (line) =>
        said.push(line),
      ),
    files: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".jsonl"))
        .sort(),
  }
}
