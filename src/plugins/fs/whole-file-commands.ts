import { constants } from "node:fs"
import type { FileHandle } from "node:fs/promises"
import { bare } from "../../boundary/wire/own.ts"
import { type CallContext, type Command, type Commands, command } from "../../core/command.ts"
import { openRegularFile } from "../../directories/pinned.ts"
import type { ResolvedPath } from "../../directories/real-path.ts"
import type { Arguments } from "../arguments.ts"
import { doing, type FsParts, fsCommand, nameOf, resolveArgument } from "./fs-command.ts"
import { openFlags } from "./open-file.ts"
import { readFlag, readMode, readOptions } from "./options.ts"

/** Files read and written as a whole. */
export function wholeFileCommands(parts: FsParts): Commands {
  const read = fsCommand(parts, async (args, context) => {
    const path = await resolveArgument(parts, args, context)
    const handle = await doing(`open file at path: ${path.lexical}`, () => openRegularFile(path, constants.O_RDONLY))
    try {
      return await readAll(handle, path, parts.maxReadBytes, context.signal)
    } finally {
      await handle.close()
    }
  })
  return {
    read_file: read,
    // The page decodes it: it knows the encoding.
    read_text_file: read,
    write_file: writeCommand(parts),
    write_text_file: writeCommand(parts),
  }
}

/** No more than the limit, even of a file that grows meanwhile. */
async function readAll(
  handle: FileHandle,
  { lexical }: ResolvedPath,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return doing(`read file at path: ${lexical}`, async () => {
    const { size } = await handle.stat()
    if (size > limit) throw tooLarge(limit, size)
    // One more, to see whether there is more: files of the system's own say that they have no size.
    let buffer = new Uint8Array(Math.max(size, 4096) + 1)
    let length = 0
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
      length += bytesRead
      if (bytesRead === 0) return buffer.subarray(0, length)
      if (length > limit) throw tooLarge(limit)
      if (length === buffer.length) {
        const larger = new Uint8Array(buffer.length * 2)
        larger.set(buffer)
        buffer = larger
      }
    }
  })
}

function tooLarge(limit: number, size?: number): Error {
  const found = size === undefined ? "it is longer" : `it has ${size} bytes`
  return new Error(`${found}, and at most ${limit} are read at once: open() it, and read() it in parts`)
}

/** Takes the contents as a raw argument, and the rest as headers: `path`, percent-encoded, and `options`, as JSON. */
function writeCommand(parts: FsParts): Command {
  return command((data: unknown, context) =>
    parts.turns.take(context.page, context.signal, async () => {
      const bytes = data instanceof Uint8Array ? data : bytesOf(data)
      const args = readHeaders(context)
      const name = nameOf(context)
      const options = readOptions(args, name)
      const append = readFlag(options, "append", name)
      const createNew = readFlag(options, "createNew", name)
      const create = readFlag(options, "create", name, true)
      const mode = readMode(options, name)
      const flags = openFlags({ write: true, append, truncate: !append, create, createNew }, name, false)
      const path = await resolveArgument(parts, args, context)
      const handle = await doing(`open file at path: ${path.lexical}`, () => openRegularFile(path, flags, mode))
      try {
        await doing(`write bytes to file at path: ${path.lexical}`, () => handle.writeFile(bytes))
      } finally {
        await handle.close()
      }
      return null
    }),
  )
}

/** A list of bytes is taken, too: what a hook makes of the contents may be one. */
function bytesOf(data: unknown): Uint8Array {
  if (Array.isArray(data) && data.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255))
    return Uint8Array.from(data as number[])
  throw new Error("unexpected invoke body: the contents of a file are a raw argument, an ArrayBuffer or a view of one")
}

function readHeaders({ headers }: CallContext): Arguments {
  const encoded = headers.get("path")
  if (encoded === null) throw new Error("missing file path: it is the header `path`, percent-encoded")
  let path: string
  try {
    path = decodeURIComponent(encoded)
  } catch {
    throw new Error("path is not a valid UTF-8")
  }
  return bare({ path, options: readOptionsHeader(headers.get("options")) })
}

/** What cannot be read is refused: without its options, what was to be appended would replace the file. */
function readOptionsHeader(text: string | null): unknown {
  if (text === null || text === "undefined") return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new Error("the header `options` is not JSON")
  }
}
