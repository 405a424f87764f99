import { AuditFile, type FileIdentity } from "./audit-file.ts"
import { type ChainEnd, lineHash, linked } from "./audit-link.ts"
import type { ResolvedAuditOptions } from "./audit-options.ts"
import { recoverChain } from "./audit-recovery.ts"

/** Written at once, in bytes. */
const BATCH_BYTES = 256 * 1024
/** What may wait in memory while the file cannot be written, in bytes. What comes then is counted. */
const WAITING_BYTES = 4 * 1024 * 1024
/** How long after a failure the file is tried again, in ms. */
const RETRY_MS = 1000

/** The file cannot be written. */
interface Failure {
  /** ISO 8601. */
  readonly since: string
  readonly message: string
  /** Entries that had no room to wait. */
  lost: number
}

/**
 * Appends entries to an audit log, whole and in their order: through rotations, a disk that is full for a while, and what a
 * crash has left in mid-line. Writing is synchronous: at the latest when the work at hand is done, its entries are with the
 * system, and a crash of this process loses none.
 */
export class AuditWriter {
  readonly #file: AuditFile
  readonly #options: ResolvedAuditOptions
  readonly #say: (line: string) => void
  /** Texts of objects, without their links: what is lost must not be linked to. */
  #waiting: string[] = []
  #waitingBytes = 0
  #isScheduled = false
  #end: ChainEnd = { entry: 0, hash: null }
  #failure: Failure | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  /** The file's size at which a new one is due. */
  #rotateAt: number
  /** Lines in the newest file; those of an earlier run count as many. */
  #lines: number
  #couldRotate = true
  #isClosed = false
  readonly #onExit = (): void => {
    this.#flush(true)
    this.#file.close()
  }

  /** @throws Error when the file cannot be written, or is written by another process */
  constructor(options: ResolvedAuditOptions, say: (line: string) => void) {
    this.#options = options
    this.#say = say
    this.#rotateAt = options.maxBytes
    this.#file = new AuditFile(options, say)
    try {
      this.#lines = this.#file.size === 0 ? 0 : Number.POSITIVE_INFINITY
      this.#recover()
    } catch (error) {
      this.#file.close()
      throw error
    }
    process.once("exit", this.#onExit)
  }

  /** The file that is written now; `null` when the log is closed. */
  get openFile(): FileIdentity | null {
    return this.#isClosed ? null : this.#file.identity
  }

  /** @param json text of an object that has members */
  append(json: string): void {
    if (this.#failure !== null && (this.#failure.lost > 0 || this.#waitingBytes >= WAITING_BYTES)) {
      // From the first one on, so that the gap is one.
      this.#failure.lost++
      return
    }
    this.#enqueue(json)
    if (this.#waitingBytes >= BATCH_BYTES) this.#flush()
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      this.#flush()
    })
  }

  close(): void {
    clearTimeout(this.#retry)
    process.off("exit", this.#onExit)
    this.#flush(true)
    if (this.#options.chain && this.#failure === null) this.#enqueue(own("audit-closed"))
    this.#flush(true)
    clearTimeout(this.#retry)
    const missing = this.#waiting.length + (this.#failure?.lost ?? 0)
    if (missing > 0) this.#say(`audit: ${missing} entries could not be written to ${this.#file.path}, and are lost`)
    this.#sayEnd("ends")
    this.#isClosed = true
    this.#file.close()
  }

  /** Goes on where the log ends. A line that a crash has cut off stays as it is, as a line of its own. */
  #recover(): void {
    const { chain } = this.#options
    const tail = this.#file.readTail()
    const { end, after } = recoverChain(tail)
    const follows = tail.isFirst && this.#file.follows !== null ? { follows: this.#file.follows } : {}
    if (chain) this.#end = end
    this.#sayEnd("goes on")
    if (tail.torn !== null) {
      const { error } = this.#file.write(Buffer.from("\n"))
      if (error !== null)
        throw new Error(`${this.#file.path} ends in mid-line, and cannot be written: ${error.message}`)
      const { length } = tail.torn
      this.#enqueue(own("audit-recovered", chain ? { bytes: length, after, ...follows } : { bytes: length }))
    }
    if (chain) this.#enqueue(own("audit-opened", { pid: process.pid, ...(tail.torn === null ? follows : {}) }))
    this.#flush()
  }

  /** What a new file begins with by itself. */
  get #ownLines(): number {
    return this.#options.chain ? 1 : 0
  }

  #enqueue(json: string): void {
    this.#waiting.push(json)
    this.#waitingBytes += json.length
  }

  #flush(isLast = false): void {
    if (this.#failure !== null && this.#retry !== undefined && !isLast) return
    while (this.#waiting.length > 0) if (!this.#writeSome()) return
    if (this.#failure === null) return
    const { since, message, lost } = this.#failure
    this.#failure = null
    this.#say(`audit: ${this.#file.path} is written again; ${lost} entries are lost`)
    this.#enqueue(own("audit-resumed", { since, error: message, lost }))
    this.#flush(isLast)
  }

  /** @returns whether it went well */
  #writeSome(): boolean {
    const lost = this.#file.lost
    if (lost !== null) return this.#beginAgain(lost)
    const lines: Buffer[] = []
    /** Where the chain ends behind each. */
    const ends: ChainEnd[] = []
    let [bytes, end] = [0, this.#end]
    for (const json of this.#waiting) {
      const text = this.#options.chain ? linked(json, end) : json
      const line = Buffer.from(`${text}\n`)
      const isTooMuch = this.#file.size + bytes + line.length > this.#rotateAt
      // An entry that no file has room for has one of its own.
      if (isTooMuch && this.#lines + lines.length > this.#ownLines) {
        if (bytes > 0) break
        if (this.#rotate()) return true
      }
      if (this.#options.chain) end = { entry: end.entry + 1, hash: lineHash(text) }
      lines.push(line)
      ends.push(end)
      bytes += line.length
      if (bytes >= BATCH_BYTES) break
    }
    const { written, error } = this.#file.write(Buffer.concat(lines))
    let [whole, wholeBytes] = [0, 0]
    for (const { length } of lines) {
      if (wholeBytes + length > written) break
      wholeBytes += length
      whole++
    }
    if (whole > 0) {
      for (const json of this.#waiting.splice(0, whole)) this.#waitingBytes -= json.length
      this.#end = ends[whole - 1] ?? this.#end
      this.#lines += whole
    }
    if (error === null) return true
    this.#file.takeBack(written - wholeBytes)
    this.#failed(error)
    return false
  }

  /**
   * Goes on in a new file, and says so there and in the app's log. The chain goes on, too, so that the new file shows how many
   * entries went with the old one. Where there can be no new file, entries wait for it.
   *
   * @returns whether it went well
   */
  #beginAgain(lost: "deleted" | "replaced"): boolean {
    let moved: string | null
    try {
      moved = this.#file.beginAgain()
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)))
      return false
    }
    this.#say(
      `audit: ${this.#file.path} was ${lost} while the app ran: what was written before is gone with it, and the log goes on in a new file` +
        (moved === null ? "" : `; what was found in its place is ${moved} now`),
    )
    this.#startFile(own("audit-replaced", { was: lost, ...(moved === null ? {} : { moved }) }))
    return true
  }

  /** @returns whether there is a new file */
  #rotate(): boolean {
    try {
      this.#file.rotate()
    } catch (error) {
      if (this.#couldRotate)
        this.#say(`audit: ${this.#file.path} grows on, for no new file can be begun: ${(error as Error).message}`)
      this.#couldRotate = false
      this.#rotateAt = this.#file.size + this.#options.maxBytes / 10
      return false
    }
    this.#startFile(this.#options.chain ? own("audit-rotated", { follows: this.#file.follows }) : null)
    return true
  }

  /** @param json entry that a new file begins with */
  #startFile(json: string | null): void {
    this.#couldRotate = true
    this.#rotateAt = this.#options.maxBytes
    this.#lines = 0
    if (json === null) return
    this.#waiting.unshift(json)
    this.#waitingBytes += json.length
  }

  #failed({ message }: Error): void {
    if (this.#failure === null) {
      this.#failure = { since: new Date().toISOString(), message, lost: 0 }
      this.#say(
        `audit: ${this.#file.path} cannot be written: ${message}. Up to ${WAITING_BYTES / 1024 / 1024} MiB of entries wait; it is tried again each second.`,
      )
    }
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.#flush()
    }, RETRY_MS)
    this.#retry.unref()
  }

  /** To where the app's log goes, which is another place: who cuts off the log's end does not reach what stands there. */
  #sayEnd(what: string): void {
    const { entry, hash } = this.#end
    if (this.#options.chain && entry > 0)
      this.#say(`audit: ${this.#file.path} ${what} at entry ${entry}, sha256 ${hash}`)
  }
}

/** An entry about the log itself. */
function own(kind: string, members: object = {}): string {
  return JSON.stringify({ time: new Date().toISOString(), kind, ...members })
}
