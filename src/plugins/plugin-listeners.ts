import { bare } from "../boundary/wire/own.ts"
import { Channel } from "../core/channel.ts"
import { type CallContext, type CallingPage, type Commands, command } from "../core/command.ts"
import { inTauriWords, record } from "./arguments.ts"

/** Listeners that a page may have at one plugin, and characters of an event's name: a page cannot fill the Core's memory. */
const MAX_LISTENERS = 1000
const MAX_NAME_CHARACTERS = 256

interface Listener {
  readonly event: string
  readonly channel: Channel
}

/**
 * The listeners of one plugin: what `addPluginListener` of `@tauri-apps/api/core` registers, and `PluginListener.unregister`
 * removes. They go with their session.
 */
export class PluginListeners {
  readonly #pages = new Map<CallingPage, Set<Listener>>()
  readonly commands: Commands

  /** `plugin`: its name, for the commands' own. */
  constructor(plugin: string) {
    this.commands = {
      register_listener: command((args, context) => {
        this.#register(readListener(args), context)
        return null
      }),
      remove_listener: command((args, { page }) => {
        this.#remove(args, page)
        return null
      }),
      // @tauri-apps/api tries this old name when `register_listener` fails, whatever the reason, and reports only what becomes
      // of the second call. Two names for one act would be a way around a hook that knows one of them: it registers nothing,
      // and rejects with what was wrong with the first.
      registerListener: {
        ...command((args, { page }) => {
          readListener(args)
          this.#checkRoom(page)
          throw new Error(
            `plugin:${plugin}|register_listener failed: plugin:${plugin}|registerListener is no other way to it`,
          )
        }),
        judgedAs: `plugin:${plugin}|register_listener`,
      },
    }
  }

  /**
   * Sends a payload to all who listen to an event.
   *
   * @throws TypeError for a payload that cannot be turned into JSON, RangeError for one that is too large
   */
  trigger(event: string, payload: unknown): void {
    for (const listeners of this.#pages.values())
      for (const listener of listeners) if (listener.event === event) listener.channel.send(payload ?? null)
  }

  #register(listener: Listener, { page, signal }: CallContext): void {
    this.#checkRoom(page)
    let listeners = this.#pages.get(page)
    if (listeners === undefined) {
      if (signal.aborted) return
      listeners = new Set()
      this.#pages.set(page, listeners)
      signal.addEventListener("abort", () => this.#pages.delete(page), bare({ once: true }))
    }
    listeners.add(listener)
  }

  #checkRoom(page: CallingPage): void {
    if ((this.#pages.get(page)?.size ?? 0) >= MAX_LISTENERS)
      throw new Error(`a page may have at most ${MAX_LISTENERS} listeners at a plugin: unregister some first`)
  }

  #remove(args: unknown, page: CallingPage): void {
    const { event, channelId } = record(args)
    const listeners = this.#pages.get(page)
    for (const listener of listeners ?? []) {
      if (listener.event !== event || listener.channel.id !== channelId) continue
      listeners?.delete(listener)
      // The page forgets its callback.
      listener.channel.end()
      return
    }
    throw new Error(`no listener for ${JSON.stringify(event)} has the channel id ${JSON.stringify(channelId)}`)
  }
}

function readListener(args: unknown): Listener {
  const { event, handler } = record(args)
  const name = inTauriWords("event", "register_listener", () => {
    if (typeof event === "string" && event.length <= MAX_NAME_CHARACTERS) return event
    throw new Error(`expected a string of at most ${MAX_NAME_CHARACTERS} characters`)
  })
  const channel = inTauriWords("handler", "register_listener", () => {
    if (handler instanceof Channel) return handler
    throw new Error(
      `invalid channel value \`${JSON.stringify(handler)?.slice(0, 100)}\`, expected a string in the \`__CHANNEL__:ID\` format`,
    )
  })
  return { event: name, channel }
}
