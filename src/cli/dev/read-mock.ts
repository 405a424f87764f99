import { pathToFileURL } from "node:url"
import { type Command, type Commands, command } from "../../core/command.ts"
import type { Plugin } from "../../core/plugin.ts"

/** What an app is made of that a file's functions answer. */
export interface Mock {
  readonly commands: Commands
  readonly plugins: readonly Plugin[]
}

/**
 * Loads a file of commands: its default export, or its export `commands`, an object of functions or `command()`s by name.
 * Names such as `plugin:dialog|open` are fine.
 *
 * @param file absolute path
 * @throws TypeError for anything else
 */
export async function readMock(file: string): Promise<Mock> {
  const exported: { readonly default?: unknown; readonly commands?: unknown } = await import(pathToFileURL(file).href)
  return asMock(file, exported.default ?? exported.commands)
}

/** Makes of a file's commands what an app takes. Throws a `TypeError` for anything else. */
export function asMock(file: string, found: unknown): Mock {
  if (typeof found !== "object" || found === null)
    throw new TypeError(
      `${file}: found no commands: export default { greet: ({ name }) => \`Hello, \${name}!\` }, or export them as \`commands\``,
    )
  const own: Record<string, Command> = {}
  const ofPlugins = new Map<string, Record<string, Command>>()
  for (const [name, value] of Object.entries(found)) {
    const [, plugin, inner] = /^plugin:([^|]+)\|(.+)$/.exec(name) ?? []
    if (plugin === undefined || inner === undefined) own[name] = asCommand(file, name, value)
    else ofPlugins.set(plugin, { ...ofPlugins.get(plugin), [inner]: asCommand(file, name, value) })
  }
  return {
    commands: own,
    plugins: [...ofPlugins].map(([name, commands]) => ({
      name,
      permissions: { default: { commands: { allow: Object.keys(commands) } } },
      setup: () => ({ commands }),
    })),
  }
}

function asCommand(file: string, name: string, value: unknown): Command {
  if (typeof value === "function") return command(value as (args: unknown) => unknown) as Command
  if (typeof (value as Partial<Command> | null)?.handler === "function") return value as Command
  throw new TypeError(`${file}: "${name}" is neither a function nor a command()`)
}
