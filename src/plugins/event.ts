import { type Command, command } from "../core/command.ts"
import { readEventName, readTarget } from "../core/event-target.ts"
import type { Events } from "../core/events.ts"
import type { Plugin } from "../core/plugin.ts"
import { type Arguments, inTauriWords, record } from "./arguments.ts"

/** Events that Tauri itself sends. What a window hears of another under such a name must not come from a page. */
const RESERVED = "tauri://"

/** Their payload is the paths of files. Who listened would wait for ever. */
const DRAGS = "tauri://drag-"
const NO_DRAGS =
  "a browser tells no page the paths of the files that are dragged onto it: " +
  "listen to the page's own dragover and drop events, which give their contents"

/**
 * Events between pages and the Core, as `@tauri-apps/api/event` calls them. A listener's id is the id of its callback in
 * the page, so that a page that gets a new session can listen again without telling anybody.
 */
export function eventPlugin(events: Events): Plugin {
  const emit = (name: string, targetOf: (args: Arguments) => unknown): Command =>
    command((args: unknown, { window }) => {
      const { event, target, payload } = readEmission(name, record(args), targetOf)
      if (event.startsWith(RESERVED)) throw new Error(`${event} is the app's to emit: events of pages have other names`)
      events.emit(event, payload, target, { source: window })
      return null
    })
  return {
    name: "event",
    permissions: { default: { permissions: ["allow-listen", "allow-unlisten", "allow-emit", "allow-emit-to"] } },
    setup: () => ({
      commands: {
        listen: command((args, { page }) => {
          const { event, target, handler } = record(args)
          const name = inTauriWords("event", "listen", () => readEventName(event))
          if (name.startsWith(DRAGS)) throw new Error(NO_DRAGS)
          const id = inTauriWords("handler", "listen", () => readId(handler))
          const wanted = inTauriWords("target", "listen", () => readTarget(target))
          events.listen(page, name, id, wanted)
          return id
        }),
        unlisten: command((args, { page }) => {
          const { event, eventId } = record(args)
          const name = inTauriWords("event", "unlisten", () => readEventName(event))
          const id = inTauriWords("eventId", "unlisten", () => readId(eventId))
          events.unlisten(page, name, id)
          return null
        }),
        emit: emit("emit", () => undefined),
        emit_to: emit("emit_to", ({ target }) => {
          if (target === undefined || target === null) throw new Error("expected an event target")
          return target
        }),
      },
    }),
  }
}

function readEmission(
  command: string,
  args: Arguments,
  targetOf: (args: Arguments) => unknown,
): { event: string; target: ReturnType<typeof readTarget>; payload: unknown } {
  return {
    event: inTauriWords("event", command, () => readEventName(args.event)),
    target: inTauriWords("target", command, () => readTarget(targetOf(args))),
    payload: args.payload ?? null,
  }
}

function readId(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff_ffff) return value as number
  throw new Error("expected the id of a callback, a u32")
}
