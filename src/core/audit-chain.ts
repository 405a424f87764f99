import { type Line, readLines } from "./audit-lines.ts"
import { type ChainEnd, type Link, readLink } from "./audit-link.ts"

/** What can be wrong with a chain. */
export type ChainProblemCode =
  | "CHANGED"
  | "MISSING"
  | "OUT_OF_ORDER"
  | "NOT_JSON"
  | "NOT_CHAINED"
  | "BEGINNING_CUT"
  | "END_CUT"
  | "NOT_AS_EXPECTED"

/** A place where a log is not what was written. */
export interface ChainProblem {
  readonly code: ChainProblemCode
  /** `null` where it concerns no place. Line and column are counted from 1; the column in UTF-16 units. */
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly message: string
}

/** What an audit log is found to be. */
export interface ChainReport {
  /** Entries that are linked. */
  readonly entries: number
  /** Number of the first entry; `null` when there is none. */
  readonly first: number | null
  readonly last: ChainEnd | null
  readonly problems: readonly ChainProblem[]
  /** What is no problem by itself, but good to know. */
  readonly notes: readonly string[]
}

/** Problems that are listed; a log that is all wrong has one for each line. */
const MOST_PROBLEMS = 1000

/**
 * Checks that each entry of an audit log names the one before it by its hash, through all its files, oldest first. It
 * streams: memory does not depend on the log's size.
 *
 * What it cannot see: a beginning or an end that was cut off whole lines at a time, and a log that somebody wrote anew from
 * some entry on, for anybody can hash. `expected` shows these: hashes of entries, noted elsewhere, that must be there.
 *
 * @throws Error of `node:fs` when a file cannot be read
 */
export async function verifyAuditLog(files: readonly string[], expected: readonly string[] = []): Promise<ChainReport> {
  const check = new ChainCheck(expected)
  for (const file of files) {
    check.begin(file)
    for await (const line of readLines(file)) check.take(line)
  }
  return check.finish()
}

