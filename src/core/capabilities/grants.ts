import type { Scope } from "../access.ts"
import {
  type Capability,
  type CapabilityProblem,
  currentPlatform,
  type LabelPattern,
  type Origin,
} from "./capability.ts"
import { type LabelGlob, labelGlob } from "./label-glob.ts"
import type { Leaf, Manifests, Unknown } from "./manifests.ts"
import { whatIsWrong } from "./unknown-permission.ts"

/** Which permission of which capability does something. */
export interface Reference {
  readonly capability: string
  /** As capabilities write it. */
  readonly permission: string
}

/** Something that a capability gives to its windows. */
export interface Grant extends Reference {
  /** As they stand in the capability. */
  readonly patterns: readonly string[]
  readonly isFor: LabelGlob
  readonly scope: Scope
}

/** A permission of a plugin that the app does not have, and where it is named. */
export interface Missing extends Unknown {
  readonly origin: Origin
}

/** What all capabilities come to. */
export interface Grants {
  /** By the command's full name. */
  readonly allowed: ReadonlyMap<string, readonly Grant[]>
  readonly denied: ReadonlyMap<string, readonly Reference[]>
  /** By the manifest's key: scopes of permissions without commands, which hold for all commands of a plugin. */
  readonly wide: ReadonlyMap<string, readonly Grant[]>
  /** Whether a permission of the app itself is named, anywhere. */
  readonly namesApp: boolean
  readonly problems: readonly CapabilityProblem[]
  /** Permissions of plugins that the app does not have. */
  readonly missing: readonly Missing[]
}

/** Works out what capabilities grant and deny, on this platform. Reports what they name and nobody has. */
export function resolveGrants(
  capabilities: readonly Capability[],
  manifests: Manifests,
  platform: string = currentPlatform(),
): Grants {
  const allowed = new Map<string, Grant[]>()
  const denied = new Map<string, Reference[]>()
  const wide = new Map<string, Grant[]>()
  const problems: CapabilityProblem[] = []
  const missing: Missing[] = []
  let namesApp = false

  for (const capability of capabilities) {
    const windows = readWindows(capability, problems)
    const isActive = capability.platforms?.includes(platform) ?? true
    for (const entry of capability.permissions) {
      const { leaves, unknown } = manifests.expand(entry.identifier)
      // As Tauri does it: what a capability for phones names need not be there on a desktop.
      for (const nobodys of isActive ? unknown : []) {
        const problem = whatIsWrong(nobodys, entry, manifests)
        if (problem === null) missing.push({ ...nobodys, origin: entry.origin })
        else problems.push(problem)
      }
      namesApp ||= leaves.some(({ manifest }) => manifest.key === "")
      if (isActive) for (const leaf of leaves) place(leaf, entry.scope, capability, windows)
    }
  }
  return { allowed, denied, wide, namesApp, problems, missing }

  function place(
    { manifest, identifier, permission }: Leaf,
    extra: Scope,
    capability: Capability,
    windows: Pick<Grant, "patterns" | "isFor">,
  ): void {
    if (!(permission.platforms?.includes(platform) ?? true)) return
    const { commands } = permission
    const reference = { capability: capability.identifier, permission: manifest.name(identifier) }
    const scope = {
      allow: [...extra.allow, ...permission.scope.allow],
      deny: [...extra.deny, ...permission.scope.deny],
    }
    // A deny counts whatever windows and pages it is for: as in Tauri, and on the safe side.
    for (const command of commands.deny) append(denied, manifest.full(command), reference)
    const isForAll = commands.allow.length === 0 && commands.deny.length === 0
    if (isForAll) {
      const allow = capability.local ? scope.allow : []
      append(wide, manifest.key, { ...reference, ...windows, scope: { allow, deny: scope.deny } })
    } else if (capability.local)
      for (const command of commands.allow) append(allowed, manifest.full(command), { ...reference, ...windows, scope })
  }
}

function readWindows(
  { windows, webviews }: Capability,
  problems: CapabilityProblem[],
): Pick<Grant, "patterns" | "isFor"> {
  const globs = [...windows, ...webviews].flatMap((pattern) => compile(pattern, problems) ?? [])
  return {
    patterns: [...windows, ...webviews].map(({ pattern }) => pattern),
    isFor: (label) => globs.some((glob) => glob(label)),
  }
}

function compile({ pattern, origin }: LabelPattern, problems: CapabilityProblem[]): LabelGlob | null {
  try {
    return labelGlob(pattern)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    problems.push({ origin, found: pattern, expected: `a pattern for labels (${why})`, candidates: [] })
    return null
  }
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
