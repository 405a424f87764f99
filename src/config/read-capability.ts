import { CAPABILITY, PERMISSION_ENTRY, REMOTE } from "./known-keys.ts"
import type { Origin, Place } from "./place.ts"
import {
  type PermissionReference,
  readPermissionReference,
  readPlatforms,
  readScope,
  type ScopeConfig,
} from "./read-permission.ts"
import { isRecord } from "./records.ts"

/** A pattern for labels of windows, as it stands in the file. */
export interface LabelPatternConfig {
  readonly pattern: string
  readonly origin: Origin
}

/** A permission, and what it adds to the scope. */
export interface PermissionEntryConfig extends PermissionReference {
  readonly scope: ScopeConfig
}

/** One capability: what some windows may do. */
export interface CapabilityConfig {
  readonly identifier: string
  readonly origin: Origin
  readonly windows: readonly LabelPatternConfig[]
  readonly webviews: readonly LabelPatternConfig[]
  /** Whether it is for the app's own pages. There are no others here: `remote` is checked, and no page is ever one. */
  readonly local: boolean
  readonly permissions: readonly PermissionEntryConfig[]
  /** `null`: all. */
  readonly platforms: readonly string[] | null
}

/** `null`, and a problem, for what is no capability, or has no name. */
export function readCapability(place: Place): CapabilityConfig | null {
  if (!isRecord(place.value)) return place.refuse("a capability: an object") ?? null
  const capability = place.section(CAPABILITY)
  const identifier = capability("identifier")
  if (typeof identifier.value !== "string" || identifier.value === "") identifier.refuse('a name: "main"')
  capability("description").string()
  const remote = capability("remote").nullable
  if (remote.value !== undefined)
    for (const url of remote.section(REMOTE)("urls").list("a list of URL patterns")) readText(url, "a URL pattern")
  const permissions = capability("permissions")
  if (permissions.value === undefined) permissions.refuse("a list of permissions")
  const rest = {
    origin: place.origin,
    windows: readPatterns(capability("windows")),
    webviews: readPatterns(capability("webviews")),
    local: capability("local").boolean() ?? true,
    permissions: permissions.list("a list of permissions").flatMap((entry) => readEntry(entry) ?? []),
    platforms: readPlatforms(capability("platforms")),
  }
  return typeof identifier.value === "string" ? { identifier: identifier.value, ...rest } : null
}

function readPatterns(place: Place): readonly LabelPatternConfig[] {
  return place.list("a list of window labels").map((item) => ({
    pattern: readText(item, 'the label of a window, or a pattern: "main", "editor-*"'),
    origin: item.origin,
  }))
}

function readText(place: Place, expected: string): string {
  if (typeof place.value === "string") return place.value
  place.refuse(expected)
  return ""
}

function readEntry(place: Place): PermissionEntryConfig | null {
  const entry = isRecord(place.value) ? place.section(PERMISSION_ENTRY) : null
  const reference = readPermissionReference(entry === null ? place : entry("identifier"))
  const scope = entry === null ? { allow: [], deny: [] } : readScope(entry("allow"), entry("deny"))
  return reference === null ? null : { ...reference, scope }
}
