/**
 * What the isolation frame's modules find in a browser and Node has not: a `window` whose hook the tests set.
 * Imported before the modules under test.
 */
const realm: { window?: unknown } = globalThis as never
realm.window = globalThis

type Hook = (payload: never, context: never) => unknown

/** Sets the isolation app's hook, as index.js does. */
export function setHook(hook: Hook | null | undefined | number): void {
  Object.assign(globalThis, { __TAURI_ISOLATION_HOOK__: hook })
}
