import assert from "node:assert/strict"
import { beforeEach, describe, mock, test } from "node:test"

/** A browser as the operations see it: what it lets a page do, a test says. */
const browser = {
  obeys: true,
  focused: false,
  visible: true,
  screenX: 10,
  screenY: 20,
  outerWidth: 500,
  outerHeight: 400,
  chrome: 40,
}
const style: Record<string, string> = {}
let title = "Before"
const document = {
  get title() {
    return title
  },
  set title(value: string) {
    if (browser.obeys) title = value.replace(/\s+/g, " ").trim()
  },
  get visibilityState() {
    return browser.visible ? "visible" : "hidden"
  },
  hasFocus: () => browser.focused,
  fullscreenElement: null as unknown,
  documentElement: {
    style,
    requestFullscreen: async () => {
      if (!browser.obeys) throw new TypeError("no gesture")
      document.fullscreenElement = {}
    },
  },
  exitFullscreen: async () => {
    document.fullscreenElement = null
  },
}
const screen: Record<string, unknown> = {
  width: 1000,
  height: 800,
  availWidth: 1000,
  availHeight: 770,
  availLeft: 0,
  availTop: 30,
}
Object.assign(globalThis, {
  document,
  screen,
  window: globalThis,
  devicePixelRatio: 2,
  sessionStorage: { getItem: () => null, setItem: () => {} },
  matchMedia: (query: string) => ({ matches: query === "(prefers-color-scheme: dark)" }),
  focus: () => {
    browser.focused = browser.obeys
  },
  close: () => {},
  resizeTo: (width: number, height: number) => {
    if (browser.obeys) Object.assign(browser, { outerWidth: Math.round(width), outerHeight: Math.round(height) })
  },
  moveTo: (x: number, y: number) => {
    if (browser.obeys) Object.assign(browser, { screenX: x, screenY: y })
  },
})
for (const name of ["screenX", "screenY", "outerWidth", "outerHeight"] as const)
  Object.defineProperty(globalThis, name, { get: () => browser[name] })
Object.defineProperty(globalThis, "innerWidth", { get: () => browser.outerWidth })
Object.defineProperty(globalThis, "innerHeight", { get: () => browser.outerHeight - browser.chrome })

const { perform } = await import("./operations.ts")

/** What becomes of it when a second passes in no time. */
async function outcome(name: string, argument: unknown = null): Promise<unknown> {
  let settled: unknown
  perform([name as "title", argument, "the browser does not"]).then(
    (value) => {
      settled = { value }
    },
    (error: unknown) => {
      settled = { rejected: error }
    },
  )
  for (let step = 0; settled === undefined && step < 100; step++) {
    await new Promise((resolve) => setImmediate(resolve))
    now += 50
    mock.timers.tick(50)
  }
  return settled
}

let now = 0
mock.timers.enable({ apis: ["setTimeout"] })
mock.method(performance, "now", () => now)

beforeEach(() => {
  Object.assign(browser, {
    obeys: true,
    focused: false,
    visible: true,
    screenX: 10,
    screenY: 20,
    outerWidth: 500,
    outerHeight: 400,
  })
  delete screen.isExtended
  document.fullscreenElement = null
})

const MONITOR = {
  name: null,
  scaleFactor: 2,
  position: { x: 0, y: 0 },
  size: { width: 2000, height: 1600 },
  workArea: { position: { x: 0, y: 60 }, size: { width: 2000, height: 1540 } },
}

