import type { Access } from "../core/access.ts"
import { type Channel, type ChannelCarrier, Channels } from "../core/channel.ts"
import type { Commands } from "../core/command.ts"
import { type Caller, Dispatcher } from "../core/dispatcher.ts"
import type { Plugin, PluginHost } from "../core/plugin.ts"
import { Resources } from "../core/resources.ts"

/** A page that calls plugins without a socket between: what it is sent stands in lists. */
export class TestPage implements Caller, ChannelCarrier {
  readonly label: string
  readonly resources: Resources = new Resources()
  readonly events: unknown[] = []
  readonly messages: unknown[] = []
  readonly ends: unknown[] = []
  keepsUp = true
  bufferedBytes = 0
  readonly #channels = new Channels(this)
  readonly #abort = new AbortController()

  constructor(label = "main") {
    this.label = label
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get isOver(): boolean {
    return this.#abort.signal.aborted
  }

  openChannel(id: number): Channel {
    return this.#channels.open(id)
  }

  sendEvent(event: string, json: string, ids: readonly number[]): void {
    this.events.push([event, JSON.parse(json), ids])
  }

  sendMessage(id: number, index: number, message: unknown): void {
    this.messages.push([id, index, message])
  }

  endChannel(id: number, count: number): void {
    this.ends.push([id, count])
  }

  denied(): void {}

  /** Its session ends. */
  end(): void {
    this.#abort.abort()
    this.resources.end()
  }

  /** Calls a command; an `Error` that it throws rejects with its text, as it does in a page. */
  async call(commands: Commands, cmd: string, args: unknown = {}, access?: Access): Promise<unknown> {
    const call = {
      id: 1,
      cmd,
      args: this.#channels.revive(args),
      headers: null,
      bytes: 1,
      isExcess: false,
      mayHoldChannels: true,
    }
    return new Promise((resolve, reject) => {
      new Dispatcher(commands, access).run(call, this, {
        resolve: (_, value) => resolve(value),
        reject: (_, reason) => reject(reason instanceof Error ? reason.message : reason),
      })
    })
  }
}

/** A plugin's commands as pages call them. */
export async function commandsOf(plugin: Plugin, host: Partial<PluginHost> = {}): Promise<Commands> {
  const { commands } = await plugin.setup(host as PluginHost)
  return Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [`plugin:${plugin.name}|${name}`, command]),
  )
}