class ChainCheck {
  readonly #problems: ChainProblem[] = []
  readonly #notes: string[] = []
  readonly #expected: Set<string>
  #file = ""
  #entries = 0
  #first: number | null = null
  /** The last entry that is linked, and its kind. */
  #end: (ChainEnd & { readonly kind: string; readonly file: string; readonly line: number }) | null = null
  /** The last line that is no entry of a chain, until the one behind it says whether that is in order. */
  #odd: {
    readonly file: string
    readonly line: Line
    readonly code: ChainProblemCode
    readonly column: number
  } | null = null
  /** Lines since the last entry that are none, and the hash of the last of them. */
  #oddLines = 0
  #oddHash: string | null = null

  constructor(expected: readonly string[]) {
    this.#expected = new Set(expected)
  }

  begin(file: string): void {
    this.#file = file
  }

  take(line: Line): void {
    this.#expected.delete(line.hash)
    const parsed = parse(line)
    const link = "value" in parsed ? readLink(parsed.value) : null
    if (link === null) {
      this.#judgeOdd(null)
      const code = "value" in parsed ? "NOT_CHAINED" : "NOT_JSON"
      this.#odd = { file: this.#file, line, code, column: "value" in parsed ? 1 : parsed.column }
      this.#oddLines++
      this.#oddHash = line.hash
      if (!line.isEnded) this.#odd = null
    } else {
      const isInOrder = this.#judgeOdd(link)
      this.#judge(line, link, isInOrder)
      this.#entries++
      this.#first ??= link.entry
      this.#end = { entry: link.entry, hash: line.hash, kind: link.kind, file: this.#file, line: line.number }
      this.#oddLines = 0
    }
    if (!line.isEnded)
      this.#found(
        "END_CUT",
        line,
        (line.text?.length ?? 0) + 1,
        "the last line has no end: the app is writing it, has crashed in it, or something cut it off",
      )
  }

  finish(): ChainReport {
    this.#judgeOdd(null)
    if (this.#entries === 0)
      this.#add(null, null, null, "NOT_CHAINED", "no entry is linked to another: the app's option audit.chain is off")
    else if (this.#end?.kind !== "audit-closed")
      this.#noted("the last entry does not close the log: the app runs, has been killed, or the end was cut off")
    for (const hash of this.#expected)
      this.#add(
        null,
        null,
        null,
        "NOT_AS_EXPECTED",
        `no entry has the expected hash ${hash}: it was cut off or changed`,
      )
    const { entry, hash } = this.#end ?? { entry: 0, hash: null }
    return {
      entries: this.#entries,
      first: this.#first,
      last: this.#end === null ? null : { entry, hash },
      problems: this.#problems,
      notes: this.#notes,
    }
  }

  /**
   * Judges the line before, when it was no entry: one that a crash has cut off is in order where the next entry says so.
   *
   * @returns whether the next one may be linked to it
   */
  #judgeOdd(next: Link | null): boolean {
    const odd = this.#odd
    this.#odd = null
    if (odd === null) return false
    if (this.#end === null && (next === null || next.entry === 1)) return true
    const { line, file } = odd
    if (next?.kind === "audit-recovered" && next.previous === line.hash && this.#oddLines === 1) {
      if (this.#end === null || (next.after === this.#end.hash && next.entry === this.#end.entry + 1)) {
        this.#noted(`${file}:${line.number}: a crash cut this line off, and the entry behind it says so`)
        return true
      }
    }
    const message =
      odd.code === "NOT_JSON"
        ? "this line is no JSON: it was changed or added"
        : "this line is no entry of the chain: it was changed or added, or written while audit.chain was off"
    this.#add(file, line.number, odd.column, odd.code, message)
    return false
  }

  #judge(line: Line, link: Link, isAfterOdd: boolean): void {
    const end = this.#end
    if (isAfterOdd && end !== null) return
    if (end === null) return this.#judgeFirst(line, link)
    const next = end.entry + 1
    const at = (name: string): number => columnOf(line, name)
    if (link.kind === "audit-replaced")
      this.#noted(
        `${this.#file}:${line.number}: the log's file was deleted or replaced while the app ran, and what was written to it is in no file of the log unless that file was given`,
      )
    // A line that is no entry stands for one that was changed, or for none and was added: what follows may show either.
    const isDue = link.entry >= next && link.entry <= next + this.#oddLines
    if (!isDue && link.entry > next)
      return this.#found(
        "MISSING",
        line,
        at("entry"),
        `${missing(next, link.entry - 1)} before this one, entry ${link.entry}`,
      )
    if (!isDue)
      return this.#found(
        "OUT_OF_ORDER",
        line,
        at("entry"),
        `entry ${link.entry} stands behind entry ${end.entry}: lines were moved or repeated, or a log was begun anew in this one`,
      )
    if (link.previous !== end.hash && this.#oddLines === 0)
      return this.#found(
        "CHANGED",
        line,
        at("previous"),
        `this entry names ${link.previous} as the hash of entry ${end.entry}, and line ${end.line} of ${end.file} has ${end.hash}: one of the two lines was changed`,
      )
    if (link.kind === "audit-opened" && end.kind !== "audit-closed" && end.kind !== "audit-recovered")
      this.#noted(
        `${this.#file}:${line.number}: the run before ended without closing the log: it was killed, or its end was cut off`,
      )
  }

  #judgeFirst(line: Line, link: Link): void {
    const { entry, previous, follows, kind } = link
    if (kind === "audit-replaced" && entry > 1)
      return this.#found(
        "BEGINNING_CUT",
        line,
        columnOf(line, "entry"),
        `the log begins with entry ${entry}: its file was deleted or replaced while the app ran, and the entries before it were in that file`,
      )
    if (this.#oddLines > 0 && entry === 1) {
      if (previous !== this.#oddHash)
        return this.#found(
          "CHANGED",
          line,
          columnOf(line, "previous"),
          "the chain begins here, and the line before is not the one that it began behind",
        )
      return this.#noted(
        `${this.#file}: the ${this.#oddLines} lines before entry 1 are from before the chain: nothing but the last of them is protected`,
      )
    }
    if (entry === 1 && previous === null) return
    if (follows !== null && this.#oddLines <= 1) {
      return this.#noted(
        `${this.#file} begins with entry ${entry} and follows ${follows}: the entries before it are in files that were not given, or that were deleted for their age`,
      )
    }
    this.#found(
      "BEGINNING_CUT",
      line,
      columnOf(line, entry === 1 ? "previous" : "entry"),
      `the log begins with entry ${entry}, which is not the first one of a file: lines before it were cut off`,
    )
  }

  #found(code: ChainProblemCode, line: Line, column: number, message: string): void {
    this.#add(this.#file, line.number, column, code, message)
  }

  #noted(text: string): void {
    if (this.#notes.length < MOST_PROBLEMS) this.#notes.push(text)
  }

  #add(file: string | null, line: number | null, column: number | null, code: ChainProblemCode, message: string): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ code, file, line, column, message })
  }
}

function parse({ text }: Line): { readonly value: unknown } | { readonly column: number } {
  if (text === null) return { column: 1 }
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    // Where the engine tells it; of an unexpected character it does not always.
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1]
    return { column: Number(position ?? 0) + 1 }
  }
}

function missing(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`
}

/** Where a member's value stands. Links are written before all else, so that their text holds no other of their names. */
function columnOf({ text }: Line, name: string): number {
  const at = text?.indexOf(`"${name}":`) ?? -1
  return at === -1 ? 1 : at + name.length + 4
}
