import { constants } from "node:fs"
import type { CallContext, Commands } from "../../core/command.ts"
import { openRegularFile } from "../../directories/pinned.ts"
import { type Arguments, describe, inTauriWords, required } from "../arguments.ts"
import { fileInfo } from "./file-info.ts"
import { doing, type FsParts, fsCommand, nameOf, resolveArgument } from "./fs-command.ts"
import { OpenFile, openFlags } from "./open-file.ts"
import { readCount, readMode, readOptions } from "./options.ts"

/** Files that stay open: `create`, `open`, and what is done with their handles. */
export function handleCommands(parts: FsParts): Commands {
  const hold = async (args: Arguments, context: CallContext, flags: number, what: string): Promise<number> => {
    const mode = readMode(readOptions(args, nameOf(context)), nameOf(context))
    const path = await resolveArgument(parts, args, context)
    const release = parts.turns.hold(context.page)
    try {
      const handle = await doing(`${what} file at path: ${path.lexical}`, () => openRegularFile(path, flags, mode))
      return context.resources.add(new OpenFile(handle, release, (flags & constants.O_APPEND) !== 0))
    } catch (error) {
      release()
      throw error
    }
  }
  return {
    create: fsCommand(parts, (args, context) =>
      hold(args, context, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, "create"),
    ),
    open: fsCommand(parts, async (args, context) => {
      const flags = await doing("open file", async () => openFlags(readOptions(args, "open"), "open", true))
      return hold(args, context, flags, "open")
    }),
    read: fsCommand(parts, async (args, { resources }) => {
      const file = resources.get(args.rid, OpenFile)
      const length = readCount(args, "len", "read") ?? (required(args, "len", "read") as number)
      const bytes = await doing("read bytes from file", () => file.read(Math.min(length, parts.maxReadBytes)))
      return withCount(bytes)
    }),
    write: fsCommand(parts, async (args, { resources }) => {
      const file = resources.get(args.rid, OpenFile)
      const data = readBytes(required(args, "data", "write"))
      return doing("write bytes to file", () => file.write(data))
    }),
    seek: fsCommand(parts, async (args, { resources }) => {
      const file = resources.get(args.rid, OpenFile)
      const { offset, whence } = readSeek(args)
      return doing("seek file", () => file.seek(offset, whence))
    }),
    fstat: fsCommand(parts, async (args, { resources }) => {
      const file = resources.get(args.rid, OpenFile)
      return fileInfo(await doing("get metadata of file", () => file.handle.stat()))
    }),
    ftruncate: fsCommand(parts, async (args, { resources }) => {
      const file = resources.get(args.rid, OpenFile)
      const length = readCount(args, "len", "ftruncate") ?? 0
      await doing("truncate file", () => file.truncate(length))
      return null
    }),
  }
}

/** As the page's side expects it: the bytes, then how many there are, as a big-endian u64. */
function withCount(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length + 8)
  result.set(bytes)
  new DataView(result.buffer).setBigUint64(bytes.length, BigInt(bytes.length))
  return result
}

function readBytes(data: unknown): Uint8Array {
  return inTauriWords("data", "write", () => {
    if (data instanceof Uint8Array) return data
    if (!Array.isArray(data)) throw new Error(`invalid type: ${describe(data)}, expected a sequence`)
    for (const byte of data)
      if (!Number.isInteger(byte) || byte < 0 || byte > 255)
        throw new Error(`invalid value: ${describe(byte)}, expected u8`)
    return Uint8Array.from(data as number[])
  })
}

function readSeek(args: Arguments): { offset: number; whence: 0 | 1 | 2 } {
  const [offset, whence] = [required(args, "offset", "seek"), required(args, "whence", "seek")]
  inTauriWords("offset", "seek", () => {
    if (!Number.isSafeInteger(offset)) throw new Error(`invalid value: ${describe(offset)}, expected i64`)
  })
  inTauriWords("whence", "seek", () => {
    if (whence !== 0 && whence !== 1 && whence !== 2)
      throw new Error(`invalid value: ${describe(whence)}, expected one of: 0, 1, 2`)
  })
  return { offset: offset as number, whence: whence as 0 | 1 | 2 }
}
