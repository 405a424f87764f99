import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type App, type AppOptions, type Commands, createApp, type Decision, DIAGNOSTICS_CHANNEL } from "sallyport"
import type { Driver, Page } from "./drivers/driver.ts"

/** The two ways in which a page reaches the Core: `app.security.pattern`. */
export type Pattern = "isolation" | "brownfield"

/** A hook as an isolation app's author writes it: the text of index.js. */
export type HookSource = string

export interface TestAppOptions {
  /** Text of the isolation app's index.js; `null` for a brownfield app. Default: a hook that passes everything. */
  readonly hook?: HookSource | null
  readonly commands: Commands
  readonly limits?: Readonly<Record<string, number>>
  readonly windows?: readonly object[]
  /** Text of the frontend's index.html. */
  readonly html?: string
  /** Further files of the frontend. */
  readonly extra?: Readonly<Record<string, string>>
  readonly security?: object
  /** Further keys of the configuration's `app`. */
  readonly app?: object
  readonly options?: Partial<AppOptions>
  /** Works on the app's folder before the app starts, and says what it starts with. */
  readonly prepare?: (folder: string) => Promise<Partial<AppOptions>>
}

/** An app in a folder of its own, running, with what it decided and logged. */
export interface TestApp {
  readonly app: App
  readonly folder: string
  readonly decisions: Decision[]
  readonly logged: string[]
  /** Opens a window in a browser and waits until its bridge is there. */
  open(driver: Driver, label?: string): Promise<Page>
  close(): Promise<void>
}

export const PASS: HookSource = "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload"

/**
 * The page's own script: `call` turns what becomes of an invoke into JSON, so that a test sees rejections as data, and
 * counts how often it settled.
 */
const FRONTEND = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Test</title></head>
<body>
<script src="test.js"></script>
</body>
</html>
`
const FRONTEND_SCRIPT = `
window.settled = 0
window.invoke = (cmd, args, options) => window.__TAURI_INTERNALS__.invoke(cmd, args, options)
window.bytesOf = (value) => value instanceof ArrayBuffer ? { bytes: [...new Uint8Array(value)] } : value
window.call = (cmd, args, options) => invoke(cmd, args, options).then(
  (value) => (settled++, { value: bytesOf(value) }),
  (error) => (settled++, error instanceof Error ? { name: error.name, code: error.code, message: error.message } : { rejected: error }),
)
`

export async function startTestApp(options: TestAppOptions): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-e2e-"))
  const {
    hook = PASS,
    commands,
    limits = {},
    windows = [{ label: "main" }, { label: "other" }],
    html = FRONTEND,
  } = options
  await mkdir(join(folder, "frontend"))
  await writeFile(join(folder, "frontend", "index.html"), html)
  await writeFile(join(folder, "frontend", "test.js"), FRONTEND_SCRIPT)
  for (const [file, text] of Object.entries(options.extra ?? {})) await writeFile(join(folder, "frontend", file), text)
  if (hook !== null) {
    await mkdir(join(folder, "isolation"))
    await writeFile(join(folder, "isolation", "index.html"), '<!doctype html>\n<script src="index.js"></script>\n')
    await writeFile(join(folder, "isolation", "index.js"), hook)
  }
  const pattern = hook === null ? { use: "brownfield" } : { use: "isolation", options: { dir: "isolation" } }
  const config = {
    identifier: "org.sallyport.e2e",
    build: { frontendDist: "frontend" },
    app: { windows, security: { pattern, ...options.security }, ...options.app },
    plugins: { sallyport: { limits } },
  }
  await writeFile(join(folder, "tauri.conf.json"), JSON.stringify(config))

  const prepared = await options.prepare?.(folder)

  // The port that is remembered goes with the folder.
  process.env.XDG_STATE_HOME = join(folder, "state")
  const decisions: Decision[] = []
  const logged: string[] = []
  const listen = (decision: unknown): void => void decisions.push(decision as Decision)
  subscribe(DIAGNOSTICS_CHANNEL, listen)
  const app = await createApp({
    config: folder,
    commands,
    keepRunning: true,
    singleInstance: false,
    log: (line) => logged.push(line),
    ...options.options,
    ...prepared,
  })
  return {
    app,
    folder,
    decisions,
    logged,
    open: async (driver, label = "main") => {
      let page: Page | undefined
      await app.open(label, async (url) => {
        page = await driver.open(url)
      })
      if (page === undefined) throw new Error("the app did not ask for a window")
      await page.waitFor("return typeof call === 'function' && document.readyState !== 'loading'")
      return page
    },
    close: async () => {
      unsubscribe(DIAGNOSTICS_CHANNEL, listen)
      await app.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until something is so; throws with `what` when it is not within half a minute: a machine may be busy. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + 30_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within half a minute: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
