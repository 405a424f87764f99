import { once } from "node:events"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { rawBytes } from "../../boundary/wire/serialize.ts"
import { readConfig } from "../../config/config.ts"
import { type Command, command } from "../../core/command.ts"
import { Core } from "../../core/core.ts"
import { Events } from "../../core/events.ts"
import { BRIDGE } from "../../embedded/bridge.ts"
import { SANDBOX } from "../../embedded/sandbox.ts"
import { buildIsolationApp } from "../../isolation-app/build.ts"
import { readIsolationApp } from "../../isolation-app/isolation-app.ts"
import { RunningApp } from "../../running-app.ts"
import { startServer } from "../../server/server.ts"
import { Errands } from "./errands.ts"
import { headlessBrowser } from "./headless-browser.ts"
import type { Answer, HookOptions, HookUnderTest, TestCall } from "./hook-under-test.ts"

export interface BrowserHookOptions extends HookOptions {
  /** Absolute path of the isolation app, or of the source of one. */
  readonly dir: string
  /** Whether it has to be built first. */
  readonly isSource: boolean
  readonly browser: string
  /** Labels of the windows that the cases name. */
  readonly windows: readonly string[]
  /** Names of the commands that the cases call. */
  readonly commands: readonly string[]
}

/** What the Core ran last: one call is on its way at a time. */
interface Ran {
  call: { readonly cmd: string; readonly payload: unknown } | null
}

/** The isolation app in the real isolation frame of a real page, in front of a real Core whose commands only take note. */
export class BrowserHook implements HookUnderTest {
  readonly #app: RunningApp
  readonly #errands: Errands
  readonly #folder: string
  readonly #end: () => Promise<void>
  readonly #ran: Ran

  private constructor(app: RunningApp, errands: Errands, folder: string, ran: Ran, end: () => Promise<void>) {
    this.#app = app
    this.#errands = errands
    this.#folder = folder
    this.#ran = ran
    this.#end = end
  }

  /** @throws CommandError when the browser is not installed */
  static async start(options: BrowserHookOptions): Promise<BrowserHook> {
    const { limits, log, windows } = options
    const start = headlessBrowser(options.browser)
    const folder = await mkdtemp(join(tmpdir(), "sallyport-test-"))
    const dir = options.isSource ? join(folder, "isolation") : options.dir
    if (options.isSource) await buildIsolationApp({ source: options.dir, dir })
    const isolationApp = await readIsolationApp(dir)
    const errands = await Errands.start(windows)
    const ran: Ran = { call: null }
    const note = (cmd: string): [string, Command] => [
      cmd,
      command((payload) => {
        ran.call = { cmd, payload }
        return null
      }) as unknown as Command,
    ]
    const commands = Object.fromEntries(options.commands.map(note))
    const configFile = await writeProject(folder, windows, dir, errands)
    const config = await readConfig(configFile)
    const events = new Events(log)
    const core = new Core({ commands, events, pattern: "isolation", limits, log })
    const server = await startServer({
      config,
      limits,
      gate: core,
      isolationApp,
      bridge: BRIDGE,
      sandbox: SANDBOX,
      pageScripts: [],
      assets: null,
      dev: false,
      log,
      stateFolder: join(folder, "state"),
    })
    errands.allow(server.origin)
    const plugins = { commands: {}, scopeReaders: new Map(), close: async () => {} }
    const browsers: ReturnType<typeof start>[] = []
    const app = new RunningApp({
      config,
      core,
      events,
      plugins,
      server,
      audit: null,
      dev: false,
      keepRunning: true,
      log,
      show: (url) => void browsers.push(start(url, join(folder, `profile-${browsers.length}`))),
    })
    const end = async (): Promise<void> => {
      for (const browser of browsers) browser.kill("SIGKILL")
      await Promise.all(browsers.map((browser) => browser.exitCode ?? browser.signalCode ?? once(browser, "exit")))
    }
    for (const label of windows) await app.open(label)
    return new BrowserHook(app, errands, folder, ran, end)
  }

  async ask(call: TestCall, window: string): Promise<Answer> {
    this.#ran.call = null
    const raw = rawBytes(call.payload)
    const { refused } = await this.#errands.send(window, {
      cmd: call.cmd,
      payload: raw === null ? call.payload : null,
      bytes: raw === null ? null : Buffer.from(raw).toString("base64"),
      headers: call.headers,
    })
    if (refused !== null) return { passed: false, ...refused }
    // A hook that renames a command has it run under a name that nobody took note of.
    const { cmd, payload } = this.#ran.call ?? { cmd: call.cmd, payload: undefined }
    return { passed: true, cmd, payload }
  }

  async close(): Promise<void> {
    await this.#end()
    await this.#app.close()
    await this.#errands.close()
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A project with the isolation app and a page that does errands. */
async function writeProject(
  folder: string,
  windows: readonly string[],
  dir: string,
  { origin, page }: Errands,
): Promise<string> {
  const config = {
    identifier: "org.sallyport.test",
    build: { frontendDist: "../pages" },
    app: {
      windows: windows.map((label) => ({ label, url: `index.html?${encodeURIComponent(label)}` })),
      security: { pattern: { use: "isolation", options: { dir } }, csp: `default-src 'self'; connect-src ${origin}` },
    },
  }
  await mkdir(join(folder, "src-tauri"))
  await mkdir(join(folder, "pages"))
  await writeFile(
    join(folder, "pages", "index.html"),
    `<!doctype html><title>Test</title><script src="errands.js"></script>`,
  )
  await writeFile(join(folder, "pages", "errands.js"), page)
  const file = join(folder, "src-tauri", "tauri.conf.json")
  await writeFile(file, JSON.stringify(config))
  return file
}
