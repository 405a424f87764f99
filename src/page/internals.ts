import { OWN_PATH } from "../protocol/endpoints.ts"
import type { Callbacks } from "./callbacks.ts"
import type { CoreConnection } from "./connection.ts"
import type { Listeners } from "./listeners.ts"

/** What `@tauri-apps/api` finds as `window.__TAURI_INTERNALS__`. */
export interface TauriInternals {
  invoke(cmd: string, args?: unknown, options?: unknown): Promise<unknown>
  /** Registers a callback under a random u32; a `once` callback is removed before it is called. */
  transformCallback(callback?: (data: unknown) => void, once?: boolean): number
  unregisterCallback(id: number): void
  runCallback(id: number, data: unknown): void
  /** Where a page finds a file of the user's: only what `app.security.assetProtocol` allows is there. */
  convertFileSrc(path: string, protocol?: string): string
  readonly callbacks: Map<number, (data: unknown) => void>
  readonly metadata: {
    readonly currentWindow: { readonly label: string }
    readonly currentWebview: { readonly windowLabel: string; readonly label: string }
  }
  readonly plugins: { readonly path: { readonly sep: string; readonly delimiter: string } }
}

/** What it finds as `window.__TAURI_EVENT_PLUGIN_INTERNALS__`. */
export interface TauriEventInternals {
  unregisterListener(event: string, eventId: number): void
}

declare global {
  interface Window {
    __TAURI_INTERNALS__?: TauriInternals
    isTauri?: boolean
  }
}

export function createInternals(
  connection: CoreConnection,
  callbacks: Callbacks,
  label: string,
  path: TauriInternals["plugins"]["path"],
): TauriInternals {
  return {
    invoke: (cmd, args, options) => connection.invoke(cmd, args, options),
    transformCallback: (callback, once) => callbacks.register(callback, once),
    unregisterCallback: (id) => callbacks.unregister(id),
    runCallback: (id, data) => callbacks.run(id, data),
    convertFileSrc: (path, protocol = "asset") =>
      `${location.origin}${OWN_PATH}${encodeURIComponent(protocol)}/${encodeURIComponent(path)}`,
    callbacks: callbacks.map,
    metadata: { currentWindow: { label }, currentWebview: { windowLabel: label, label } },
    plugins: { path },
  }
}

export function createEventInternals(listeners: Listeners): TauriEventInternals {
  return { unregisterListener: (event, eventId) => listeners.unregister(event, eventId) }
}
