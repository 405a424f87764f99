import assert from "node:assert/strict"
import { beforeEach, describe, test } from "node:test"
import type { ShownBrowser, ShowUrl } from "./app-window.ts"
import { AppWindows } from "./app-windows.ts"
import { resolveLimits } from "./boundary/wire/limits.ts"
import { type Config, DEFAULT_WINDOW } from "./config/config.ts"
import { Core } from "./core/core.ts"
import { Events } from "./core/events.ts"
import type { DevParent } from "./dev-parent.ts"
import type { Server } from "./server/server.ts"
import type { WindowOptions } from "./window/open-window.ts"

const ORIGIN = "http://localhost:1234"
let core: Core
let events: Events
let logged: string[]
let lastClosed: number
/** Tickets of the windows that were shown, and whether their pages come at once. */
let tickets: string[]
let comes: boolean
/** What was told, in order. */
let told: unknown[]

const SHOW: ShowUrl = (ticket) => {
  tickets.push(ticket)
  if (comes) core.redeemLaunchTicket(ticket)
  return { close: () => {} }
}

/** The app's windows, with a server that gives its tickets as they are. */
function start(show: ShowUrl | null = SHOW, openBrowser?: (ticket: string, label: string) => ShownBrowser): AppWindows {
  const log = (line: string): void => void logged.push(line)
  events = new Events(log)
  core = new Core({ commands: {}, events, pattern: "brownfield", limits: resolveLimits(), log })
  for (const event of ["tauri://window-created", "tauri://webview-created", "tauri://destroyed"])
    events.handle(event, { kind: "Any" }, ({ payload }) => void told.push([event, payload]))
  const config = {
    file: "tauri.conf.json",
    identifier: "a",
    devUrl: null,
    windows: [DEFAULT_WINDOW, { ...DEFAULT_WINDOW, label: "later", create: false }],
  }
  const server = { origin: ORIGIN, launchUrl: (ticket: string) => ticket }
  return new AppWindows(
    {
      config: config as unknown as Config,
      core,
      events,
      server: server as unknown as Server,
      dev: false,
      show: show ?? undefined,
      ...(openBrowser === undefined
        ? {}
        : {
            devParent: { openBrowser: (url: string, { label }: WindowOptions) => openBrowser(url, label) } as DevParent,
          }),
      log,
    },
    () => void lastClosed++,
  )
}

beforeEach(() => {
  logged = []
  lastClosed = 0
  tickets = []
  told = []
  comes = true
})
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe("a window that a page creates", () => {
  test("is there when its page has come, and not before", async () => {
    const windows = start()
    comes = false
    let created = false
    const creating = windows.create({ label: "a" }).then(() => {
      created = true
    })
    await turn()
    assert.deepEqual(windows.labels, ["a"])
    await assert.rejects(windows.create({ label: "a" }), /a window with label `a` already exists/)
    assert.deepEqual([created, told], [false, []])
    core.redeemLaunchTicket(tickets[0] as string)
    await creating
    assert.deepEqual(told, [
      ["tauri://window-created", { label: "a" }],
      ["tauri://webview-created", { label: "a" }],
    ])
  })

  test("is none when its page does not come within a minute: its link is dead, its label free, nothing is told", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] })
    const windows = start()
    comes = false
    const creating = windows.create({ label: "a" })
    await turn()
    t.mock.timers.tick(60_000)
    await assert.rejects(creating, /the window "a" did not open: no browser has shown its page/)
    await turn()
    assert.equal(core.redeemLaunchTicket(tickets[0] as string), null)
    assert.deepEqual([windows.labels, told], [[], []])
  })

  test("is none when it could not be shown: the reason is told, its link is dead", async () => {
    let ticket = ""
    const windows = start((url) => {
      ticket = url
      throw new Error("no display")
    })
    await assert.rejects(windows.create({ label: "a" }), /no display/)
    assert.deepEqual([windows.labels, lastClosed], [[], 0])
    assert.equal(core.redeemLaunchTicket(ticket), null)
  })

  test("is one of at most 64", async () => {
    const windows = start()
    for (let index = 0; index < 64; index++) await windows.create({ label: `w${index}` })
    await assert.rejects(windows.create({ label: "more" }), /at most 64 windows: close some first/)
    await windows.destroy("w0")
    await turn()
    await windows.create({ label: "more" })
    await windows.abandon()
  })

  test("needs a way to be shown where the app shows the others one by one", async () => {
    const windows = start(null)
    await windows.open("main", SHOW)
    await assert.rejects(windows.create({ label: "a" }), /the app's author has to give createApp\(\) a `show`/)
    await windows.abandon()
  })

  test("is without what no browser window has, and the log says so", async () => {
    const windows = start()
    await windows.create({ label: "a", decorations: false, parent: "main" })
    assert.deepEqual(logged, [
      'the window "a" is created without decorations,parent: a browser window has no such thing',
    ])
    await windows.abandon()
  })
})

test("a window of the configuration with `create: false` can be opened later, one that is not there cannot", async () => {
  const windows = start()
  await windows.open("later", undefined)
  assert.deepEqual(windows.labels, ["later"])
  await assert.rejects(windows.open("latre", undefined), /app\.windows has no window "latre"; did you mean "later"\?/)
  await windows.abandon()
})

