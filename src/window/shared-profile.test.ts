import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { AppModeWindow } from "./app-mode-window.ts"
import { fakeChromium } from "./chromium.fixture.ts"
import type { AppBrowser } from "./find-browser.ts"
import { openWindow, type WindowOptions } from "./open-window.ts"

const posix = { skip: process.platform === "win32" }
const LINK = "http://localhost:1234/__sallyport__/open#ticket"

let folder: string
let logged: string[]
let browser: AppBrowser
let open: AppModeWindow[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-shared-"))
  logged = []
  browser = fakeChromium(folder)
  open = []
})
afterEach(async () => {
  await Promise.all(open.map((window) => window.close()))
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

function options(label: string): WindowOptions {
  return {
    label,
    width: label === "main" ? 700 : 400,
    height: 300,
    identifier: "org.example.app",
    profileRoot: folder,
    log: (line) => logged.push(line),
  }
}

function show(label: string): AppModeWindow {
  const profiles = join(folder, "profiles")
  const window = new AppModeWindow(browser, LINK, join(profiles, "main"), options(label), join(profiles, label))
  open.push(window)
  return window
}

function shown(): string[] {
  try {
    return readFileSync(join(folder, "browser.log"), "utf8").trim().split("\n")
  } catch {
    return []
  }
}

/** Waits for a line of the browser's. */
async function until(line: string, times = 1): Promise<void> {
  for (let wait = 0; wait < 3000; wait++) {
    if (shown().filter((one) => one === line).length >= times) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`the browser did not write "${line}": ${shown().join(", ")}`)
}

/** Waits until the browser that was started for a window can be told to raise it. */
async function raised(window: AppModeWindow): Promise<void> {
  for (let wait = 0; wait < 3000; wait++) {
    await window.focus()
    if (shown().at(-1) === "raises T1") return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`the browser did not raise the window: ${shown().join(", ")}`)
}

/** Two windows in one browser, both of whose pages have come. */
async function two(): Promise<[AppModeWindow, AppModeWindow]> {
  rmSync(join(folder, "browser.log"), { force: true })
  const first = show("main")
  const second = show("other")
  await until("shows T1")
  first.redeemed()
  await until("sizes T2 400x300")
  second.redeemed()
  // The browser has answered, so that the window can be told what to do.
  while (second.pid === undefined) await new Promise((resolve) => setTimeout(resolve, 10))
  return [first, second]
}

test("a further window is shown by the browser that runs, in its own size", posix, async () => {
  await two()
  assert.deepEqual(shown(), ["shows T1", "attaches T1", "shows T2", "attaches T2", "sizes T2 400x300"])
})

test("closing a window closes that window alone, whichever it is", posix, async () => {
  for (const index of [0, 1] as const) {
    const windows = await two()
    let isOtherClosed = false
    windows[1 - index]?.closed.then(() => {
      isOtherClosed = true
    })
    await windows[index].close()
    await windows[index].closed
    assert.deepEqual(shown().at(-1), `closes T${index + 1}`)
    assert.equal(isOtherClosed, false)
    await windows[1 - index]?.close()
  }
})

test("a window that is to get the focus is raised by its browser, whichever it is", posix, async () => {
  const windows = await two()
  for (const index of [0, 1, 0] as const) {
    await windows[index].focus()
    assert.equal(shown().at(-1), `raises T${index + 1}`)
  }
})

test("the focus of a window that is closed, or whose browser has ended, goes nowhere", posix, async () => {
  const [first, second] = await two()
  await second.close()
  await second.focus()
  assert.equal(shown().at(-1), "closes T2")
  let isClosed = false
  first.closed.then(() => {
    isClosed = true
  })
  process.kill(first.pid ?? 0, "SIGKILL")
  await first.focus()
  assert.ok(isClosed, "the end of the browser is known when its window could not be raised")
  await first.focus()
  assert.equal(shown().at(-1), "closes T2")
})

test("windows that are closed at the same time are all closed, and the browser ends", posix, async () => {
  const windows = await two()
  await Promise.all(windows.map((window) => window.close()))
  await Promise.all(windows.map((window) => window.closed))
  // The profile is free again.
  await two()
})

test("a window that its user closes is closed, and the others stay", posix, async () => {
  const [first, second] = await two()
  let isSecondClosed = false
  second.closed.then(() => {
    isSecondClosed = true
  })
  process.kill(first.pid ?? 0, "SIGUSR2")
  await first.closed
  assert.equal(isSecondClosed, false)
})

test("the end of the browser closes all windows", posix, async () => {
  const [first, second] = await two()
  process.kill(first.pid ?? 0, "SIGKILL")
  await Promise.all([first.closed, second.closed])
})

test("a window that waits for a browser which ends starts another one", posix, async () => {
  const first = show("main")
  await until("shows T1")
  const second = show("other")
  await first.close()
  await until("shows T1", 2)
  second.redeemed()
})

test("a window that is opened while its browser ends is in the next one, which is told what to do", posix, async () => {
  browser = fakeChromium(folder, { endMs: 1000 })
  const first = show("main")
  await until("shows T1")
  first.redeemed()
  await raised(first)
  process.kill(first.pid ?? 0, "SIGUSR2")
  await first.closed
  const again = show("main")
  await until("shows T1", 2)
  again.redeemed()
  await raised(again)
  assert.equal(shown().filter((line) => line === "shows T1").length, 2)
})

test("a window that is closed while another one is being shown does not take that one with it", posix, async () => {
  const first = show("main")
  await until("shows T1")
  first.redeemed()
  await raised(first)
  const second = show("other")
  // Its program is being started.
  await new Promise(setImmediate)
  const closing = first.close()
  await until("sizes T2 400x300")
  await closing
  while (second.pid === undefined) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.deepEqual(
    shown().filter((line) => !line.startsWith("raises")),
    ["shows T1", "attaches T1", "shows T2", "attaches T2", "sizes T2 400x300", "closes T1"],
  )
  await second.focus()
  assert.equal(shown().at(-1), "raises T2")
})

test("a window whose user closes it when its page has just come is closed", posix, async () => {
  browser = fakeChromium(folder, { gone: "T2" })
  const first = show("main")
  await until("shows T1")
  first.redeemed()
  const second = show("other")
  second.redeemed()
  await second.closed
  assert.equal(shown().at(-1), "closes T2")
})

test("where the browser does not answer, a window has a profile of its own", posix, async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  browser = fakeChromium(folder, { isMute: true })
  const first = show("main")
  first.redeemed()
  const second = show("other")
  context.mock.timers.tick(20_000)
  context.mock.timers.reset()
  await until("shows T1", 2)
  let isFirstClosed = false
  first.closed.then(() => {
    isFirstClosed = true
  })
  await second.close()
  assert.equal(isFirstClosed, false)
})

test("profiles that labels had before are named once, and kept", posix, () => {
  process.env.DISPLAY ??= ":1"
  const profiles = join(folder, "org.example.app", "windows")
  for (const label of ["main", "settings"]) mkdirSync(join(profiles, label), { recursive: true })
  open.push(...["main", "other"].map((label) => openWindow(LINK, options(label), browser) as AppModeWindow))
  assert.equal(logged.filter((line) => line.includes('deleted: "settings"')).length, 1)
})

test("a window waits for a browser that is started a second time", posix, async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const first = show("main")
  const second = show("other")
  context.mock.timers.tick(5000)
  context.mock.timers.reset()
  for (let wait = 0; first.pid === undefined && wait < 1000; wait++) await new Promise(setImmediate)
  await until("shows T1")
  first.redeemed()
  await until("sizes T2 400x300")
  second.redeemed()
  let isFirstClosed = false
  first.closed.then(() => {
    isFirstClosed = true
  })
  await second.close()
  assert.equal(isFirstClosed, false)
})
