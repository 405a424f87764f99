import type { Origin, Place } from "./place.ts"
import { isRecord } from "./records.ts"

/** A permission that a capability or a set names. */
export interface PermissionReference {
  /** `fs:allow-read-file`, `core:event:default`; without a colon one of the app itself. */
  readonly identifier: string
  readonly origin: Origin
}

/** What a command may touch: values whose meaning is the command's own. */
export interface ScopeConfig {
  readonly allow: readonly unknown[]
  readonly deny: readonly unknown[]
}

const PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
const OWN = new RegExp(`^${PART}$`)
/** One colon; more only in what begins with `core:`. */
const ANY = new RegExp(`^(?:core:)?(?:${PART}:)?${PART}$`)

/** In bytes: 64 for the permission, a colon, and what `tauri-plugin-` leaves of 64 for the plugin. */
const LONGEST = 116

/** `null`, and a problem, for what is no permission's identifier. */
export function readPermissionReference(place: Place): PermissionReference | null {
  const identifier = readIdentifier(place, ANY, 'a permission, as "fs:allow-read-file" or "core:default"')
  return identifier === null ? null : { identifier, origin: place.origin }
}

/** The identifier under which the app itself declares a permission. `null`, and a problem, for any other. */
export function readOwnIdentifier(place: Place): string | null {
  return readIdentifier(place, OWN, 'an identifier of letters, digits and, between them, hyphens: "allow-read-note"')
}

function readIdentifier(place: Place, pattern: RegExp, expected: string): string | null {
  const { value } = place
  const isWellFormed = (text: string): boolean =>
    pattern.test(text) && text.length <= LONGEST && !text.startsWith("tauri-plugin-")
  if (typeof value === "string" && isWellFormed(value)) return value
  // What people write: the command's own name, and the name of the plugin's package.
  const meant = typeof value === "string" ? value.replace(/^tauri-plugin-/, "").replaceAll("_", "-") : ""
  place.refuse(expected, isWellFormed(meant) ? [meant] : [])
  return null
}

/** The two lists of a scope. */
export function readScope(allow: Place, deny: Place): ScopeConfig {
  return { allow: readValues(allow), deny: readValues(deny) }
}

function readValues(place: Place): readonly unknown[] {
  return place.nullable.list("a list of what is in the scope").flatMap((item) => {
    if (isJson(item.value)) return [frozenCopy(item.value)]
    item.refuse("what JSON can hold")
    return []
  })
}

/** Objects are the same then, whichever format they come from, and no command changes them for the next call. */
function frozenCopy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => Object.freeze(part))
}

/** TOML knows dates and infinite numbers, which Tauri's scopes do not. */
function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJson)
  if (isRecord(value)) return !(value instanceof Date) && Object.values(value).every(isJson)
  return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value)
}

const PLATFORMS = ["linux", "macOS", "windows", "android", "iOS"]

/** `null`: all platforms. */
export function readPlatforms(place: Place): readonly string[] | null {
  if (place.nullable.value === undefined) return null
  return place.list("a list of platforms").map((item) => {
    if (typeof item.value === "string" && PLATFORMS.includes(item.value)) return item.value
    item.refuse(`"linux", "macOS", "windows", "android" or "iOS"`, PLATFORMS)
    return ""
  })
}
