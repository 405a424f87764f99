import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { type App, command, createApp, type Decision, DIAGNOSTICS_CHANNEL } from "sallyport"
import type { Driver, Page } from "./drivers/driver.ts"
import { freePort } from "./drivers/free-port.ts"
import { startVite, type ViteServer, viteBuild } from "./vite.ts"

const SOURCE = fileURLToPath(new URL("react-app", import.meta.url))
const MODULES = fileURLToPath(new URL("../node_modules", import.meta.url))
const PACKAGES = ["@tauri-apps/api", "@tauri-apps/plugin-opener", "@vitejs/plugin-react", "react", "react-dom", "vite"]

/** The React app in a folder of its own, running. */
export interface ReactApp {
  readonly app: App
  readonly decisions: readonly Decision[]
  /** Opens its window and waits until React has rendered. */
  open(driver: Driver): Promise<Page>
  /** Replaces text in a source file, and waits until a script in the page says that it shows. */
  edit(page: Page, file: string, from: string, to: string, isShown: string): Promise<void>
  close(): Promise<void>
}

const BETWEEN_CHANGES_MS = 300

export interface ReactAppOptions {
  /** Served by Vite, or built and served by Sallyport. */
  readonly from: "vite" | "dist"
  /** Changes `app.security`. */
  readonly security?: (security: Record<string, unknown>) => void
}

export async function startReactApp({ from, security }: ReactAppOptions): Promise<ReactApp> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-react-"))
  let vite: ViteServer | null = null
  try {
    await cp(SOURCE, folder, { recursive: true })
    // A folder of links, so that what Vite bundles for development stays in here.
    for (const name of PACKAGES) {
      const link = join(folder, "node_modules", name)
      await mkdir(dirname(link), { recursive: true })
      await symlink(join(MODULES, name), link)
    }
    const port = await freePort()
    const config = join(folder, "src-tauri", "tauri.conf.json")
    const settings = JSON.parse(await readFile(config, "utf8"))
    settings.build.devUrl = `http://localhost:${port}`
    security?.(settings.app.security)
    await writeFile(config, JSON.stringify(settings))
    if (from === "dist") await viteBuild(folder)
    else vite = await startVite(folder, port)
    return await run(folder, config, vite)
  } catch (error) {
    await vite?.close()
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function run(folder: string, config: string, vite: ViteServer | null): Promise<ReactApp> {
  // The port that is remembered goes with the folder.
  process.env.XDG_STATE_HOME = join(folder, "state")
  const decisions: Decision[] = []
  const listen = (decision: unknown): void => void decisions.push(decision as Decision)
  subscribe(DIAGNOSTICS_CHANNEL, listen)
  const app = await createApp({
    config,
    commands: {
      greet: command((args) => `Hello, ${(args as { name: string }).name}! You have been greeted by the Core.`),
    },
    requireIsolation: true,
    keepRunning: true,
    singleInstance: false,
    dev: vite !== null,
    log: () => {},
  })
  let savedAt = 0
  return {
    app,
    decisions,
    open: async (driver) => {
      let page: Page | undefined
      await app.open("main", async (url) => {
        page = await driver.open(url)
      })
      if (page === undefined) throw new Error("the app did not ask for a window")
      await page.waitFor("return document.querySelector('h1') !== null", 30_000)
      return page
    },
    edit: async (page, file, from, to, isShown) => {
      const path = join(folder, file)
      const text = await readFile(path, "utf8")
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
      for (let tries = 1; ; tries++) {
        // Vite's watcher drops a change that comes too soon after the one before, sooner than from any editor.
        await delay(savedAt + BETWEEN_CHANGES_MS - performance.now())
        // Whole at once, from a folder that is not watched: of half a file Vite makes a page that must be reloaded.
        const beside = join(folder, "src-tauri", "saved")
        await writeFile(beside, text.replace(from, to))
        await rename(beside, path)
        savedAt = performance.now()
        try {
          return await page.waitFor(isShown, 3000)
        } catch (error) {
          if (tries === 10) throw error
        }
      }
    },
    close: async () => {
      unsubscribe(DIAGNOSTICS_CHANNEL, listen)
      await app.close()
      await vite?.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
