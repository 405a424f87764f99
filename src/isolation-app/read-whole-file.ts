import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { IsolationAppError } from "./isolation-app-error.ts"

/** Bytes. An isolation app is some kilobytes; more was put there by mistake, and would be sent to every frame. */
export const LARGEST_FILE: number = 8 * 1024 * 1024

/** A pipe is opened without waiting for its other end. Windows has none of these flags. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Reads a file as it stood at one moment.
 *
 * @param real its path without links
 * @param file its path as errors show it
 * @param largest how long it may be, in bytes
 * @throws IsolationAppError UNREADABLE, FILE_TOO_LARGE, FILE_CHANGING
 */
export async function readWholeFile(real: string, file: string, largest: number = LARGEST_FILE): Promise<Uint8Array> {
  const handle = await open(real, FLAGS).catch((error: Error) => {
    throw new IsolationAppError("UNREADABLE", file, error.message)
  })
  try {
    return await readStable(handle, file, largest)
  } finally {
    await handle.close()
  }
}

async function readStable(handle: FileHandle, file: string, largest: number): Promise<Uint8Array> {
  const before = await handle.stat({ bigint: true })
  if (!before.isFile()) throw new IsolationAppError("UNREADABLE", file, "this is no file")
  if (before.size > largest) {
    throw new IsolationAppError("FILE_TOO_LARGE", file, `this file has ${before.size} bytes, of at most ${largest}`)
  }
  const bytes = await readUpTo(handle, Number(before.size)).catch((error: Error) => {
    throw new IsolationAppError("UNREADABLE", file, error.message)
  })
  const after = await handle.stat({ bigint: true })
  // A text that is half old and half new may well parse, and say something that nobody wrote.
  if (after.mtimeNs !== before.mtimeNs || after.size !== before.size || bytes.length !== Number(before.size)) {
    throw new IsolationAppError("FILE_CHANGING", file, "this file was changed while it was read")
  }
  return bytes
}

/** Not to its end: a file that grows as fast as it is read has none. */
async function readUpTo(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  let length = 0
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, size - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}
