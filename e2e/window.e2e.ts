import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { fileURLToPath } from "node:url"
import { findBrowser } from "./drivers/find-browser.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-window-e2e-"))
/** In the first window: creates a second one, and has it closed when it has done all it can with itself. */
const REPORT = `
const { invoke, metadata } = __TAURI_INTERNALS__
const own = (command, value) => invoke("plugin:window|" + command, { value })
const listen = (event, handler, target) =>
  invoke("plugin:event|listen", { event, target, handler: __TAURI_INTERNALS__.transformCallback(handler) })
async function first() {
  await listen("done", () => invoke("plugin:window|destroy", { label: "second" }), { kind: "Any" })
  const heard = new Promise((resolve) => { new BroadcastChannel("windows").onmessage = ({ data }) => resolve(data) })
  const gone = new Promise((resolve) => listen("tauri://destroyed", resolve, { kind: "Window", label: "second" }))
  await invoke("plugin:webview|create_webview_window", { options: { label: "second", title: "Second", width: 500, height: 400 } })
  await gone
  const isApp = matchMedia("(display-mode: browser)").matches === false
  const stored = localStorage.getItem("said")
  await invoke("report", { title: document.title, width: innerWidth, isApp, stored, heard: await heard })
}
async function second() {
  const seen = { title: document.title, width: outerWidth }
  localStorage.setItem("said", "stored by second")
  new BroadcastChannel("windows").postMessage("told by second")
  await own("set_size", { Logical: { width: 640, height: 440 } })
  seen.inner = [innerWidth, innerHeight]
  await own("set_position", { Logical: { x: 90, y: 70 } })
  seen.position = [screenX, screenY]
  const area = [screen.availWidth, screen.availHeight]
  await own("maximize")
  seen.fills = outerWidth > area[0] - 2 && outerHeight > area[1] - 2
  await own("unmaximize")
  seen.again = [innerWidth, innerHeight, screenX, screenY]
  await own("set_title", "Changed")
  seen.changed = await own("title")
  await own("set_fullscreen", true).catch((error) => { seen.fullscreen = error })
  await invoke("second", seen)
  await invoke("plugin:event|emit", { event: "done" })
}
/** A window that is handed to the browser that runs gets its size a moment later. */
async function other() {
  for (let wait = 0; wait < 200 && Math.abs(outerWidth - 400) > 1; wait++) await new Promise((resolve) => setTimeout(resolve, 50))
  await invoke("came", { width: outerWidth, height: outerHeight })
}
addEventListener("load", () => (({ second, other })[metadata.currentWindow.label] ?? first)().catch((error) => invoke("failed", { error: String(error) })))
`
let status: number | null = null
let report: {
  page: { title: string; width: number; isApp: boolean; stored: string; heard: string }
  second: Record<string, unknown>
  commandLines: string[]
  otherSizes: { width: number; height: number }[]
  afterClosing: { isMainOpen: boolean; isOtherClosed: boolean; browsers: number }
  closedMs: number
  afterCrash: string
}

before(() => {
  for (const name of ["frontend", "isolation", "temporary"]) mkdirSync(join(folder, name))
  writeFileSync(
    join(folder, "frontend", "index.html"),
    `<!doctype html><title>Its own</title><script src="report.js"></script>`,
  )
  writeFileSync(join(folder, "frontend", "report.js"), REPORT)
  writeFileSync(join(folder, "isolation", "index.html"), `<script src="index.js"></script>`)
  writeFileSync(join(folder, "isolation", "index.js"), "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload")
  const config = {
    identifier: "org.sallyport.window",
    build: { frontendDist: "frontend" },
    app: {
      windows: [
        { title: "From the configuration", width: 700, height: 500 },
        { label: "other", width: 400, height: 300 },
      ],
      security: { pattern: { use: "isolation", options: { dir: "isolation" } } },
    },
  }
  writeFileSync(join(folder, "tauri.conf.json"), JSON.stringify(config))
  const app = fileURLToPath(new URL("window.fixture.ts", import.meta.url))
  const result = spawnSync(findBrowser("xvfb"), ["-a", process.execPath, app, folder], {
    encoding: "utf8",
    timeout: 120_000,
    env: {
      ...process.env,
      XDG_DATA_HOME: join(folder, "data"),
      XDG_STATE_HOME: join(folder, "state"),
      TMPDIR: join(folder, "temporary"),
    },
  })
  status = result.status
  assert.equal(status, 0, result.stderr)
  report = JSON.parse(result.stdout)
})
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

test("app.open shows the page as an app, in the configured size, with the configured title", () => {
  assert.equal(report.page.title, "From the configuration")
  assert.ok(Math.abs(report.page.width - 700) < 40, `${report.page.width} pixels wide`)
  assert.equal(report.page.isApp, true)
})

test("no process has the launch link in its arguments, and the file that had it is gone", () => {
  assert.ok(
    report.commandLines.some((line) => line.includes("--app=file:")),
    "the browser was started on a file",
  )
  assert.deepEqual(
    report.commandLines.filter((line) => line.includes("__sallyport__")),
    [],
  )
  assert.deepEqual(
    readdirSync(join(folder, "temporary")).filter((name) => name.startsWith("sallyport-")),
    [],
  )
})

test("all windows are in one browser, with a profile of the app's own", () => {
  const profiles = join(folder, "data", "org.sallyport.window", "windows")
  // Names that begin with @ are no profiles of this instance.
  assert.deepEqual(
    readdirSync(profiles).filter((name) => !name.startsWith("@")),
    ["main"],
  )
  assert.ok(readdirSync(join(profiles, "main")).length > 0)
})

test("windows share web storage and channels", () => {
  const { stored, heard } = report.page
  assert.deepEqual({ stored, heard }, { stored: "stored by second", heard: "told by second" })
})

test("a window has its configured size, also beside another one, and when it is opened again", () => {
  const size = { width: 400, height: 300 }
  assert.deepEqual(report.otherSizes, [size, size])
})

test("close() closes that window alone, and its `closed` has resolved then", (context) => {
  assert.deepEqual(report.afterClosing, { isMainOpen: true, isOtherClosed: true, browsers: 1 })
  context.diagnostic(`closed ${report.closedMs} ms after close() was called`)
})

test("the end of the browser closes all windows, and with the last window the app ends", () => {
  assert.equal(report.afterCrash, "all closed")
  assert.equal(status, 0)
})

test("a window that a page creates is a browser window of its own, which sizes, moves and maximizes itself", () => {
  const { title, width, inner, position, fills, again, changed, fullscreen } = report.second
  assert.deepEqual(
    { title, inner, position, fills, again, changed },
    {
      title: "Second",
      inner: [640, 440],
      position: [90, 70],
      fills: true,
      again: [640, 440, 90, 70],
      changed: "Changed",
    },
  )
  assert.ok(Math.abs((width as number) - 500) < 40, `${width} pixels wide`)
  assert.match(String(fullscreen), /^set_fullscreen: .*a click or a key just before/)
})
