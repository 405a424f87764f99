import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"

/** A line of a file. */
export interface Line {
  /** Counted from 1. */
  readonly number: number
  /** Without the line feed; `null` when it is longer than any entry. */
  readonly text: string | null
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly hash: string
  /** Whether a line feed ends it. */
  readonly isEnded: boolean
}

/** More than any entry has, in bytes: longer lines are hashed and not kept. */
const LONGEST_BYTES = 1024 * 1024
const CHUNK_BYTES = 256 * 1024
const LINE_FEED = 10

/** Reads a file line by line, in memory that does not depend on the file's size. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let number = 0
  let parts: Buffer[] = []
  let length = 0
  let hash = createHash("sha256")
  const take = (part: Buffer): void => {
    hash.update(part)
    length += part.length
    if (length <= LONGEST_BYTES) parts.push(part)
    else parts = []
  }
  const finish = (isEnded: boolean): Line => {
    const text = length <= LONGEST_BYTES ? Buffer.concat(parts).toString() : null
    const line = { number: ++number, text, hash: hash.digest("hex"), isEnded }
    parts = []
    length = 0
    hash = createHash("sha256")
    return line
  }
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      take(chunk.subarray(start, end))
      yield finish(true)
      start = end + 1
    }
    if (start < chunk.length) take(chunk.subarray(start))
  }
  if (length > 0) yield finish(false)
}
