/** What the client needs of the bridge: the part of `window.__TAURI_INTERNALS__` that Tauri's pages have, too. */
export interface ClientInternals {
  invoke(cmd: string, args?: unknown, options?: unknown): Promise<unknown>
  transformCallback(callback: (data: unknown) => void): number
  unregisterCallback(id: number): void
}

/** The bridge of this page, or the mock in its place. Throws an `Error` where there is none. */
export function internals(): ClientInternals {
  type Realm = { __TAURI_INTERNALS__?: Partial<ClientInternals> }
  // Tests in Node make a `window` for Tauri's mocks that is not the global object.
  const { window = globalThis as Realm } = globalThis as { window?: Realm }
  const found = window.__TAURI_INTERNALS__
  if (typeof found?.invoke !== "function")
    throw new Error("this page has no app behind it: open it from the app, or use @tauri-apps/api/mocks in tests")
  return found as ClientInternals
}
