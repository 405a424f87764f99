import {
  type BigIntStats,
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs"
import { basename, dirname } from "node:path"
import { type OlderFile, olderFile, olderFiles } from "./audit-file-names.ts"
import { readTail, type Tail } from "./audit-tail.ts"
import { lockFile } from "./file-lock.ts"

/** What a file is, whatever it is called. */
export type FileIdentity = Pick<BigIntStats, "dev" | "ino">

export interface AuditFileOptions {
  readonly file: string
  /** How many files are kept, the newest included. */
  readonly maxFiles: number
}

/** An audit log's newest file, open for writing, and the older ones beside it. Nobody else writes it meanwhile. */
export class AuditFile {
  readonly path: string
  readonly #maxFiles: number
  readonly #say: (line: string) => void
  #unlock: () => void
  readonly #older: OlderFile[]
  #handle: number
  #identity: FileIdentity
  #size: number
  /** Bytes that are whole lines, when what stands behind them could not be cut off yet. */
  #wholeBytes: number | null = null

  /** @throws Error when it cannot be written, or is written by another process */
  constructor({ file, maxFiles }: AuditFileOptions, say: (line: string) => void) {
    this.path = file
    this.#maxFiles = maxFiles
    this.#say = say
    requirePlace(file)
    this.#unlock = lockFile(file)
    try {
      this.#handle = openSync(file, "a+", 0o600)
      const { size, mode } = fstatSync(this.#handle)
      this.#identity = identityOf(this.#handle)
      this.#size = size
      if (process.platform !== "win32" && (mode & 0o077) !== 0)
        say(`audit: ${file} can be read by other users of this machine: chmod 600 ${file}`)
      this.#older = olderFiles(file)
    } catch (error) {
      this.#unlock()
      throw error
    }
  }

  get size(): number {
    return this.#size
  }

  /** Device and inode of the file that is written. */
  get identity(): FileIdentity {
    return this.#identity
  }

  /**
   * What has become of the file that is written: nothing is at its path any more, or something else is. `null`: it is in its
   * place, or the system does not say.
   */
  get lost(): "deleted" | "replaced" | null {
    try {
      const found = statSync(this.path, { bigint: true, throwIfNoEntry: false })
      if (found === undefined) return "deleted"
      return found.dev === this.#identity.dev && found.ino === this.#identity.ino ? null : "replaced"
    } catch {
      return null
    }
  }

  /** The name of the newest older file; `null` when there is none. */
  get follows(): string | null {
    const newest = this.#older.at(-1)
    return newest === undefined ? null : basename(newest.path)
  }

  /** How the newest file ends; and where it holds no whole line, the last one of the file before it. */
  readTail(): Tail & { readonly isFirst: boolean } {
    const { last, torn } = readTail(this.#handle, this.path)
    const newest = this.#older.at(-1)
    if (last !== null || newest === undefined) return { last, torn, isFirst: last === null }
    const handle = openSync(newest.path, "r")
    try {
      return { last: readTail(handle, newest.path).last, torn, isFirst: true }
    } finally {
      closeSync(handle)
    }
  }

  /** @returns how many bytes are in the file now, and what kept the others out */
  write(bytes: Uint8Array): { readonly written: number; readonly error: Error | null } {
    let written = 0
    try {
      this.#cut()
      while (written < bytes.length) written += writeSync(this.#handle, bytes, written)
    } catch (error) {
      this.#size += written
      return { written, error: error instanceof Error ? error : new Error(String(error)) }
    }
    this.#size += written
    return { written, error: null }
  }

  /** Takes the last bytes out again: the beginning of a line that could not be written whole. */
  takeBack(bytes: number): void {
    if (bytes === 0) return
    this.#wholeBytes = this.#size - bytes
    try {
      this.#cut()
    } catch {
      // Before the next line is written.
    }
  }

  #cut(): void {
    if (this.#wholeBytes === null) return
    ftruncateSync(this.#handle, this.#wholeBytes)
    this.#size = this.#wholeBytes
    this.#wholeBytes = null
  }

  /**
   * Begins a new file and gives the old one the next number. Whatever fails, and wherever a crash comes between: every line
   * stands in one of them, and is written to the old one while there is no new one.
   *
   * @throws Error when there can be no new file
   */
  rotate(): void {
    this.#cut()
    this.#begin(this.#nextOlder())
  }

  /**
   * Begins a new file because the one that is written has been deleted or replaced. What is in its place gets the next number,
   * as a full file would: it may be a copy of the log.
   *
   * @returns the name that what was found has now; `null`: nothing was
   * @throws Error when there can be no new file, and when another process writes it by now
   */
  beginAgain(): string | null {
    // The lock may be gone with the file.
    this.#unlock()
    this.#unlock = lockFile(this.path)
    const older = lstatSync(this.path, { throwIfNoEntry: false }) === undefined ? null : this.#nextOlder()
    this.#begin(older)
    this.#wholeBytes = null
    return older === null ? null : basename(older.path)
  }

  /** @param older what the file at the path becomes; `null`: there is none */
  #begin(older: OlderFile | null): void {
    const next = `${this.path}.new`
    rmSync(next, { force: true })
    const handle = openSync(next, "ax+", 0o600)
    try {
      if (older !== null) renameSync(this.path, older.path)
      try {
        renameSync(next, this.path)
      } catch (error) {
        if (older !== null) renameSync(older.path, this.path)
        throw error
      }
    } catch (error) {
      closeSync(handle)
      rmSync(next, { force: true })
      throw error
    }
    closeSync(this.#handle)
    this.#handle = handle
    this.#identity = identityOf(handle)
    this.#size = 0
    if (older !== null) this.#older.push(older)
    while (this.#older.length >= this.#maxFiles) this.#delete(this.#older.shift() as OlderFile)
  }

  /** Never one that is there already, by whomever. */
  #nextOlder(): OlderFile {
    let older = olderFile(this.path, (this.#older.at(-1)?.number ?? 0) + 1)
    while (existsSync(older.path)) older = olderFile(this.path, older.number + 1)
    return older
  }

  #delete({ path }: OlderFile): void {
    try {
      rmSync(path, { force: true })
    } catch (error) {
      this.#say(`audit: ${path} is too old and cannot be deleted: ${(error as Error).message}`)
    }
  }

  close(): void {
    try {
      fdatasyncSync(this.#handle)
    } catch (error) {
      this.#say(`audit: ${this.path} may not be on the disk: ${(error as Error).message}`)
    }
    closeSync(this.#handle)
    this.#unlock()
  }
}

function identityOf(handle: number): FileIdentity {
  const { dev, ino } = fstatSync(handle, { bigint: true })
  return { dev, ino }
}

/** @throws Error where there can be no log, with what to do */
function requirePlace(file: string): void {
  const folder = dirname(file)
  if (!existsSync(folder))
    throw Object.assign(new Error(`ENOENT: the audit log ${file} has no folder ${folder}: make it first`), {
      code: "ENOENT",
    })
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile() === false)
    throw new Error(
      `${file} is ${stats.isDirectory() ? "a folder" : "no regular file"}: the audit log needs a file of its own; ` +
        `to send decisions elsewhere, subscribe to the diagnostics channel`,
    )
}
