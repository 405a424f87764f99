import assert from "node:assert/strict"
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { fileURLToPath } from "node:url"
import { findBrowser } from "./drivers/find-browser.ts"

/** How long anything may take on a busy machine, in ms. */
const PATIENCE_MS = 60_000

const folder = mkdtempSync(join(tmpdir(), "sallyport-second-e2e-"))
const profiles = join(folder, "data", "org.sallyport.second", "windows")
const fixture = fileURLToPath(new URL("second-launch.fixture.ts", import.meta.url))

/** Tells that it is there, again and again, and when it is asked to get the focus. */
const PAGE = `
const say = (text) => __TAURI_INTERNALS__.invoke("say", { text })
window.focus = () => say("asked for the focus")
setInterval(() => say("alive"), 200)
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

  /** What was printed, without the page's signs of life. */
  get output(): string {
    return this.#output.replaceAll("alive\n", "")
  }

  /** Waits until its page has called once more. */
  async isAlive(): Promise<void> {
    const calls = (): number => this.#output.split("alive\n").length
    const before = calls()
    await eventually(() => calls() > before, this)
  }

  async ended(): Promise<number | null> {
    await eventually(() => this.#child.exitCode !== null || this.#child.signalCode !== null, this)
    return this.#child.exitCode
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

let xvfb: ChildProcess
/** What programs need to show a window. */
let screen: NodeJS.ProcessEnv = {}
const apps: App[] = []
const start = (singleInstance = true): App => {
  const app = new App(screen, singleInstance)
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
    JSON.stringify({ identifier: "org.sallyport.second", build: { frontendDist: "frontend" }, app: { security } }),
  )
  // A screen that lives as long as its standard input is read.
  const said = { output: "" }
  xvfb = spawn(findBrowser("xvfb"), ["-a", "sh", "-c", "echo $DISPLAY $XAUTHORITY; cat"], {
    stdio: ["pipe", "pipe", "ignore"],
  })
  xvfb.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said.output += text
  })
  await eventually(() => said.output.includes("\n"), said)
  const [DISPLAY, XAUTHORITY] = said.output.trim().split(" ")
  screen = { DISPLAY, XAUTHORITY }
})
after(async () => {
  for (const app of apps) app.kill()
  xvfb.stdin?.end()
  await new Promise((resolve) => xvfb.once("close", resolve))
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

test("an app that is started twice has one window, whose page is asked for the focus; the second ends with 0", async () => {
  const first = start()
  await first.isAlive()
  const second = start()
  assert.equal(await second.ended(), 0)
  assert.equal(second.output, "org.sallyport.second already runs, and was asked to show its window\nsecond\n")
  await eventually(() => first.output.includes("asked for the focus"), first)
  assert.equal(browsers(), 1)
  await first.isAlive()
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
