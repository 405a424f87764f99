import { dirname } from "node:path"
import type { Config } from "./config/config.ts"
import type { Commands } from "./core/command.ts"
import { readEventName, readTarget } from "./core/event-target.ts"
import type { Events } from "./core/events.ts"
import { inherited } from "./core/inherited.ts"
import type { Plugin, PluginHost, PluginInstance } from "./core/plugin.ts"
import { PluginListeners } from "./plugins/plugin-listeners.ts"

/** Plugins that run, with their commands as pages call them: `plugin:<plugin>|<command>`. */
export interface StartedPlugins {
  readonly commands: Commands
  /** By the plugin's name: what reads a value of its scopes. */
  readonly scopeReaders: ReadonlyMap<string, (value: unknown) => void>
  /** Closes them in reverse order; what one throws is logged, and the others are closed. */
  close(): Promise<void>
}

/**
 * Sets plugins up, one after the other. When one of them fails, those before it are closed again.
 *
 * @throws what a plugin's `setup` throws
 */
export async function startPlugins(
  plugins: readonly Plugin[],
  config: Config,
  events: Events,
  log: (line: string) => void,
): Promise<StartedPlugins> {
  const running: [name: string, instance: PluginInstance][] = []
  const close = async (): Promise<void> => {
    for (const [name, instance] of running.reverse()) {
      try {
        await (inherited(instance, "close") as PluginInstance["close"])?.call(instance)
      } catch (error) {
        log(`the plugin "${name}" did not close well: ${error instanceof Error ? error.message : error}`)
      }
    }
  }
  const commands: Record<string, Commands[string]> = {}
  for (const plugin of plugins) {
    try {
      const listeners = new PluginListeners(plugin.name)
      const instance = await plugin.setup(hostOf(plugin.name, config, events, listeners, log))
      running.push([plugin.name, instance])
      for (const [name, command] of Object.entries(withListeners(instance.commands, listeners)))
        commands[`plugin:${plugin.name}|${name}`] = command
    } catch (error) {
      await close()
      throw error
    }
  }
  const scopeReaders = new Map(
    running.flatMap(([name, instance]) =>
      inherited(instance, "readScope") === undefined
        ? []
        : [[name, (value: unknown) => instance.readScope?.(value)] as const],
    ),
  )
  return { commands, scopeReaders, close }
}

/** A plugin that takes listeners in its own way brings all that belongs to it. */
function withListeners(commands: Commands, listeners: PluginListeners): Commands {
  return Object.hasOwn(commands, "register_listener") ? commands : { ...listeners.commands, ...commands }
}

function hostOf(
  name: string,
  config: Config,
  events: Events,
  listeners: PluginListeners,
  log: (line: string) => void,
): PluginHost {
  return {
    config: Object.hasOwn(config.plugins, name) ? config.plugins[name] : undefined,
    identifier: config.identifier,
    folder: dirname(config.file),
    appName: config.productName ?? config.identifier,
    version: config.version ?? "0.1.0",
    emit: (event, payload) => events.emit(readEventName(event), payload, { kind: "Any" }),
    emitTo: (target, event, payload) => events.emit(readEventName(event), payload, readTarget(target)),
    listen: (event, handler, target) =>
      events.handle(readEventName(event), readTarget(target ?? { kind: "App" }), handler),
    trigger: (event, payload) => listeners.trigger(event, payload),
    log: (line) => log(`[${name}] ${line}`),
  }
}