describe("what a page knows", () => {
  for (const [name, value] of [
    ["scale_factor", 2],
    ["inner_size", { width: 1000, height: 720 }],
    ["outer_size", { width: 1000, height: 800 }],
    ["outer_position", { x: 20, y: 40 }],
    ["inner_position", { x: 20, y: 120 }],
    ["theme", "dark"],
    ["is_maximized", false],
    ["is_visible", true],
    ["is_minimized", false],
    ["is_focused", false],
    ["is_fullscreen", false],
    ["current_monitor", MONITOR],
  ] as const)
    test(`${name} is given in physical pixels and Tauri's words`, async () =>
      assert.deepEqual(await outcome(name), { value }))

  test("that its window is minimized it does not know, when it cannot be seen", async () => {
    browser.visible = false
    assert.deepEqual(await outcome("is_minimized"), { rejected: "is_minimized: the browser does not" })
  })

  test("that there is no other monitor it knows where the browser says so", async () => {
    for (const isExtended of [undefined, true]) {
      screen.isExtended = isExtended
      for (const [name, argument] of [
        ["primary_monitor"],
        ["available_monitors"],
        ["monitor_from_point", { x: 5000, y: 1 }],
      ] as const)
        assert.deepEqual(await outcome(name, argument), { rejected: `${name}: the browser does not` })
    }
    screen.isExtended = false
    assert.deepEqual(await outcome("available_monitors"), { value: [MONITOR] })
    assert.deepEqual(await outcome("primary_monitor"), { value: MONITOR })
    assert.deepEqual(await outcome("monitor_from_point", { x: 5000, y: 1 }), { value: null })
    assert.deepEqual(await outcome("monitor_from_point", { x: 1999, y: 1 }), { value: MONITOR })
  })
})

describe("what a page does", () => {
  const LOGICAL = { unit: "Logical", value: [300, 200] }
  const PHYSICAL = { unit: "Physical", value: [300, 200] }
  for (const [name, argument, seen] of [
    ["set_size", LOGICAL, { outerWidth: 300, outerHeight: 240 }],
    ["set_size", PHYSICAL, { outerWidth: 150, outerHeight: 140 }],
    ["set_position", LOGICAL, { screenX: 300, screenY: 200 }],
    ["set_position", PHYSICAL, { screenX: 150, screenY: 100 }],
    ["center", null, { screenX: 250, screenY: 215 }],
    ["maximize", null, { screenX: 0, screenY: 30, outerWidth: 1000, outerHeight: 770 }],
    ["toggle_maximize", null, { outerWidth: 1000, outerHeight: 770 }],
    ["set_focus", null, { focused: true }],
  ] as const) {
    test(`${name} resolves when the browser has done it`, async () => {
      assert.deepEqual(await outcome(name, argument), { value: null })
      for (const [key, value] of Object.entries(seen)) assert.equal(browser[key as "screenX"], value, key)
    })
    test(`${name} rejects when the browser has not`, async () => {
      browser.obeys = false
      assert.deepEqual(await outcome(name, argument), { rejected: `${name}: the browser does not` })
    })
  }

  test("unmaximize gives back the size and place from before; without one it says that it does not know", async () => {
    await outcome("maximize")
    assert.deepEqual(await outcome("unmaximize"), { value: null })
    const { screenX, screenY, outerWidth, outerHeight } = browser
    assert.deepEqual([screenX, screenY, outerWidth, outerHeight], [10, 20, 500, 400])
    assert.deepEqual(await outcome("unmaximize"), { value: null })
  })

  test("a title is set when the document has it", async () => {
    assert.deepEqual(await outcome("set_title", " A \n title "), { value: null })
    assert.equal(title, "A title")
    browser.obeys = false
    assert.deepEqual(await outcome("set_title", "Another"), { rejected: "set_title: the browser does not" })
  })

  test("what the browser throws is added to the reason", async () => {
    browser.obeys = false
    assert.deepEqual(await outcome("set_fullscreen", true), {
      rejected: "set_fullscreen: the browser does not (no gesture)",
    })
    browser.obeys = true
    assert.deepEqual(await outcome("set_fullscreen", true), { value: null })
    assert.deepEqual(await outcome("is_fullscreen"), { value: true })
    assert.deepEqual(await outcome("set_fullscreen", false), { value: null })
    assert.deepEqual(await outcome("is_fullscreen"), { value: false })
  })

  test("a pointer that is hidden comes back as it was set last", async () => {
    const seen: unknown[] = []
    for (const [name, argument] of [
      ["set_cursor", "wait"],
      ["set_cursor_visible", false],
      ["set_cursor", "help"],
      ["set_cursor_visible", true],
    ] as const) {
      await outcome(name, argument)
      seen.push(style.cursor)
    }
    assert.deepEqual(seen, ["wait", "none", "none", "help"])
  })

  test("a page that still stands a second after it was to close says so", async () =>
    assert.deepEqual(await outcome("close"), { rejected: "close: the browser does not" }))

  test("an operation that it does not know rejects", async () => {
    const { rejected } = (await outcome("format_disk")) as { rejected: string }
    assert.match(rejected, /^format_disk: the browser does not \(/)
  })
})
