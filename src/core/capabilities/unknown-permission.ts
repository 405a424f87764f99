import type { CapabilityProblem, PermissionEntry } from "./capability.ts"
import { isCoreName, type Manifests, split, type Unknown } from "./manifests.ts"

/**
 * What to say about a permission that nobody has. `null` where nothing is wrong: the app has no such plugin, and its
 * capabilities come from one that has.
 */
export function whatIsWrong(
  { permission, plugin }: Unknown,
  { identifier, origin }: PermissionEntry,
  manifests: Manifests,
): CapabilityProblem | null {
  const found = permission
  const via = permission === identifier ? "" : ` (it is in the set "${identifier}")`
  if (plugin !== null && isCoreName(plugin)) {
    const meant = `core:${permission}`
    return { origin, found, expected: `"${meant}": the plugin "${plugin}" is one of Tauri's own${via}`, candidates: [] }
  }
  if (plugin !== null) return null
  const { prefix } = split(permission)
  const manifest = manifests.get(prefix ?? "")
  const candidates = manifest?.identifiers.map((known) => manifest.name(known)) ?? []
  const owner = prefix === null ? "the app: allow-<command> for one of its commands" : `the plugin "${prefix}"`
  return { origin, found, expected: `a permission of ${owner}${via}`, candidates }
}
