import { fstatSync, readSync } from "node:fs"

/** How a log ends. */
export interface Tail {
  /** The last whole line, without its line feed; `null` when there is none. */
  readonly last: Buffer | null
  /** What stands behind the last line feed: a line that a crash has cut off; `null` when nothing does. */
  readonly torn: Buffer | null
}

const CHUNK_BYTES = 64 * 1024
/** No entry is as long: what has such a line is no audit log. */
const LONGEST_LINE_BYTES = 64 * 1024 * 1024
const LINE_FEED = 10

/**
 * Reads a log's last whole line, and what stands behind it.
 *
 * @throws Error where the file has no lines
 */
export function readTail(handle: number, file: string): Tail {
  let start = fstatSync(handle).size
  let bytes: Buffer = Buffer.alloc(0)
  for (;;) {
    const end = bytes.lastIndexOf(LINE_FEED)
    const begin = end <= 0 ? -1 : bytes.lastIndexOf(LINE_FEED, end - 1)
    // All that is needed has been read: the line feed before the last whole line, or the file's beginning.
    const isRead = begin !== -1 || start === 0
    if (isRead) {
      const last = end === -1 ? null : bytes.subarray(begin + 1, end)
      const torn = bytes.subarray(end + 1)
      if (Math.max(last?.length ?? 0, torn.length) <= LONGEST_LINE_BYTES)
        return { last, torn: torn.length === 0 ? null : torn }
    }
    if (isRead || bytes.length > 2 * LONGEST_LINE_BYTES)
      throw new Error(`${file} is no audit log: its last line is longer than any entry`)
    const length = Math.min(start, Math.max(CHUNK_BYTES, bytes.length))
    start -= length
    bytes = Buffer.concat([readWhole(handle, start, length), bytes])
  }
}

function readWhole(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const more = readSync(handle, bytes, read, length - read, position + read)
    if (more === 0) break
    read += more
  }
  return bytes.subarray(0, read)
}
