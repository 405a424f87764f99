import assert from "node:assert/strict"
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Scope } from "../core/access.ts"
import { type Channel, Channels } from "../core/channel.ts"
import type { Commands } from "../core/command.ts"
import { type Caller, Dispatcher } from "../core/dispatcher.ts"
import type { Plugin, PluginInstance } from "../core/plugin.ts"
import { Resources } from "../core/resources.ts"

/** What a page's call may carry. */
export interface TestCall {
  readonly headers?: Readonly<Record<string, string>>
  readonly allow?: readonly unknown[]
  readonly deny?: readonly unknown[]
}

/** A page that calls a plugin's commands. */
export class TestPage {
  readonly resources: Resources = new Resources()
  readonly #name: string
  readonly #commands: Commands
  readonly #abort = new AbortController()
  readonly #scopes = new Map<string, Scope>()
  readonly #caller: Caller

  constructor(name: string, commands: Commands, label: string) {
    this.#name = name
    this.#commands = Object.fromEntries(
      Object.entries(commands).map(([command, value]) => [`plugin:${name}|${command}`, value]),
    )
    this.#caller = {
      label,
      signal: this.#abort.signal,
      resources: this.resources,
      keepsUp: true,
      openChannel: () => assert.fail("no channel was asked for"),
      sendEvent: () => {},
      denied: () => assert.fail("nothing is denied before the plugin"),
    }
  }

  /** Calls a command. Rejects with what the page would get. */
  call(command: string, args: unknown, { headers = {}, allow = [], deny = [] }: TestCall = {}): Promise<unknown> {
    const key = JSON.stringify([allow, deny])
    // As capabilities give it: the same object for the same window and command.
    const scope = this.#scopes.get(key) ?? { allow, deny }
    this.#scopes.set(key, scope)
    const dispatcher = new Dispatcher(this.#commands, { judge: () => ({ allowed: true, scope }) })
    const received = {
      id: 1,
      cmd: `plugin:${this.#name}|${command}`,
      args,
      headers,
      bytes: 1,
      isExcess: false,
      mayHoldChannels: false,
    }
    return new Promise((resolve, reject) =>
      dispatcher.run(received, this.#caller, {
        resolve: (_, value) => resolve(value),
        reject: (_, reason) => reject(reason instanceof Error ? reason : new Error(String(reason))),
      }),
    )
  }

  /** The page is gone. */
  leave(): void {
    this.#abort.abort(new Error("the page is gone"))
    this.resources.end()
  }
}

/** A plugin that runs in a folder of its own, which holds all of the user's directories. */
export interface TestPlugin {
  readonly folder: string
  /** `$APPDATA`. It exists. */
  readonly appData: string
  readonly instance: PluginInstance
  /** What was emitted: `[event, payload]`. */
  readonly emitted: (readonly [string, unknown])[]
  readonly logged: string[]
  page(label?: string): TestPage
  close(): Promise<void>
}

export async function startTestPlugin(plugin: Plugin, config?: unknown): Promise<TestPlugin> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "sallyport-plugin-")))
  const identifier = "org.sallyport.test"
  process.env.XDG_DATA_HOME = join(folder, "data")
  process.env.XDG_STATE_HOME = join(folder, "state")
  const appData = join(folder, "data", identifier)
  await mkdir(appData, { recursive: true })
  const emitted: (readonly [string, unknown])[] = []
  const logged: string[] = []
  const instance = await plugin.setup({
    config,
    identifier,
    folder,
    appName: "Test",
    version: "1.0.0",
    emit: (event, payload) => void emitted.push([event, structuredClone(payload)]),
    emitTo: () => assert.fail("nothing is emitted to one window"),
    trigger: () => assert.fail("nothing is told to the Core alone"),
    listen: () => () => {},
    log: (line) => void logged.push(line),
  })
  return {
    folder,
    appData,
    instance,
    emitted,
    logged,
    page: (label = "main") => new TestPage(plugin.name, instance.commands, label),
    close: async () => {
      await instance.close?.()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A channel, and what was sent on it. */
export function testChannel(): { readonly channel: Channel; readonly messages: unknown[] } {
  const messages: unknown[] = []
  const channels = new Channels({
    isOver: false,
    bufferedBytes: 0,
    sendMessage: (_, __, message) => void messages.push(message),
    endChannel: () => {},
  })
  return { channel: channels.open(1), messages }
}

/** Waits until something is so; throws with `what` when it is not within twenty seconds. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`not within twenty seconds: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
