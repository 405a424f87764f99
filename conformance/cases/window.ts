import assert from "node:assert/strict"
import type { Case } from "../case.ts"
import { refused } from "../refused.ts"
import { begin, inOwnWindow } from "./begin.ts"
import { FOCUS, GEOMETRY, MONITOR, STATE } from "./every-browser.ts"

const OWN = "tauri.window.getCurrentWindow()"

/** What a page says of its own window, in the browser's own words. */
const GETTERS: readonly (readonly [method: string, expected: string])[] = [
  ["scaleFactor", "devicePixelRatio"],
  ["outerPosition", "{ x: Math.round(screenX * devicePixelRatio), y: Math.round(screenY * devicePixelRatio) }"],
  [
    "innerSize",
    "{ width: Math.round(innerWidth * devicePixelRatio), height: Math.round(innerHeight * devicePixelRatio) }",
  ],
  [
    "outerSize",
    "{ width: Math.round(outerWidth * devicePixelRatio), height: Math.round(outerHeight * devicePixelRatio) }",
  ],
  ["title", "document.title"],
  ["theme", "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"],
  ["isFullscreen", "document.fullscreenElement !== null"],
  ["isFocused", "document.hasFocus()"],
  ["isVisible", "document.visibilityState === 'visible'"],
  // Only a page that can be seen says it; what is run here can be seen.
  ["isMinimized", "document.visibilityState === 'visible' ? false : 'unknown'"],
]

/** What holds for every browser window. */
const FACTS: readonly (readonly [method: string, expected: boolean])[] = [
  ["isDecorated", true],
  ["isResizable", true],
  ["isMaximizable", true],
  ["isMinimizable", true],
  ["isClosable", true],
  ["isEnabled", true],
  ["isAlwaysOnTop", false],
]

