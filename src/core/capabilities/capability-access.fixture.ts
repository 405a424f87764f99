import assert from "node:assert/strict"
import type { PluginPermission } from "../plugin.ts"
import type { Capability } from "./capability.ts"
import { CapabilityAccess } from "./capability-access.ts"
import { type Grants, resolveGrants } from "./grants.ts"
import { Manifest, type Permission } from "./manifest.ts"
import { Manifests } from "./manifests.ts"

/** Where all of them stand. */
export const origin: { readonly file: string; readonly path: string } = {
  file: "/app/capabilities/main.json",
  path: "permissions[0]",
}

/** An entry as it stands in a capability. */
export type Entry = string | { readonly identifier: string; readonly allow?: unknown[]; readonly deny?: unknown[] }

export interface Written extends Partial<Pick<Capability, "identifier" | "local" | "platforms">> {
  readonly windows?: readonly string[]
  readonly webviews?: readonly string[]
  readonly permissions: readonly Entry[]
}

/** A capability for the window "main", unless it says otherwise. */
function capability({ windows, webviews, permissions, ...rest }: Written): Capability {
  const patterns = (list: readonly string[]) => list.map((pattern) => ({ pattern, origin }))
  return {
    identifier: "the-capability",
    local: true,
    platforms: null,
    ...rest,
    windows: patterns(windows ?? (webviews === undefined ? ["main"] : [])),
    webviews: patterns(webviews ?? []),
    permissions: permissions.map((entry) => {
      const { identifier, allow = [], deny = [] } = typeof entry === "string" ? { identifier: entry } : entry
      return { identifier, scope: { allow, deny }, origin }
    }),
  }
}

const FS: Readonly<Record<string, PluginPermission>> = {
  default: { permissions: ["read-all", "scope-app"] },
  "read-all": { commands: { allow: ["read_file", "read_dir"] } },
  "scope-app": { scope: { allow: ["$APP"], deny: ["$APP/secret"] } },
  "a-reader": { commands: { allow: ["read_file"] } },
  "read-more": { permissions: ["read-home"] },
  scope: {},
  "read-home": { commands: { allow: ["read_file"] }, scope: { allow: ["$HOME"] } },
  loop: { permissions: ["loop", "allow-read-dir"] },
  borrows: { permissions: ["core:event:allow-listen", "opener:default"] },
  broken: { permissions: ["nonsense"] },
}

export interface Setting {
  readonly capabilities: readonly Written[]
  /** The app's own permissions; `undefined`: it declares none. */
  readonly declared?: Readonly<Record<string, Partial<Permission>>>
}

/** What capabilities come to, in an app with plugins of many kinds. */
export function resolve({ capabilities, declared = {} }: Setting): { manifests: Manifests; grants: Grants } {
  const own = Object.entries(declared).map(([identifier, permission]) => {
    const none = {
      commands: { allow: [], deny: [] },
      scope: { allow: [], deny: [] },
      permissions: null,
      platforms: null,
    }
    return [identifier, { ...none, ...permission }] as const
  })
  const event = Manifest.ofPlugin("event", ["listen", "unlisten", "emit", "emit_to"], {
    default: { permissions: ["allow-listen", "allow-unlisten"] },
  })
  const manifests = new Manifests([
    Manifest.ofApp(["read_note", "writeNote"], new Map(own)),
    Manifest.ofCore([event]),
    event,
    Manifest.ofPlugin("window", ["title", "set_title"], { default: { permissions: ["allow-title"] } }),
    Manifest.ofPlugin("fs", ["read_file", "read_dir", "remove"], FS),
    Manifest.ofPlugin("bare", ["run"]),
  ])
  return { manifests, grants: resolveGrants(capabilities.map(capability), manifests, "linux") }
}

/** Who judges calls by them. */
export function access(setting: Setting): CapabilityAccess {
  const { manifests, grants } = resolve(setting)
  assert.deepEqual(grants.problems, [])
  return new CapabilityAccess(manifests, grants, setting.declared !== undefined || grants.namesApp)
}

/** One capability for the window "main". */
export const only = (...permissions: Entry[]): Setting => ({ capabilities: [{ permissions }] })

export const READ = "plugin:fs|read_file"
