import assert from "node:assert/strict"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { OpenWindow } from "./app-window.ts"
import { DEFAULT_WINDOW } from "./config/config.ts"

const LINK = "http://localhost:1234/__sallyport__/open#ticket"
const OPTIONS = { identifier: "org.example.app", askToClose: () => {}, log: () => {} }
const saved = { ...process.env }
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-app-window-"))
  Object.assign(process.env, { DISPLAY: ":1", XDG_DATA_HOME: folder, PATH: `${folder}:${saved.PATH}` })
})
afterEach(() => {
  process.env = { ...saved }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** A window in a browser that does what the script says. */
async function windowIn(script: string): Promise<OpenWindow> {
  writeFileSync(join(folder, "google-chrome"), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, "google-chrome"), 0o755)
  const window = new OpenWindow(DEFAULT_WINDOW, OPTIONS)
  await window.show(LINK, undefined)
  window.redeemed()
  window.sessions(1)
  return window
}

const after = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(resolve, ms, "open"))

test("a window that its user closes within its first seconds is closed", async () => {
  // The sessions end first, the browser a moment later, well, as one would that has handed its page over.
  const window = await windowIn("sleep 0.5; exit 0")
  window.sessions(0)
  assert.equal(await Promise.race([window.closed.then(() => "closed"), after(8000)]), "closed")
})

test("a browser of its own that runs on is not closed, however long its page has no session", async () => {
  const window = await windowIn("exec sleep 60")
  window.sessions(0)
  assert.equal(await Promise.race([window.closed.then(() => "closed"), after(6000)]), "open")
  await window.close()
})

test("a window that somebody else shows is closed when it has had no session for five seconds", async () => {
  const window = new OpenWindow(DEFAULT_WINDOW, OPTIONS)
  await window.show(LINK, () => {})
  window.sessions(1)
  window.sessions(0)
  assert.equal(await Promise.race([window.closed.then(() => "closed"), after(4000)]), "open")
  assert.equal(await Promise.race([window.closed.then(() => "closed"), after(3000)]), "closed")
})
