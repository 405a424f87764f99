import type { Stats } from "node:fs"

/** `WatchEvent` of `@tauri-apps/plugin-fs`, as far as the system tells. */
export interface WatchEvent {
  readonly type:
    | { readonly create: { readonly kind: "file" | "folder" | "other" } }
    | { readonly modify: { readonly kind: "data"; readonly mode: "any" } }
    | { readonly remove: { readonly kind: "any" } }
    | "other"
  readonly paths: readonly string[]
  readonly attrs: Readonly<Record<string, unknown>>
}

export function created(path: string, found: Stats): WatchEvent {
  const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other"
  return { type: { create: { kind } }, paths: [path], attrs: {} }
}

export function modified(path: string): WatchEvent {
  return { type: { modify: { kind: "data", mode: "any" } }, paths: [path], attrs: {} }
}

export function removed(path: string): WatchEvent {
  return { type: { remove: { kind: "any" } }, paths: [path], attrs: {} }
}

/** Changes may have been missed below a path: whoever keeps a picture of it should look again. */
export function missed(path: string): WatchEvent {
  return { type: "other", paths: [path], attrs: { flag: "rescan" } }
}

/** What two changes of one path come to; `null`: nothing that anybody saw. */
export function together(first: WatchEvent, second: WatchEvent): WatchEvent | null {
  const is = (event: WatchEvent, kind: string): boolean =>
    typeof event.type === "object" && Object.hasOwn(event.type, kind)
  if (is(first, "create")) return is(second, "remove") ? null : is(second, "modify") ? first : second
  if (is(first, "remove") && is(second, "create")) return modified(second.paths[0] as string)
  return second
}