export const windowCases: readonly Case[] = [
  {
    shows: ["window.getCurrentWindow", "window.Window.getCurrent"],
    name: "has the label that the app gave the window",
    async run({ page }) {
      assert.deepEqual(
        await page.evaluate("return [tauri.window.getCurrentWindow().label, tauri.window.Window.getCurrent().label]"),
        ["main", "main"],
      )
    },
  },
  {
    shows: ["window.getAllWindows", "window.Window.getAll", "window.Window.getByLabel"],
    name: "knows the windows there are, and no other",
    async run({ page, open }) {
      await open("other")
      const script = `return [
        (await tauri.window.getAllWindows()).map(({ label }) => label).sort(),
        (await tauri.window.Window.getAll()).length,
        (await tauri.window.Window.getByLabel("other")).label,
        await tauri.window.Window.getByLabel("nobody")]`
      assert.deepEqual(await page.evaluate(script), [["main", "other"], 2, "other", null])
    },
  },
  {
    shows: "window.Window.getFocusedWindow",
    name: "is the page's own window while that has the focus",
    everyBrowser: FOCUS,
    async run({ page }) {
      await page.evaluate(`await ${OWN}.setFocus()`)
      assert.equal(await page.evaluate("return (await tauri.window.Window.getFocusedWindow()).label"), "main")
    },
  },
  ...GETTERS.map(
    ([method, expected]): Case => ({
      shows: `window.Window.${method}`,
      name: "says what the browser says",
      everyBrowser: STATE,
      leavesPage: true,
      async run({ page }) {
        const script = `const found = await ${OWN}.${method}()
          return [JSON.parse(JSON.stringify(found)), ${expected}]`
        const [found, said] = await page.evaluate<[unknown, unknown]>(script)
        assert.deepEqual(found, said)
      },
    }),
  ),
  ...FACTS.map(
    ([method, expected]): Case => ({
      shows: `window.Window.${method}`,
      name: `is ${expected}, as it is for every browser window`,
      leavesPage: true,
      run: async ({ page }) => assert.equal(await page.evaluate(`return ${OWN}.${method}()`), expected),
    }),
  ),
  {
    shows: "window.Window.innerPosition",
    name: "lies within the window, where the page begins",
    everyBrowser: GEOMETRY,
    async run({ page }) {
      const script = `const { x, y } = await ${OWN}.innerPosition()
        const outer = await ${OWN}.outerPosition(), size = await ${OWN}.outerSize(), inner = await ${OWN}.innerSize()
        return x >= outer.x && y >= outer.y && x + inner.width <= outer.x + size.width && y + inner.height <= outer.y + size.height`
      assert.equal(await page.evaluate(script), true)
    },
  },
  {
    shows: ["window.Window.isFocused", "window.Window.title"],
    name: "of another window are for that window's page to say",
    async run({ page, open }) {
      await open("other")
      await refused(
        page,
        `tauri.window.Window.getByLabel("other").then((other) => other.title())`,
        /only speak and act for itself/,
      )
      await refused(page, `new tauri.window.Window("nobody", { skip: true }).title()`, /^window not found$/)
    },
  },
  {
    shows: "window.Window.setTitle",
    name: "sets the title, which stays when the page is loaded again",
    async run({ page }) {
      await page.evaluate(`return ${OWN}.setTitle("A title of its own")`)
      assert.equal(await page.evaluate("return document.title"), "A title of its own")
      await page.reload()
      await page.waitFor("return document.title === 'A title of its own' && typeof tauri === 'object'")
      await page.evaluate(`return ${OWN}.setTitle("Conformance")`)
    },
  },
  {
    shows: "window.Window.setSize",
    name: "gives a page of its own window the size, in logical and in physical pixels; in a tab it says that it cannot",
    everyBrowser: GEOMETRY,
    async run({ page }) {
      const script = `const win = own.window.getCurrentWindow()
        await win.setSize(new own.dpi.LogicalSize(510, 360))
        const first = near(self.innerWidth, 510) && near(self.innerHeight, 360)
        await win.setSize(new own.dpi.PhysicalSize(540 * devicePixelRatio, 380 * devicePixelRatio))
        return [first, near(self.innerWidth, 540) && near(self.innerHeight, 380)]`
      assert.deepEqual(await inOwnWindow(page, script), [true, true])
      const tab = `const { innerWidth: width, innerHeight: height } = window
        return ${OWN}.setSize(new tauri.dpi.LogicalSize(width - 20, height - 20)).then(
          () => Math.abs(innerWidth - (width - 20)) < 2 , (error) => /^set_size: .*in no tab$/.test(error))`
      assert.equal(await page.evaluate(tab), true)
      await refused(
        page,
        `${OWN}.setSize(new tauri.dpi.LogicalSize(-1, 5))`,
        /^invalid args `value` for command `set_size`/,
      )
    },
  },
  {
    shows: ["window.Window.setPosition", "window.Window.center"],
    name: "moves a window of the page's own",
    everyBrowser: GEOMETRY,
    async run({ page }) {
      const script = `const win = own.window.getCurrentWindow()
        await win.setSize(new own.dpi.LogicalSize(500, 350))
        await win.setPosition(new own.dpi.LogicalPosition(70, 60))
        const moved = near(self.screenX, 70) && near(self.screenY, 60)
        await win.center()
        const { availLeft = 0, availTop = 0, availWidth, availHeight } = self.screen
        return [moved,
          near(self.screenX - availLeft, (availWidth - self.outerWidth) / 2),
          near(self.screenY - availTop, (availHeight - self.outerHeight) / 2)]`
      assert.deepEqual(await inOwnWindow(page, script), [true, true, true])
    },
  },
  {
    shows: [
      "window.Window.maximize",
      "window.Window.unmaximize",
      "window.Window.toggleMaximize",
      "window.Window.isMaximized",
    ],
    name: "makes a window of the page's own fill the work area, and gives it its size back",
    everyBrowser: GEOMETRY,
    async run({ page }) {
      const script = `const win = own.window.getCurrentWindow()
        await win.setSize(new own.dpi.LogicalSize(500, 350))
        const before = self.outerWidth
        const seen = [await win.isMaximized()]
        await win.maximize()
        seen.push(await win.isMaximized(), self.outerWidth >= self.screen.availWidth - 1)
        await win.unmaximize()
        seen.push(await win.isMaximized(), near(self.outerWidth, before))
        await win.toggleMaximize()
        seen.push(await win.isMaximized())
        await win.toggleMaximize()
        seen.push(await win.isMaximized())
        return seen`
      assert.deepEqual(await inOwnWindow(page, script), [false, true, true, false, true, true, false])
    },
  },
  {
    shows: ["window.Window.setFullscreen", "window.Window.setSimpleFullscreen"],
    name: "enters after a key or a click, and leaves",
    everyBrowser: STATE,
    async run({ page }) {
      for (const method of ["setFullscreen", "setSimpleFullscreen"]) {
        await page.press("a")
        const script = `const win = ${OWN}
          await win.${method}(true)
          const entered = [document.fullscreenElement !== null, await win.isFullscreen()]
          await win.${method}(false)
          return [...entered, document.fullscreenElement !== null, await win.isFullscreen()]`
        assert.deepEqual(await page.evaluate(script), [true, true, false, false])
      }
    },
  },
  {
    shows: "window.Window.setFocus",
    name: "resolves when the window has the focus",
    everyBrowser: FOCUS,
    async run({ page }) {
      assert.equal(
        await inOwnWindow(page, "await own.window.getCurrentWindow().setFocus(); return self.document.hasFocus()"),
        true,
      )
    },
  },
  {
    shows: ["window.Window.show", "window.Window.unminimize"],
    name: "resolves for a window that can be seen",
    everyBrowser: STATE,
    async run({ page }) {
      assert.deepEqual(
        await page.evaluate(`return [await ${OWN}.show(), await ${OWN}.unminimize(), document.visibilityState]`),
        [null, null, "visible"],
      )
    },
  },
  {
    shows: ["window.Window.setCursorIcon", "window.Window.setCursorVisible"],
    name: "sets the pointer over the page",
    async run({ page }) {
      const script = `const win = ${OWN}, { style } = document.documentElement, seen = []
        await win.setCursorIcon("notAllowed"); seen.push(style.cursor)
        await win.setCursorVisible(false); seen.push(style.cursor)
        await win.setCursorIcon("hand"); seen.push(style.cursor)
        await win.setCursorVisible(true); seen.push(style.cursor)
        await win.setCursorIcon("default"); seen.push(style.cursor)
        return seen`
      assert.deepEqual(await page.evaluate(script), ["not-allowed", "none", "none", "pointer", ""])
      await refused(page, `${OWN}.setCursorIcon("url(x)")`, /unknown cursor "url\(x\)"/)
    },
  },
  {
    shows: "window.Window.setBackgroundColor",
    name: "sets the page's background, in every form of a color",
    async run({ page }) {
      const script = `const win = ${OWN}, seen = []
        for (const color of ["#102030", [1, 2, 3], [255, 0, 0, 0], { red: 4, green: 5, blue: 6, alpha: 255 }, null]) {
          await win.setBackgroundColor(color)
          seen.push(getComputedStyle(document.documentElement).backgroundColor)
        }
        return seen`
      assert.deepEqual(await page.evaluate(script), [
        "rgb(16, 32, 48)",
        "rgb(1, 2, 3)",
        "rgba(255, 0, 0, 0)",
        "rgb(4, 5, 6)",
        "rgba(0, 0, 0, 0)",
      ])
      await refused(page, `${OWN}.setBackgroundColor([1, 2, 300])`, /expected a color/)
    },
  },
  {
    shows: "window.currentMonitor",
    name: "is the screen that the window is on",
    everyBrowser: MONITOR,
    async run({ page }) {
      const script = `const { name, scaleFactor, position, size, workArea } = await tauri.window.currentMonitor()
        return [name, scaleFactor === devicePixelRatio, position.x, position.y, size.width === Math.round(screen.width * devicePixelRatio),
          workArea.size.height === Math.round(screen.availHeight * devicePixelRatio), size instanceof tauri.dpi.PhysicalSize]`
      assert.deepEqual(await page.evaluate(script), [null, true, 0, 0, true, true, true])
    },
  },
  {
    shows: "window.monitorFromPoint",
    name: "is the screen that the window is on, for a point there",
    async run({ page }) {
      assert.equal(await page.evaluate("return (await tauri.window.monitorFromPoint(5, 5)).size.width > 5"), true)
      await refused(page, `tauri.window.monitorFromPoint("5", 5)`, /expected x and y/)
    },
  },
  {
    shows: "window.Window.close",
    name: "closes another window, which then is none any more",
    async run({ page, created }) {
      await begin(
        page,
        `new Promise((resolve, reject) => {
        const win = new tauri.webviewWindow.WebviewWindow("closed")
        win.once("tauri://created", resolve); win.once("tauri://error", ({ payload }) => reject(payload)) })`,
      )
      await created("closed")
      await begin(page, `tauri.window.Window.getByLabel("closed").then((win) => win.close())`)
      assert.equal(await page.evaluate(`return tauri.window.Window.getByLabel("closed")`), null)
      await refused(page, `new tauri.window.Window("closed", { skip: true }).close()`, /^window not found$/)
    },
  },
  {
    shows: "window.Window.destroy",
    name: "closes a window without asking it",
    async run({ page, created }) {
      await begin(
        page,
        `new Promise((resolve) => new tauri.webviewWindow.WebviewWindow("asked").once("tauri://created", resolve))`,
      )
      const asked = await created("asked")
      await asked.evaluate(
        "window.asked = 0; await tauri.window.getCurrentWindow().onCloseRequested((event) => { window.asked++; event.preventDefault() })",
      )
      await begin(page, `tauri.window.Window.getByLabel("asked").then((win) => win.destroy())`)
      assert.equal(await page.evaluate(`return tauri.window.Window.getByLabel("asked")`), null)
    },
  },
  {
    shows: "window.Window.constructor",
    name: "creates a window, which shows the app's page; says why when it cannot",
    async run({ page, created }) {
      const creating = (label: string, options: object = {}): string => `new Promise((resolve) => {
        const win = new tauri.window.Window(${JSON.stringify(label)}, ${JSON.stringify(options)})
        win.once("tauri://created", ({ event }) => resolve(event))
        win.once("tauri://error", ({ payload }) => resolve(payload)) })`
      assert.equal(await begin(page, creating("new", { title: "Made" })), "tauri://created")
      const made = await created("new")
      assert.deepEqual(await made.evaluate("return [tauri.window.getCurrentWindow().label, document.title]"), [
        "new",
        "Made",
      ])
      assert.equal(await begin(page, creating("new")), "a window with label `new` already exists")
      assert.match(String(await begin(page, creating("a b"))), /options\.label: found "a b"/)
      assert.match(
        String(await begin(page, creating("far", { url: "https://example.org/" }))),
        /shows pages of the app/,
      )
    },
  },
]
