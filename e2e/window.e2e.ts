import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { fileURLToPath } from "node:url"
import { findBrowser } from "./drivers/find-browser.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-window-e2e-"))
let status: number | null = null
let report: { page: { title: string; width: number; isApp: boolean }; commandLines: string[] }

before(() => {
  for (const name of ["frontend", "isolation", "temporary"]) mkdirSync(join(folder, name))
  writeFileSync(
    join(folder, "frontend", "index.html"),
    `<!doctype html><title>Its own</title><script src="report.js"></script>`,
  )
  writeFileSync(
    join(folder, "frontend", "report.js"),
    `addEventListener("load", () => __TAURI_INTERNALS__.invoke("report", { title: document.title, width: innerWidth, isApp: matchMedia("(display-mode: browser)").matches === false }))`,
  )
  writeFileSync(join(folder, "isolation", "index.html"), `<script src="index.js"></script>`)
  writeFileSync(join(folder, "isolation", "index.js"), "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload")
  const config = {
    identifier: "org.sallyport.window",
    build: { frontendDist: "frontend" },
    app: {
      windows: [{ title: "From the configuration", width: 700, height: 500 }],
      security: { pattern: { use: "isolation", options: { dir: "isolation" } } },
    },
  }
  writeFileSync(join(folder, "tauri.conf.json"), JSON.stringify(config))
  const app = fileURLToPath(new URL("window.fixture.ts", import.meta.url))
  const result = spawnSync(findBrowser("xvfb"), ["-a", process.execPath, app, folder], {
    encoding: "utf8",
    timeout: 50_000,
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

test("the browser has a profile of the app's own", () =>
  assert.ok(readdirSync(join(folder, "data", "org.sallyport.window", "windows", "main")).length > 0))

test("the app ends when its last window is closed", () => assert.equal(status, 0))
