import { CORE_PLUGINS } from "./core-plugins.ts"
import type { Manifest, Permission } from "./manifest.ts"

/** A permission on its own, of a set or named alone. */
export interface Leaf {
  readonly manifest: Manifest
  readonly identifier: string
  readonly permission: Permission
}

/** A permission that cannot be had. */
export interface Unknown {
  /** As it is written, with the plugin's name. */
  readonly permission: string
  /** The plugin that the app does not have; `null`: it has the plugin, but the plugin has no such permission. */
  readonly plugin: string | null
}

export interface Expansion {
  readonly leaves: readonly Leaf[]
  readonly unknown: readonly Unknown[]
}

/** The manifests of an app and its plugins, and what a permission's name stands for among them. */
export class Manifests {
  readonly #byKey: ReadonlyMap<string, Manifest>

  constructor(manifests: readonly Manifest[]) {
    this.#byKey = new Map(manifests.map((manifest) => [manifest.key, manifest]))
  }

  get all(): Iterable<Manifest> {
    return this.#byKey.values()
  }

  get keys(): readonly string[] {
    return [...this.#byKey.keys()].filter((key) => key !== "")
  }

  get(key: string): Manifest | undefined {
    return this.#byKey.get(key)
  }

  /** What a name stands for: a set for all that is in it. In a set, a name without prefix is one of the set's own manifest. */
  expand(name: string): Expansion {
    const leaves: Leaf[] = []
    const unknown: Unknown[] = []
    const seen = new Set<string>()
    const visit = (permission: string, ownKey: string): void => {
      const { prefix, identifier } = split(permission)
      const key = prefix ?? ownKey
      const manifest = this.#byKey.get(key)
      if (manifest === undefined) return void unknown.push({ permission, plugin: key })
      const full = manifest.name(identifier)
      if (seen.has(full)) return
      seen.add(full)
      const found = manifest.find(identifier)
      if (found === undefined) return void unknown.push({ permission: full, plugin: null })
      if (isLeaf(found)) leaves.push({ manifest, identifier, permission: found })
      for (const member of found.permissions ?? []) visit(member, key)
    }
    visit(name, "")
    return { leaves, unknown }
  }
}

/** `core:event:allow-listen` is `allow-listen` of `core:event`. */
export function split(permission: string): { prefix: string | null; identifier: string } {
  const colon = permission.lastIndexOf(":")
  return { prefix: colon === -1 ? null : permission.slice(0, colon), identifier: permission.slice(colon + 1) }
}

/** `event` for `core:event`, where that is meant: names of Tauri's betas. */
export function isCoreName(key: string): boolean {
  return Object.hasOwn(CORE_PLUGINS, key)
}

/** A set that says nothing itself gives its scope to what is in it, and to nothing else. */
function isLeaf({ permissions, commands, scope }: Permission): boolean {
  return (
    [commands.allow, commands.deny, scope.allow, scope.deny].some((list) => list.length > 0) || permissions === null
  )
}
