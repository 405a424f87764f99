import assert from "node:assert/strict"
import type { Case } from "../case.ts"
import { begin, inOwnWindow } from "./begin.ts"
import { GEOMETRY } from "./every-browser.ts"

/** Puts a media query under the test's control: no driver moves a window to another screen, or changes a theme. */
const FAKE_MEDIA = `const media = new EventTarget()
  media.matches = true
  self.matchMedia = () => media
  const change = () => media.dispatchEvent(new Event("change"))`

const CREATE = `new Promise((resolve, reject) => {
  const win = new tauri.webviewWindow.WebviewWindow("asked")
  win.once("tauri://created", resolve)
  win.once("tauri://error", ({ payload }) => reject(payload)) })`

export const windowEventCases: readonly Case[] = [
  {
    shows: ["window.Window.listen", "window.Window.once", "window.Window.emitTo"],
    name: "hear what is meant for their window, once and again, until they have unlistened",
    async run({ page, open }) {
      const other = await open("other")
      await other.evaluate(`const win = tauri.window.getCurrentWindow(); window.heard = []
        window.unlisten = await win.listen("note", ({ event, payload }) => heard.push([event, payload]))
        await win.once("note", ({ payload }) => heard.push(payload))`)
      await page.evaluate(`const win = tauri.window.getCurrentWindow()
        await win.emitTo({ kind: "Window", label: "other" }, "note", 1)
        await win.emitTo({ kind: "Window", label: "main" }, "note", 2)
        await win.emitTo("other", "note", 3)`)
      await other.waitFor("return heard.length === 3")
      assert.deepEqual(await other.evaluate("return heard"), [["note", 1], 1, ["note", 3]])
      await other.evaluate("await unlisten()")
      await page.evaluate(`await tauri.window.getCurrentWindow().emitTo("other", "note", 4)`)
      await page.evaluate(`await call("plugin:window|get_all_windows")`)
      assert.equal(await other.evaluate("return heard.length"), 3)
    },
  },
  {
    shows: "window.Window.emit",
    name: "reaches every window; what the package tells itself stays there",
    async run({ page, open }) {
      const other = await open("other")
      await other.evaluate(
        `window.heard = []; await tauri.window.getCurrentWindow().listen("news", ({ payload }) => heard.push(payload))`,
      )
      const script = `const win = tauri.window.getCurrentWindow(), local = []
        await win.listen("tauri://created", ({ id, payload }) => local.push(id, payload))
        await win.emit("tauri://created", 5)
        await win.emit("news", { a: 1 })
        return local`
      assert.deepEqual(await page.evaluate(script), [-1, 5])
      await other.waitFor("return heard.length === 1")
      assert.deepEqual(await other.evaluate("return heard"), [{ a: 1 }])
    },
  },
  {
    shows: "window.Window.onResized",
    name: "tells the page's own window's new size in physical pixels",
    everyBrowser: GEOMETRY,
    async run({ page }) {
      const script = `const win = own.window.getCurrentWindow(), heard = []
        await win.onResized(({ payload }) => heard.push(payload))
        await win.setSize(new own.dpi.LogicalSize(530, 370))
        await until(() => heard.length > 0 && near(heard.at(-1).width, 530 * self.devicePixelRatio))
        return [heard.at(-1) instanceof own.dpi.PhysicalSize, near(heard.at(-1).height, 370 * self.devicePixelRatio)]`
      assert.deepEqual(await inOwnWindow(page, script), [true, true])
    },
  },
  {
    shows: "window.Window.onMoved",
    name: "tells the page's own window's new position in physical pixels",
    everyBrowser: GEOMETRY,
    async run({ page }) {
      const script = `const win = own.window.getCurrentWindow(), heard = []
        await win.setSize(new own.dpi.LogicalSize(500, 350))
        await win.setPosition(new own.dpi.LogicalPosition(40, 40))
        const unlisten = await win.onMoved(({ payload }) => heard.push(payload))
        await win.setPosition(new own.dpi.LogicalPosition(90, 80))
        await until(() => heard.length > 0 && near(heard.at(-1).x, 90 * self.devicePixelRatio))
        const last = heard.at(-1)
        await unlisten()
        await win.onMoved(({ payload }) => heard.push(payload))
        const before = heard.length
        await win.setPosition(new own.dpi.LogicalPosition(50, 50))
        await until(() => heard.length > before)
        return [last instanceof own.dpi.PhysicalPosition, near(last.y, 80 * self.devicePixelRatio)]`
      assert.deepEqual(await inOwnWindow(page, script), [true, true])
    },
  },
  {
    shows: "window.Window.onFocusChanged",
    name: "tells once that the focus went and once that it came",
    async run({ page }) {
      // No driver takes the focus from a window: the page is made to believe so.
      const script = `let hasFocus = true
        const heard = []
        const tell = (event) => {
          dispatchEvent(new Event(event))
          return new Promise((resolve) => setTimeout(resolve, 50))
        }
        document.hasFocus = () => hasFocus
        await tell("focus")
        const unlisten = await tauri.window.getCurrentWindow().onFocusChanged(({ payload }) => heard.push(payload))
        await tell("blur")
        hasFocus = false
        await tell("blur")
        hasFocus = true
        await tell("focus")
        delete document.hasFocus
        await unlisten()
        return heard`
      assert.deepEqual(await page.evaluate(script), [false, true])
    },
  },
  {
    shows: "window.Window.onThemeChanged",
    name: "tells light and dark",
    async run({ page }) {
      const script = `const self = window; ${FAKE_MEDIA}
        const heard = []
        await tauri.window.getCurrentWindow().onThemeChanged(({ payload }) => heard.push(payload))
        change(); media.matches = false; change()
        return heard`
      assert.deepEqual(await page.evaluate(script), ["dark", "light"])
    },
  },
  {
    shows: "window.Window.onScaleChanged",
    name: "tells the new scale factor and the size in its pixels",
    async run({ page }) {
      const script = `const self = window; ${FAKE_MEDIA}
        const heard = []
        await tauri.window.getCurrentWindow().onScaleChanged(({ payload }) => heard.push([payload.scaleFactor, payload.size instanceof tauri.dpi.PhysicalSize, payload.size.width]))
        const width = innerWidth
        Object.defineProperty(window, "devicePixelRatio", { value: 2, configurable: true })
        change()
        Object.defineProperty(window, "devicePixelRatio", { value: 3, configurable: true })
        change()
        return heard.map(([scale, isSize, physical]) => [scale, isSize, physical === scale * width])`
      assert.deepEqual(await page.evaluate(script), [
        [2, true, true],
        [3, true, true],
      ])
    },
  },
  {
    shows: [
      "window.Window.onCloseRequested",
      "window.CloseRequestedEvent.constructor",
      "window.CloseRequestedEvent.preventDefault",
      "window.CloseRequestedEvent.isPreventDefault",
    ],
    name: "keeps a window open that prevents it, and lets it close when it does not",
    async run({ page, created }) {
      await begin(page, CREATE)
      const asked = await created("asked")
      await asked.evaluate(`window.asked = []; window.keep = true
        await tauri.window.getCurrentWindow().onCloseRequested((event) => {
          if (keep) event.preventDefault()
          asked.push([event instanceof tauri.window.CloseRequestedEvent, event.event, event.isPreventDefault()])
        })`)
      await begin(page, `tauri.window.Window.getByLabel("asked").then((win) => win.close())`)
      await asked.waitFor("return asked.length === 1")
      assert.deepEqual(await asked.evaluate("return asked"), [[true, "tauri://close-requested", true]])
      assert.equal(await page.evaluate(`return (await tauri.window.Window.getByLabel("asked")).label`), "asked")
      await page.evaluate(`window.gone = []
        await tauri.event.listen("tauri://destroyed", ({ payload }) => gone.push(payload), { target: { kind: "Window", label: "asked" } })`)
      await asked.evaluate("keep = false")
      await begin(page, `tauri.window.Window.getByLabel("asked").then((win) => win.close())`)
      await page.waitFor("return gone.length === 1")
      assert.equal(await page.evaluate(`return tauri.window.Window.getByLabel("asked")`), null)
    },
  },
]
