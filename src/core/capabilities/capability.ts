import { bare } from "../../boundary/wire/own.ts"
import type { Scope } from "../access.ts"

/** Where something stands, for whoever has to mend it. */
export interface Origin {
  readonly file: string
  readonly path: string
}

export interface PermissionReference {
  /** `fs:allow-read-file`, `core:event:default`; without a colon one of the app itself. */
  readonly identifier: string
  readonly origin: Origin
}

/** A permission, and what it adds to the scope. */
export interface PermissionEntry extends PermissionReference {
  readonly scope: Scope
}

export interface LabelPattern {
  readonly pattern: string
  readonly origin: Origin
}

/** What some windows may do. The label of a window is that of its only webview, too. */
export interface Capability {
  readonly identifier: string
  readonly windows: readonly LabelPattern[]
  readonly webviews: readonly LabelPattern[]
  /** Whether it is for the app's own pages: there are no others. */
  readonly local: boolean
  readonly permissions: readonly PermissionEntry[]
  /** `null`: all. */
  readonly platforms: readonly string[] | null
}

/** Something that cannot be used, found when plugins and commands were known. */
export interface CapabilityProblem {
  readonly origin: Origin
  readonly found: string
  readonly expected: string
  /** What may have been meant. */
  readonly candidates: readonly string[]
}

const PLATFORMS: Readonly<Record<string, string>> = bare({ win32: "windows", darwin: "macOS", android: "android" })

/** The platform that this process runs on, by Tauri's name. */
export function currentPlatform(): string {
  return PLATFORMS[process.platform] ?? "linux"
}
