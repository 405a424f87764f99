/** What the client needs of the bridge: the part of `window.__TAURI_INTERNALS__` that Tauri's pages have, too. */
export interface ClientInternals {
  invoke(cmd: string, args?: unknown, options?: unknown): Promise<unknown>
  transformCallback(callback: (data: unknown) => void): number
  unregisterCallback(id: number): void
}

/** The bridge of this page. Throws an `Error` where there is none. */
export function internals(): ClientInternals {
  const found = (globalThis as { __TAURI_INTERNALS__?: ClientInternals }).__TAURI_INTERNALS__
  if (found === undefined)
    throw new Error("this page has no app behind it: open it from the app, or use @tauri-apps/api/mocks in tests")
  return found
}
