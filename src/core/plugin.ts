import { CORE_PLUGINS } from "./capabilities/core-plugins.ts"
import type { Commands } from "./command.ts"
import type { EventTarget } from "./event-target.ts"
import type { EventHandler } from "./events.ts"

/** What a plugin may ask of the app it is in. */
export interface PluginHost {
  /** From the configuration file: `plugins.<name>`, as it stands there; `undefined` when it says nothing. */
  readonly config: unknown
  readonly identifier: string
  /** The folder of the configuration file, absolute: what it names is relative to it, and the app's resources are in it. */
  readonly folder: string
  /** `productName`, or what Tauri puts in its place. */
  readonly appName: string
  readonly version: string
  /** Emits an event to all pages and to the Core; see `App.emit`. */
  emit(event: string, payload?: unknown): void
  emitTo(target: EventTarget | string, event: string, payload?: unknown): void
  /** Listens in the Core. Returns what ends it. */
  listen(event: string, handler: EventHandler, target?: EventTarget | string): () => void
  /** Sends a payload to the pages that listen to an event of this plugin, with `addPluginListener` of `@tauri-apps/api/core`. */
  trigger(event: string, payload?: unknown): void
  /** For a person: what they should know and nobody else would tell them. */
  log(line: string): void
}

/** A plugin in an app that runs. */
export interface PluginInstance {
  /** By their names in `plugin:<plugin>|<command>`. Besides these it has `register_listener` and `remove_listener`. */
  readonly commands: Commands
  /**
   * Called before anything listens, with each value that a scope in the app's capabilities has for this plugin. Throws an
   * `Error` that says what is wrong with one.
   */
  readScope?(value: unknown): void
  /** Called when the app closes, after its commands have ended. */
  close?(): void | Promise<void>
}

/** A permission of a plugin beyond the `allow-<command>` and `deny-<command>` that each command has. */
export interface PluginPermission {
  readonly commands?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] }
  readonly scope?: { readonly allow?: readonly unknown[]; readonly deny?: readonly unknown[] }
  /** Permissions of the same plugin that this one, a set, brings along. */
  readonly permissions?: readonly string[]
}

/** A group of commands that pages call as `plugin:<name>|<command>`. */
export interface Plugin {
  /** ASCII letters, digits, hyphens. */
  readonly name: string
  /** By identifier, without the plugin's name; `default` is what `<name>:default` grants. */
  readonly permissions?: Readonly<Record<string, PluginPermission>>
  /** A classic script for every page of the app, after the bridge and before the page's own. Never for the isolation frame. */
  readonly initScript?: string
  setup(host: PluginHost): PluginInstance | Promise<PluginInstance>
}

const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/

/** Throws a `TypeError` for what is no plugin, and for two of one name. */
export function checkPlugins(plugins: readonly Plugin[]): void {
  const names = new Set<string>()
  for (const [index, plugin] of plugins.entries()) {
    if (typeof plugin?.setup !== "function") throw new TypeError(`plugins[${index}] is no plugin: it has no setup()`)
    if (typeof plugin.name !== "string" || !NAME.test(plugin.name))
      throw new TypeError(`plugins[${index}].name is ${JSON.stringify(plugin.name)}: use letters, digits and hyphens`)
    // It would share the other's commands, and the permissions that grant them.
    if (Object.hasOwn(CORE_PLUGINS, plugin.name))
      throw new TypeError(
        `plugins[${index}].name is "${plugin.name}": that is one of Tauri's own, and every app has it`,
      )
    if (names.has(plugin.name)) throw new TypeError(`two plugins have the name "${plugin.name}"`)
    names.add(plugin.name)
  }
}
