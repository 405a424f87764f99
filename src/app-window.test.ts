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
  window.redeemed({ ticket: "t", credential: "c" })
  window.sessions(1)
  return window
}

test("a window that its user closes within its first seconds is closed", async () => {
  // The sessions end first, the browser a moment later, well, as one would that has handed its page over.
  const window = await windowIn("sleep 0.5; exit 0")
  window.sessions(0)
  await window.closed
})

test("a browser of its own that runs on is not closed, however long its page has no session", async (t) => {
  const window = await windowIn("exec sleep 60")
  t.mock.timers.enable({ apis: ["setTimeout"] })
  window.sessions(0)
  t.mock.timers.tick(3_600_000)
  assert.equal(await state(window), "open")
  t.mock.timers.reset()
  await window.close()
})

test("a window that somebody else shows is closed when it has had no session for five seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] })
  const window = new OpenWindow(DEFAULT_WINDOW, OPTIONS)
  await window.show(LINK, () => {})
  window.sessions(1)
  window.sessions(0)
  t.mock.timers.tick(4999)
  assert.equal(await state(window), "open")
  t.mock.timers.tick(1)
  assert.equal(await state(window), "closed")
})

/** A window that a `show` of the app's author shows. */
async function shownWindow(shown: unknown, askToClose: (window: OpenWindow) => void = () => {}): Promise<OpenWindow> {
  const window = new OpenWindow(DEFAULT_WINDOW, { ...OPTIONS, askToClose })
  await window.show(LINK, async (url, { label, title, width, height }) => {
    assert.deepEqual([url, label, title, width, height], [LINK, "main", null, 800, 600])
    return shown
  })
  window.redeemed({ ticket: "t", credential: "c" })
  window.sessions(1)
  return window
}
const state = (window: OpenWindow): Promise<string> =>
  Promise.race([window.closed.then(() => "closed"), new Promise<string>((resolve) => setImmediate(resolve, "open"))])

test("what shows a window closes it, where it can", async () => {
  let closed = 0
  const window = await shownWindow({ close: async () => void closed++ })
  await window.close()
  assert.equal(closed, 1)
  assert.equal(await state(window), "closed")
})

test("what cannot close its window well says so, and the window counts as closed: nothing more can be done", async () => {
  const window = await shownWindow({
    close: () => {
      throw new Error("no such window")
    },
  })
  await assert.rejects(window.close(), /no such window/)
  assert.equal(await state(window), "closed")
})

test("a window that only its page can close is closed when its sessions have ended, at once", async () => {
  const window = await shownWindow(undefined, (asked) => queueMicrotask(() => asked.sessions(0)))
  await window.close()
  assert.equal(await state(window), "closed")
})

test("a window whose page does not close it is still open five seconds later, and says so; it can be asked again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] })
  let asked = 0
  for (const shown of [undefined, {}, { close: true }]) {
    const window = await shownWindow(shown, () => void asked++)
    for (const time of [1, 2]) {
      const closing = window.close()
      t.mock.timers.tick(5000)
      await assert.rejects(closing, /the window "main" is still open: the browser does not let its page close it/)
      assert.equal(asked, time)
      assert.equal(await state(window), "open")
    }
    asked = 0
    // A page that reloads now is none that was closed.
    window.sessions(0)
    assert.equal(await state(window), "open")
    await window.abandon()
  }
})
