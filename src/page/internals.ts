import type { CoreConnection } from "./connection.ts"

/** What `@tauri-apps/api` finds as `window.__TAURI_INTERNALS__`. */
export interface TauriInternals {
  invoke(cmd: string, args?: unknown, options?: unknown): Promise<unknown>
  /** Registers a callback under a random u32; a `once` callback is removed before it is called. */
  transformCallback(callback?: (data: unknown) => void, once?: boolean): number
  unregisterCallback(id: number): void
  runCallback(id: number, data: unknown): void
  readonly callbacks: Map<number, (data: unknown) => void>
  readonly metadata: {
    readonly currentWindow: { readonly label: string }
    readonly currentWebview: { readonly label: string }
  }
  readonly plugins: { readonly path: { readonly sep: string; readonly delimiter: string } }
}

declare global {
  interface Window {
    __TAURI_INTERNALS__?: TauriInternals
    isTauri?: boolean
  }
}

export function createInternals(
  connection: CoreConnection,
  label: string,
  path: TauriInternals["plugins"]["path"],
): TauriInternals {
  const callbacks: TauriInternals["callbacks"] = new Map()
  const unregisterCallback = (id: number): void => void callbacks.delete(id)
  return {
    invoke: (cmd, args, options) => connection.invoke(cmd, args, options),
    transformCallback: (callback, once = false) => {
      let id: number
      do id = crypto.getRandomValues(new Uint32Array(1))[0] as number
      while (callbacks.has(id))
      callbacks.set(id, (data) => {
        if (once) unregisterCallback(id)
        return callback?.(data)
      })
      return id
    },
    unregisterCallback,
    runCallback: (id, data) => {
      const callback = callbacks.get(id)
      if (callback === undefined)
        console.warn(`[TAURI] Couldn't find callback id ${id}: was the page reloaded while a command ran?`)
      else callback(data)
    },
    callbacks,
    metadata: { currentWindow: { label }, currentWebview: { label } },
    plugins: { path },
  }
}
