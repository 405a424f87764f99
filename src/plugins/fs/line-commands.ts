import { constants } from "node:fs"
import type { FileHandle } from "node:fs/promises"
import type { Commands } from "../../core/command.ts"
import type { Resource } from "../../core/resources.ts"
import { openRegularFile } from "../../directories/pinned.ts"
import { doing, type FsParts, fsCommand, resolveArgument } from "./fs-command.ts"
import { readOptions } from "./options.ts"

const CHUNK_BYTES = 64 * 1024

/** Files read line by line. The page decodes the lines; the Core must know how wide a line's end is. */
export function lineCommands(parts: FsParts): Commands {
  return {
    read_text_file_lines: fsCommand(parts, async (args, context) => {
      const { encoding } = readOptions(args, "read_text_file_lines")
      const path = await resolveArgument(parts, args, context)
      const release = parts.turns.hold(context.page)
      try {
        const handle = await doing(`open file at path: ${path.lexical}`, () =>
          openRegularFile(path, constants.O_RDONLY),
        )
        return context.resources.add(new Lines(handle, lineEnds(encoding), parts.maxReadBytes, release))
      } catch (error) {
        release()
        throw error
      }
    }),
    read_text_file_lines_next: fsCommand(parts, async ({ rid }, { resources }) => {
      const lines = resources.get(rid, Lines)
      let line: Uint8Array | null
      try {
        line = await doing("read line from file", () => lines.next())
      } catch (error) {
        await resources.close(rid).catch(() => {})
        throw error
      }
      if (line === null) await resources.close(rid).catch(() => {})
      // As the page's side expects it: the line, then whether it was past the last.
      return line === null ? Uint8Array.of(1) : Buffer.concat([line, Uint8Array.of(0)])
    }),
  }
}

interface LineEnds {
  readonly lineFeed: Buffer
  readonly carriageReturn: Buffer
}

/** `encoding`: as `TextDecoder` calls it. All of its encodings but two have these two characters in one byte each. */
function lineEnds(encoding: unknown): LineEnds {
  if (encoding === "utf-16le") return { lineFeed: Buffer.of(10, 0), carriageReturn: Buffer.of(13, 0) }
  if (encoding === "utf-16be") return { lineFeed: Buffer.of(0, 10), carriageReturn: Buffer.of(0, 13) }
  return { lineFeed: Buffer.of(10), carriageReturn: Buffer.of(13) }
}

/** A file that a page reads line by line. */
class Lines implements Resource {
  readonly #handle: FileHandle
  readonly #ends: LineEnds
  readonly #limit: number
  readonly #released: () => void
  #buffer: Buffer = Buffer.alloc(0)
  #isAtEnd = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(handle: FileHandle, ends: LineEnds, limit: number, released: () => void) {
    this.#handle = handle
    this.#ends = ends
    this.#limit = limit
    this.#released = released
  }

  /** The next line without its end; `null` when there is none. */
  next(): Promise<Uint8Array | null> {
    return this.#inOrder(() => this.#next())
  }

  async close(): Promise<void> {
    try {
      await this.#inOrder(() => this.#handle.close())
    } finally {
      this.#released()
    }
  }

  async #next(): Promise<Uint8Array | null> {
    const { lineFeed } = this.#ends
    const pieces: Buffer[] = []
    let length = 0
    for (;;) {
      const end = this.#indexOf(lineFeed)
      if (end !== -1) {
        pieces.push(this.#buffer.subarray(0, end))
        this.#buffer = this.#buffer.subarray(end + lineFeed.length)
        return this.#withoutReturn(Buffer.concat(pieces))
      }
      // All but half a character, which the next chunk completes.
      const whole = this.#buffer.length - (this.#buffer.length % lineFeed.length)
      pieces.push(this.#buffer.subarray(0, whole))
      length += whole
      this.#buffer = this.#buffer.subarray(whole)
      if (length > this.#limit)
        throw new Error(
          `a line is longer than ${this.#limit} bytes, more than is read at once: open() it, and read() it in parts`,
        )
      if (this.#isAtEnd) {
        const rest = Buffer.concat([...pieces, this.#buffer])
        this.#buffer = Buffer.alloc(0)
        return rest.length === 0 ? null : this.#withoutReturn(rest)
      }
      await this.#fill()
    }
  }

  /** Where a character begins, in whole characters: the two bytes of a line feed may stand across two others. */
  #indexOf(lineFeed: Buffer): number {
    let at = this.#buffer.indexOf(lineFeed)
    while (at % lineFeed.length !== 0 && at !== -1) at = this.#buffer.indexOf(lineFeed, at + 1)
    return at
  }

  #withoutReturn(line: Buffer): Buffer {
    const { carriageReturn } = this.#ends
    const start = line.length - carriageReturn.length
    return start >= 0 && line.subarray(start).equals(carriageReturn) ? line.subarray(0, start) : line
  }

  async #fill(): Promise<void> {
    const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES)
    this.#isAtEnd = bytesRead === 0
    this.#buffer = Buffer.concat([this.#buffer, buffer.subarray(0, bytesRead)])
  }

  #inOrder<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(run, run)
    this.#last = result.catch(() => {})
    return result
  }
}