test("a window is asked before it is closed when somebody listens for that, and closed when nobody does", async () => {
  const windows = start()
  await windows.create({ label: "a" })
  await windows.create({ label: "b" })
  const asked: unknown[] = []
  const page = { label: "a", keepsUp: true, sendEvent: (...event: unknown[]) => void asked.push(event) }
  events.listen(page, "tauri://close-requested", 5, { kind: "Window", label: "a" })
  await windows.requestClose("a")
  await windows.requestClose("b")
  await turn()
  assert.deepEqual(asked, [["tauri://close-requested", "null", [5]]])
  assert.deepEqual(windows.labels, ["a"])
  assert.deepEqual(told.at(-1), ["tauri://destroyed", null])
  assert.equal(lastClosed, 0)
  await windows.destroy("a")
  await turn()
  assert.deepEqual([windows.labels, lastClosed], [[], 1])
})

test("at the app's end one window that does not close well keeps no other open", async () => {
  const closed: string[] = []
  const windows = start((ticket, { label }) => {
    core.redeemLaunchTicket(ticket)
    return {
      close: () => {
        if (label === "a") throw new Error("stuck")
        closed.push(label)
      },
    }
  })
  for (const label of ["a", "b"]) await windows.create({ label })
  await windows.abandon()
  assert.deepEqual([closed, logged], [["b"], ["a window did not close: Error: stuck"]])
})

describe("a second launch", () => {
  /** Browsers that were opened, and what was done with their windows. */
  let browsers: { readonly label: string; end(): void }[]
  let done: string[]
  /** Called when a window is to be raised, or closed. */
  let onFocus: () => Promise<void>
  let onClose: () => Promise<void>

  beforeEach(() => {
    browsers = []
    done = []
    onFocus = async () => {}
    onClose = async () => {}
  })

  const openBrowser = (ticket: string, label: string): ShownBrowser => {
    const number = browsers.length + 1
    let end = (): void => {}
    const closed = new Promise<void>((resolve) => {
      end = resolve
    })
    browsers.push({ label, end })
    tickets.push(ticket)
    if (comes) core.redeemLaunchTicket(ticket)
    return {
      kind: "app-window",
      closed,
      focus: async () => {
        done.push(`focus ${number}`)
        await onFocus()
      },
      close: async () => {
        await onClose()
        end()
      },
      redeemed: () => {},
    }
  }

  test("raises the window that the app opened first, or another one when that is closed", async () => {
    const windows = start(null, openBrowser)
    await windows.open("main", undefined)
    await windows.open("later", undefined)
    await windows.comeForward()
    browsers[0]?.end()
    await turn()
    await windows.comeForward()
    assert.deepEqual(done, ["focus 1", "focus 2"])
    assert.deepEqual([browsers.length, lastClosed], [2, 0])
  })

  test("opens the window that its user closes at that moment again, and the app runs on", async () => {
    const windows = start(null, openBrowser)
    await windows.open("main", undefined)
    onFocus = async () => browsers[0]?.end()
    await windows.comeForward()
    await turn()
    assert.deepEqual([browsers.map(({ label }) => label), windows.labels, lastClosed], [["main", "main"], ["main"], 0])
    browsers[1]?.end()
    await turn()
    assert.equal(lastClosed, 1)
  })

  test("waits for a window that the app is closing, and opens it again", async () => {
    const windows = start(null, openBrowser)
    const main = await windows.open("main", undefined)
    let finish = (): void => {}
    onClose = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    const closing = main.close()
    const coming = windows.comeForward()
    await turn()
    assert.deepEqual([browsers.length, done], [1, []])
    finish()
    await Promise.all([closing, coming])
    await turn()
    assert.deepEqual([browsers.length, windows.labels, lastClosed], [2, ["main"], 0])
  })

  test("opens a window again whose link nobody has opened within a minute, and not before", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] })
    comes = false
    const windows = start(null, openBrowser)
    await windows.open("main", undefined)
    t.mock.timers.tick(59_999)
    await windows.comeForward()
    assert.equal(browsers.length, 1)
    t.mock.timers.tick(1)
    await windows.comeForward()
    assert.deepEqual([browsers.length, windows.labels, lastClosed], [2, ["main"], 0])
    comes = true
    core.redeemLaunchTicket(tickets[1] as string)
    t.mock.timers.tick(60_000)
    await windows.comeForward()
    assert.equal(browsers.length, 2)
  })

  test("opens nothing in an app that ends", async () => {
    const windows = start(null, openBrowser)
    await windows.open("main", undefined)
    onFocus = () => windows.abandon()
    await windows.comeForward()
    await turn()
    assert.deepEqual([browsers.length, windows.labels, lastClosed], [1, [], 1])
  })

  test("that cannot open the window again ends the app, which has none, and the log says why", async () => {
    const windows = start(null, (ticket, label) => {
      if (browsers.length > 0) throw new Error("no display")
      return openBrowser(ticket, label)
    })
    await windows.open("main", undefined)
    onFocus = async () => browsers[0]?.end()
    await windows.comeForward()
    await turn()
    assert.deepEqual([lastClosed, logged], [1, ['the window "main" could not be opened again: no display']])
  })
})
