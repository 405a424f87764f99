/** A promise about functions of a package of Tauri's, shown in a page. */
export interface PackageCall {
  readonly promise: string
  /** What it shows, as the package exports it: `readFile FileHandle.read`. */
  readonly shows: string
  /** Runs behind `PRELUDE`. */
  readonly script: string
  readonly expected: unknown
}

/** What scripts have at hand: `baseDir` is `$APPDATA`; `throws` gives what a call rejects with. */
export const PRELUDE = `
  const { fs, store } = tauri
  const app = { baseDir: fs.BaseDirectory.AppData }
  const text = (bytes) => new TextDecoder().decode(bytes)
  const bytes = (written) => new TextEncoder().encode(written)
  const throws = (run) => run().then(() => "nothing", (error) => error instanceof Error ? error.name + ": " + error.message : error)
  const until = async (isSo) => { while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20)) }
`
