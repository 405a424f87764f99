import { startTestPlugin, type TestCall, type TestPage, type TestPlugin } from "../plugin.fixture.ts"
import { type FsOptions, fs } from "./index.ts"

/** `BaseDirectory.AppData`. */
export const APP_DATA = 14

/** The plugin and a page whose calls may touch everything in `$APPDATA`, unless a test says otherwise. */
export interface TestFs extends TestPlugin {
  call(command: string, args: unknown, call?: TestCall): Promise<unknown>
  readonly first: TestPage
}

export async function startFs(options: FsOptions = {}, config?: unknown): Promise<TestFs> {
  const plugin = await startTestPlugin(fs(options), config)
  const first = plugin.page()
  return {
    ...plugin,
    first,
    call: (command, args, call = {}) => first.call(command, args, { allow: ["$APPDATA", "$APPDATA/**"], ...call }),
  }
}

/** Arguments for a path in `$APPDATA`. */
export function at(path: string, options: object = {}): object {
  return { path, options: { baseDir: APP_DATA, ...options } }
}
