import { bare } from "../../boundary/wire/own.ts"
import type { Scope } from "../access.ts"
import type { PluginPermission } from "../plugin.ts"
import { CORE_PLUGINS } from "./core-plugins.ts"

/** A permission as its manifest declares it. */
export interface Permission {
  readonly commands: { readonly allow: readonly string[]; readonly deny: readonly string[] }
  readonly scope: Scope
  /** Of a set: the permissions in it. `null`: no set. */
  readonly permissions: readonly string[] | null
  /** `null`: all. */
  readonly platforms: readonly string[] | null
}

/** Which commands and permissions an app, or one of its plugins, has. */
export class Manifest {
  /** What its permissions begin with: `fs`, `core:event`; empty for the app itself. */
  readonly key: string
  /** Names without the plugin's. */
  readonly commands: readonly string[]
  readonly declared: ReadonlyMap<string, Permission>
  /** Commands that Tauri has, and this app does not. */
  readonly #absent: readonly string[]
  readonly #commandPrefix: string

  private constructor(
    key: string,
    commandPrefix: string,
    commands: readonly string[],
    declared: ReadonlyMap<string, Permission>,
    absent: readonly string[] = [],
  ) {
    this.key = key
    this.#commandPrefix = commandPrefix
    this.commands = commands
    this.declared = declared
    this.#absent = absent
  }

  static ofApp(commands: readonly string[], declared: ReadonlyMap<string, Permission>): Manifest {
    return new Manifest("", "", commands, declared)
  }

  static ofPlugin(
    name: string,
    commands: readonly string[],
    permissions: Readonly<Record<string, PluginPermission>> = {},
  ): Manifest {
    const declared = new Map(Object.entries(permissions).map(([id, permission]) => [id, complete(permission)]))
    const core = Object.hasOwn(CORE_PLUGINS, name) ? CORE_PLUGINS[name] : undefined
    const absent = core === undefined ? [] : [...core.byDefault, ...core.others]
    return new Manifest(core === undefined ? name : `core:${name}`, `plugin:${name}|`, commands, declared, absent)
  }

  /** `core:default`: the default of each of these. */
  static ofCore(plugins: readonly Manifest[]): Manifest {
    const permissions = plugins.map(({ key }) => `${key}:default`)
    return new Manifest("core", "", [], new Map([["default", complete({ permissions })]]))
  }

  /** A command's name as pages call it. */
  full(command: string): string {
    return this.#commandPrefix + command
  }

  /** A permission's name as capabilities write it. */
  name(identifier: string): string {
    return this.key === "" ? identifier : `${this.key}:${identifier}`
  }

  /**
   * A permission that is declared, or one that each command has by itself: `allow-read-note` and `deny-read-note` for
   * `read_note`. A plugin without `default` has an empty one. `undefined`: there is none of that name.
   */
  find(identifier: string): Permission | undefined {
    const declared = this.declared.get(identifier)
    if (declared !== undefined) return declared
    if (identifier === "default" && this.key !== "") return complete({ permissions: [] })
    const [, kind, slug] = /^(allow|deny)-(.+)$/.exec(identifier) ?? []
    const commands = this.commands.filter((command) => slugOf(command) === slug)
    if (commands.length > 0) return complete({ commands: kind === "allow" ? { allow: commands } : { deny: commands } })
    return this.#absent.some((command) => slugOf(command) === slug) ? complete({ commands: {} }) : undefined
  }

  /** Every permission there is. */
  get identifiers(): readonly string[] {
    const commands = [...this.commands, ...this.#absent].map(slugOf)
    const own = this.key === "" ? [] : ["default"]
    return [
      ...new Set([
        ...own,
        ...this.declared.keys(),
        ...commands.map((slug) => `allow-${slug}`),
        ...commands.map((slug) => `deny-${slug}`),
      ]),
    ]
  }
}

const slugOf = (command: string): string => command.replaceAll("_", "-")

/** Of own properties: what a permission leaves out must not come from `Object.prototype`. */
function complete(permission: PluginPermission): Permission {
  const { commands, scope, permissions } = bare(permission)
  const { allow: allowed = [], deny: denied = [] } = bare(commands ?? {})
  const { allow = [], deny = [] } = bare(scope ?? {})
  return {
    commands: { allow: allowed, deny: denied },
    scope: { allow, deny },
    permissions: permissions ?? null,
    platforms: null,
  }
}
