import { constants } from "node:fs"
import type { FileHandle } from "node:fs/promises"
import type { Resource } from "../../core/resources.ts"
import type { Arguments } from "../arguments.ts"
import { invalidArgument } from "../system-error.ts"
import { readFlag } from "./options.ts"

/** A file that a page has open, with its place in it. What is asked of it is done in order. */
export class OpenFile implements Resource {
  readonly handle: FileHandle
  readonly #released: () => void
  readonly #isAppending: boolean
  #position = 0
  #last: Promise<unknown> = Promise.resolve()

  /**
   * @param released called when it is closed
   * @param isAppending whether it was opened so that what is written goes to its end
   */
  constructor(handle: FileHandle, released: () => void, isAppending: boolean) {
    this.handle = handle
    this.#isAppending = isAppending
    this.#released = released
  }

  /** What is read is at most `length` bytes, and none at the end. */
  read(length: number): Promise<Uint8Array> {
    return this.#inOrder(async () => {
      const buffer = new Uint8Array(length)
      const { bytesRead } = await this.handle.read(buffer, 0, length, this.#position)
      this.#position += bytesRead
      return buffer.subarray(0, bytesRead)
    })
  }

  /** @returns how many bytes were written. Where the file was opened to append, they are at its end. */
  write(data: Uint8Array): Promise<number> {
    return this.#inOrder(async () => {
      const { bytesWritten } = await this.handle.write(data, 0, data.length, this.#isAppending ? null : this.#position)
      this.#position = this.#isAppending ? (await this.handle.stat()).size : this.#position + bytesWritten
      return bytesWritten
    })
  }

  /** @param whence 0: from the start, 1: from where it is, 2: from the end */
  seek(offset: number, whence: 0 | 1 | 2): Promise<number> {
    return this.#inOrder(async () => {
      const base = whence === 0 ? 0 : whence === 1 ? this.#position : (await this.handle.stat()).size
      const position = base + offset
      if (!Number.isSafeInteger(position) || position < 0) throw invalidArgument()
      this.#position = position
      return position
    })
  }

  truncate(length: number): Promise<void> {
    return this.#inOrder(() => this.handle.truncate(length))
  }

  async close(): Promise<void> {
    try {
      await this.#inOrder(() => this.handle.close())
    } finally {
      this.#released()
    }
  }

  #inOrder<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(run, run)
    this.#last = result.catch(() => {})
    return result
  }
}

/** Flags of open(2) for the options that a page opens a file with. Throws what the system would, as Rust does. */
export function openFlags(options: Arguments, command: string, readByDefault: boolean): number {
  const flag = (name: string, byDefault = false): boolean => readFlag(options, name, command, byDefault)
  const [append, write] = [flag("append"), flag("write")]
  const [truncate, create, createNew] = [flag("truncate"), flag("create"), flag("createNew")]
  const read = flag("read", readByDefault)
  if (!write && (append ? truncate && !createNew : truncate || create || createNew)) throw invalidArgument()
  if (append && truncate && !createNew) throw invalidArgument()
  if (!read && !write && !append) throw invalidArgument()
  let flags: number = write || append ? (read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY
  if (append) flags |= constants.O_APPEND
  if (createNew) return flags | constants.O_CREAT | constants.O_EXCL
  if (create) flags |= constants.O_CREAT
  if (truncate) flags |= constants.O_TRUNC
  return flags
}
