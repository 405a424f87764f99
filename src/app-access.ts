import { readGranted, scopeProblems } from "./app-scopes.ts"
import { own } from "./boundary/wire/own.ts"
import { type Config, ConfigError, type ConfigProblem, type PermissionConfig } from "./config/config.ts"
import { nearest } from "./config/nearest.ts"
import { type Access, UNRESTRICTED } from "./core/access.ts"
import { CapabilityAccess } from "./core/capabilities/capability-access.ts"
import { type Grants, resolveGrants } from "./core/capabilities/grants.ts"
import { Manifest, type Permission } from "./core/capabilities/manifest.ts"
import { Manifests } from "./core/capabilities/manifests.ts"
import type { Commands } from "./core/command.ts"
import { inherited } from "./core/inherited.ts"
import type { Plugin } from "./core/plugin.ts"

export interface AccessOptions {
  readonly config: Pick<Config, "file" | "capabilities" | "permissions">
  /** The app's own. */
  readonly commands: Commands
  readonly plugins: readonly Plugin[]
  /** The plugins', as `plugin:<plugin>|<command>`. */
  readonly pluginCommands: Commands
  /** By the plugin's name: what reads a value of its scopes. */
  readonly scopeReaders: ReadonlyMap<string, (value: unknown) => void>
  readonly log: (line: string) => void
}

/**
 * Makes of an app's capabilities who may call what, and says what an author should know about them.
 *
 * @throws ConfigError for permissions that nobody has, for patterns that are none, and for scopes that a plugin cannot read
 */
export function createAccess({ config, commands, plugins, pluginCommands, scopeReaders, log }: AccessOptions): Access {
  const { file, capabilities, permissions } = config
  const names = Object.keys(commands)
  if (capabilities === null) {
    if (permissions !== null)
      log(`${file}: permissions/ declares permissions, but there are no capabilities: every window may call everything`)
    return UNRESTRICTED
  }
  const ofPlugins = plugins.map((plugin) =>
    Manifest.ofPlugin(
      plugin.name,
      commandsOf(plugin.name, pluginCommands),
      inherited(plugin, "permissions") as Plugin["permissions"],
    ),
  )
  const core = Manifest.ofCore(ofPlugins.filter(({ key }) => key.startsWith("core:")))
  const declared = new Map((permissions ?? []).map((permission) => [permission.identifier, permissionOf(permission)]))
  const manifests = new Manifests([Manifest.ofApp(names, declared), core, ...ofPlugins])
  const grants = resolveGrants(capabilities, manifests)
  const problems = [
    ...grants.problems.map(inWords),
    ...misspeltPlugins(grants, manifests),
    ...scopeProblems(capabilities, scopeReaders),
  ]
  if (problems.length > 0) throw new ConfigError(problems)

  readGranted(grants, scopeReaders)
  for (const { identifier, windows, webviews } of capabilities)
    if (windows.length + webviews.length === 0) log(`the capability "${identifier}" names no window: it grants nothing`)
  logMissing(grants, log)
  logUnknownCommands(permissions ?? [], names, log)
  const checksApp = permissions !== null || grants.namesApp
  const [first] = names
  if (!checksApp && first !== undefined)
    log(
      `${file}: capabilities exist, but none names a command of the app: every window may call all of them; ` +
        `add "allow-${first.replaceAll("_", "-")}" to a capability, and they need a permission, each`,
    )
  return new CapabilityAccess(manifests, grants, checksApp)
}

/** Those that have a permission of their own. */
function commandsOf(plugin: string, commands: Commands): readonly string[] {
  const prefix = `plugin:${plugin}|`
  return Object.entries(commands)
    .filter(([name, command]) => name.startsWith(prefix) && own(command, "judgedAs") === undefined)
    .map(([name]) => name.slice(prefix.length))
}

function permissionOf({ commands, scope, platforms, permissions }: PermissionConfig): Permission {
  return { commands, scope, platforms, permissions: permissions?.map(({ identifier }) => identifier) ?? null }
}

function inWords({ origin, found, expected, candidates }: Grants["problems"][number]): ConfigProblem {
  const meant = nearest(found, candidates)
  const hint = meant === null ? "" : `; did you mean ${JSON.stringify(meant)}?`
  return {
    code: "VALUE_INVALID",
    ...origin,
    message: `found ${JSON.stringify(found)}, expected ${expected}${hint}`,
  }
}

/** A deny of a plugin whose name is misspelt would deny nothing, and nobody would notice. */
function misspeltPlugins({ missing }: Grants, manifests: Manifests): readonly ConfigProblem[] {
  return missing.flatMap(({ permission, plugin, origin }) => {
    const meant = nearest(plugin ?? "", manifests.keys)
    if (meant === null) return []
    const message = `found ${JSON.stringify(permission)}: the app has no plugin "${plugin}"; did you mean "${meant}"?`
    return [{ code: "VALUE_INVALID", ...origin, message }]
  })
}

/** Each plugin once. */
function logMissing({ missing }: Grants, log: (line: string) => void): void {
  for (const [plugin, permissions] of Map.groupBy(missing, (permission) => permission.plugin)) {
    const names = [...new Set(permissions.map(({ permission }) => `"${permission}"`))].join(", ")
    log(
      `the app has no plugin "${plugin}": ${names} of its capabilities grant${permissions.length > 1 ? "" : "s"} nothing`,
    )
  }
}

function logUnknownCommands(
  permissions: readonly PermissionConfig[],
  own: readonly string[],
  log: (line: string) => void,
): void {
  for (const { identifier, commands, origin } of permissions)
    for (const command of [...commands.allow, ...commands.deny]) {
      if (own.includes(command)) continue
      const meant = nearest(command, own)
      const hint = meant === null ? "" : `; did you mean "${meant}"?`
      log(`${origin.file}: the permission "${identifier}" is for "${command}", which is no command of the app${hint}`)
    }
}
