import { Channel } from "../../core/channel.ts"
import type { CallContext, Commands } from "../../core/command.ts"
import type { ResolvedPath } from "../../directories/real-path.ts"
import { type Arguments, inTauriWords, readTexts, record, required } from "../arguments.ts"
import { EventSender } from "./event-sender.ts"
import { doing, type FsParts, fsCommand, resolveArgument } from "./fs-command.ts"
import { readCount, readFlag, readOptions } from "./options.ts"
import { Watcher } from "./watcher.ts"

const MAX_PATHS = 1000

/** A timer of the system's cannot be set further. */
const MAX_DELAY_MS = 2 ** 31 - 1

export function watchCommands(parts: FsParts): Commands {
  return {
    watch: fsCommand(parts, (args, context) => watch(parts, args, context)),
    unwatch: fsCommand(parts, async ({ rid }, { resources }) => {
      resources.get(rid, Watcher)
      await resources.close(rid)
      return null
    }),
  }
}

async function watch(parts: FsParts, args: Arguments, context: CallContext): Promise<number> {
  const options = readOptions(args, "watch")
  const recursive = readFlag(options, "recursive", "watch")
  const delay = readCount(options, "delayMs", "watch")
  const channel = readChannel(args)
  const resolved = await resolveAll(parts, args, context)
  const released = parts.turns.hold(context.page)
  const delayMs = delay === undefined ? null : Math.min(delay, MAX_DELAY_MS)
  const watcher = new Watcher({
    scope: parts.scopes.of(context),
    sender: new EventSender(channel, delayMs, resolved[0]?.lexical ?? ""),
    recursive,
    hold: () => parts.turns.hold(context.page, "directories"),
    released,
  })
  try {
    for (const path of resolved) await doing(`watch path: ${path.lexical}`, () => watcher.add(path))
  } catch (error) {
    watcher.close()
    throw error
  }
  return context.resources.add(watcher)
}

/** All of them, before any is watched. */
async function resolveAll(parts: FsParts, args: Arguments, context: CallContext): Promise<readonly ResolvedPath[]> {
  const texts = readTexts(args, "paths", "watch")
  if (texts.length > MAX_PATHS) throw new Error(`at most ${MAX_PATHS} paths are watched at once`)
  const resolved: ResolvedPath[] = []
  for (const path of texts) resolved.push(await resolveArgument(parts, record({ ...args, path }), context))
  return resolved
}

function readChannel(args: Arguments): Channel {
  const channel = required(args, "onEvent", "watch")
  return inTauriWords("onEvent", "watch", () => {
    if (channel instanceof Channel) return channel
    throw new Error("expected a channel")
  })
}
