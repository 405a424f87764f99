import assert from "node:assert/strict"
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { fileURLToPath } from "node:url"
import { Screen } from "./screen.fixture.ts"

/** How long anything may take on a busy machine, in ms. */
const PATIENCE_MS = 60_000

const folder = mkdtempSync(join(tmpdir(), "sallyport-second-e2e-"))
const profiles = join(folder, "data", "org.sallyport.second", "windows")
const fixture = fileURLToPath(new URL("second-launch.fixture.ts", import.meta.url))

/** Says again and again whether it has the focus, and when it is asked to get it, which it does nothing for. */
const PAGE = `
const { invoke, metadata } = __TAURI_INTERNALS__
const say = (text) => invoke("say", { text: metadata.currentWindow.label + " " + text })
window.focus = () => say("is asked for the focus")
setInterval(() => say(document.hasFocus() ? "is in front" : "is behind"), 200)
`

class App {
  readonly #child: ChildProcess
  #output = ""

  constructor(screen: NodeJS.ProcessEnv, singleInstance: boolean) {
    this.#child = spawn(process.execPath, [fixture, folder, String(singleInstance)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...screen,
        XDG_DATA_HOME: join(folder, "data"),
        XDG_STATE_HOME: join(folder, "state"),
      },
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text
      })
  }

  /** What was printed, without what pages say again and again. */
  get output(): string {
    return this.#output.replace(/^\w+ is (in front|behind)\n/gm, "")
  }

  /** Waits until a page has said what is expected once more. */
  async says(expected: RegExp): Promise<void> {
    const calls = (): number => this.#output.split(expected).length
    const before = calls()
    await eventually(() => calls() > before, this)
  }

  isAlive(): Promise<void> {
    return this.says(/main is/)
  }

  async ended(): Promise<number | null> {
    await eventually(() => this.#child.exitCode !== null || this.#child.signalCode !== null, this)
    return this.#child.exitCode
  }

  /** Opens a second window, in front of the first. */
  openOther(): void {
    this.#child.kill("SIGUSR2")
  }

  end(): Promise<number | null> {
    this.#child.kill()
    return this.ended()
  }

  kill(): void {
    this.#child.kill("SIGKILL")
  }
}

async function eventually(isSo: () => boolean, said: { readonly output: string }): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; !isSo(); ) {
    if (performance.now() > end) throw new Error(`not in time: ${isSo}\n${said.output}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Browsers that were started for windows of the app, without their own processes. */
function browsers(): number {
  return readdirSync("/proc").filter((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      return line.includes("--app=") && line.includes(folder) && !line.includes("--type=")
    } catch {
      return false
    }
  }).length
}

let screen: Screen
const apps: App[] = []
const start = (singleInstance = true): App => {
  const app = new App(screen.env, singleInstance)
  apps.push(app)
  return app
}

before(async () => {
  for (const name of ["frontend", "isolation"]) mkdirSync(join(folder, name))
  writeFileSync(
    join(folder, "frontend", "index.html"),
    `<!doctype html><title>Second</title><script src="page.js"></script>`,
  )
  writeFileSync(join(folder, "frontend", "page.js"), PAGE)
  writeFileSync(join(folder, "isolation", "index.html"), `<script src="index.js"></script>`)
  writeFileSync(join(folder, "isolation", "index.js"), "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload")
  const security = { pattern: { use: "isolation", options: { dir: "isolation" } } }
  writeFileSync(
    join(folder, "tauri.conf.json"),
    JSON.stringify({
      identifier: "org.sallyport.second",
      build: { frontendDist: "frontend" },
      app: { windows: [{ label: "main" }, { label: "other" }], security },
    }),
  )
  screen = await Screen.start()
})
after(async () => {
  for (const app of apps) app.kill()
  await screen.end()
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

test("a second launch raises the app's window, asks its page, starts no browser and ends with 0", async () => {
  const first = start()
  await first.isAlive()
  first.openOther()
  await first.says(/other is in front/)
  await first.says(/main is behind/)
  const second = start()
  assert.equal(await second.ended(), 0)
  assert.equal(second.output, "org.sallyport.second already runs, and was asked to show its window\nsecond\n")
  await first.says(/main is in front/)
  await first.says(/other is behind/)
  await eventually(() => first.output.includes("main is asked for the focus"), first)
  assert.equal(browsers(), 1)
  assert.equal(await first.end(), 0)
})

test("an app with singleInstance false that is started twice has two windows, and the end of one leaves the other", async () => {
  const first = start(false)
  await first.isAlive()
  const second = start(false)
  await second.isAlive()
  assert.equal(browsers(), 2)
  assert.ok(existsSync(join(profiles, "main")) && existsSync(join(profiles, "@2", "main")))
  assert.equal(await first.end(), 0)
  await second.isAlive()
  assert.equal(browsers(), 1)
  assert.equal(await second.end(), 0)
})
