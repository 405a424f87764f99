import { constants } from "node:fs"
import { rename, rmdir, unlink } from "node:fs/promises"
import type { CallContext, Commands } from "../../core/command.ts"
import { makeAll, makeOne } from "../../directories/make-all.ts"
import { holdsOwnFiles } from "../../directories/own-files.ts"
import { inParent, lookAt, openRegularFile } from "../../directories/pinned.ts"
import type { ResolvedPath } from "../../directories/real-path.ts"
import { removeTree } from "../../directories/remove-tree.ts"
import type { Arguments } from "../arguments.ts"
import { isOfSystem } from "../system-error.ts"
import { copy } from "./copy.ts"
import { fileInfo } from "./file-info.ts"
import { doing, type FsParts, fsCommand, resolveArgument } from "./fs-command.ts"
import { readCount, readFlag, readMode, readOptions } from "./options.ts"
import { forbidden } from "./scopes.ts"
import { list, sizeOf } from "./tree.ts"

/** What is done with a path, without a handle. */
export function pathCommands(parts: FsParts): Commands {
  const information = (follow: boolean) =>
    fsCommand(parts, async (args, context) => {
      const path = await resolveArgument(parts, args, context, { follow })
      return fileInfo(await doing(`get metadata of path: ${path.lexical}`, () => lookAt(path)))
    })
  return {
    // Links are resolved by then: what is looked at is the path that they lead to, and no further link.
    stat: information(true),
    lstat: information(false),
    exists: fsCommand(parts, (args, context) => exists(parts, args, context)),
    size: fsCommand(parts, async (args, context) => {
      const path = await resolveArgument(parts, args, context)
      return doing(`get size of path: ${path.lexical}`, () => sizeOf(path, parts.scopes.of(context), context.signal))
    }),
    read_dir: fsCommand(parts, async (args, context) => {
      const path = await resolveArgument(parts, args, context)
      return doing(`read directory at path: ${path.lexical}`, () => list(path))
    }),
    mkdir: fsCommand(parts, async (args, context) => {
      const options = readOptions(args, "mkdir")
      const mode = readMode(options, "mkdir") ?? 0o777
      const recursive = readFlag(options, "recursive", "mkdir")
      const path = await resolveArgument(parts, args, context)
      await doing(`create directory at path: ${path.lexical}`, () =>
        recursive ? makeAll(path, mode) : makeOne(path, mode),
      )
      return null
    }),
    remove: fsCommand(parts, async (args, context) => {
      const recursive = readFlag(readOptions(args, "remove"), "recursive", "remove")
      const path = await resolveArgument(parts, args, context, { follow: false })
      const found = await doing(`get metadata of path: ${path.lexical}`, () => lookAt(path))
      refuseOwn(path, context)
      if (recursive && found.isDirectory()) await refuseDenied(parts, path, context)
      await doing(`remove path: ${path.lexical}`, () =>
        inParent(path, (at) => (found.isDirectory() ? (recursive ? removeTree(at) : rmdir(at)) : unlink(at))),
      )
      return null
    }),
    rename: fsCommand(parts, async (args, context) => {
      const from = await resolveArgument(parts, args, context, {
        key: "oldPath",
        base: "oldPathBaseDir",
        follow: false,
      })
      const to = await resolveArgument(parts, args, context, { key: "newPath", base: "newPathBaseDir", follow: false })
      const what = `rename old path: ${from.lexical} to new path: ${to.lexical}`
      const found = await doing(what, () => lookAt(from))
      for (const path of [from, to]) refuseOwn(path, context)
      if (found.isDirectory()) await refuseDenied(parts, from, context)
      await doing(what, () => inParent(from, (old) => inParent(to, (at) => rename(old, at))))
      return null
    }),
    copy_file: fsCommand(parts, async (args, context) => {
      const from = await resolveArgument(parts, args, context, { key: "fromPath", base: "fromPathBaseDir" })
      const to = await resolveArgument(parts, args, context, { key: "toPath", base: "toPathBaseDir" })
      await doing(`copy file from path: ${from.lexical}, to path: ${to.lexical}`, () => copy(from, to, context.signal))
      return null
    }),
    truncate: fsCommand(parts, async (args, context) => {
      const length = readCount(args, "len", "truncate") ?? 0
      const path = await resolveArgument(parts, args, context)
      const handle = await doing(`open file at path: ${path.lexical}`, () => openRegularFile(path, constants.O_WRONLY))
      try {
        await doing(`truncate file at path: ${path.lexical}`, () => handle.truncate(length))
      } finally {
        await handle.close()
      }
      return null
    }),
  }
}

/** Whatever the system has against a path within the scope, it does not exist for the page. */
async function exists(parts: FsParts, args: Arguments, context: CallContext): Promise<boolean> {
  try {
    await lookAt(await resolveArgument(parts, args, context))
    return true
  } catch (error) {
    if (isOfSystem(error) || isOfSystem((error as Error).cause)) return false
    throw error
  }
}

/** A link on the way to the Core's own files is theirs, too: without it, or with another one in its place, they are elsewhere. */
function refuseOwn({ lexical, real }: ResolvedPath, context: CallContext): void {
  if (holdsOwnFiles(lexical) || holdsOwnFiles(real))
    throw new Error(`${forbidden(lexical, context.command)}: it leads to files that the app keeps for itself`)
}

/** What a scope denies would not be where it is denied any more. */
async function refuseDenied(parts: FsParts, path: ResolvedPath, context: CallContext): Promise<void> {
  if (await parts.scopes.of(context).holdsDenied(path))
    throw new Error(`${forbidden(path.lexical, context.command)}: it holds what a scope denies`)
}
