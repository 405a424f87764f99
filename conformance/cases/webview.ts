import assert from "node:assert/strict"
import type { Case } from "../case.ts"
import { refused } from "../refused.ts"
import { begin } from "./begin.ts"
import { FOCUS, GEOMETRY } from "./every-browser.ts"

const OWN = "tauri.webview.getCurrentWebview()"

const REFUSED: readonly (readonly [method: string, args: string, reason: string, holding?: string])[] = [
  ["setSize", "new tauri.dpi.LogicalSize(1, 1)", "a page always fills its window: set the size of the window"],
  [
    "setPosition",
    "new tauri.dpi.LogicalPosition(1, 1)",
    "a page always fills its window: set the position of the window",
  ],
  ["setAutoResize", "false", "a page always fills its window", "true"],
  ["hide", "", "a page cannot hide itself from its window"],
  ["setZoom", "2", "the user zooms a page, with Ctrl and + or -: a page can set the font size of its root element"],
  ["reparent", "'main'", "a page stays in the window that it was opened in"],
  ["clearAllBrowsingData", "", "a page can only clear what it stored: localStorage, indexedDB, caches"],
  [
    "onDragDropEvent",
    "() => {}",
    "a browser tells no page the paths of the files that are dragged onto it: listen to the page's own dragover and drop events, which give their contents",
  ],
]

export const webviewCases: readonly Case[] = [
  {
    shows: ["webview.getCurrentWebview", "webview.Webview.getCurrent"],
    name: "is the page, in its window",
    async run({ page }) {
      const script = `return [${OWN}.label, ${OWN}.window.label, tauri.webview.Webview.getCurrent().label]`
      assert.deepEqual(await page.evaluate(script), ["main", "main", "main"])
    },
  },
  {
    shows: ["webview.getAllWebviews", "webview.Webview.getAll", "webview.Webview.getByLabel"],
    name: "is one webview for each window",
    async run({ page, open }) {
      await open("other")
      const script = `return [
        (await tauri.webview.getAllWebviews()).map(({ label, window }) => [label, window.label]).sort(),
        (await tauri.webview.Webview.getAll()).length,
        (await tauri.webview.Webview.getByLabel("other")).window.label,
        await tauri.webview.Webview.getByLabel("nobody")]`
      assert.deepEqual(await page.evaluate(script), [
        [
          ["main", "main"],
          ["other", "other"],
        ],
        2,
        "other",
        null,
      ])
    },
  },
  {
    shows: ["webview.Webview.listen", "webview.Webview.once", "webview.Webview.emit", "webview.Webview.emitTo"],
    name: "hears and tells as the page of its window",
    async run({ page, open }) {
      const other = await open("other")
      await other.evaluate(`window.heard = []; const webview = ${OWN}
        await webview.listen("note", ({ payload }) => heard.push(payload))
        await webview.once("note", ({ payload }) => heard.push(["once", payload]))`)
      await page.evaluate(`const webview = ${OWN}
        await webview.emitTo({ kind: "Webview", label: "other" }, "note", 1)
        await webview.emitTo({ kind: "Webview", label: "main" }, "note", 2)
        await webview.emit("note", 3)`)
      await other.waitFor("return heard.length === 3")
      assert.deepEqual(await other.evaluate("return heard"), [1, ["once", 1], 3])
    },
  },
  {
    shows: ["webview.Webview.position", "webview.Webview.size"],
    name: "fills its window",
    everyBrowser: GEOMETRY,
    leavesPage: true,
    async run({ page }) {
      const script = `const position = await ${OWN}.position(), size = await ${OWN}.size()
        return [position.x, position.y, size.width === Math.round(innerWidth * devicePixelRatio), size.height === Math.round(innerHeight * devicePixelRatio)]`
      assert.deepEqual(await page.evaluate(script), [0, 0, true, true])
    },
  },
  {
    shows: ["webview.Webview.setFocus", "webview.Webview.show"],
    name: "resolves for a page that has the focus and can be seen",
    everyBrowser: FOCUS,
    leavesPage: true,
    async run({ page }) {
      assert.deepEqual(
        await page.evaluate(`return [await ${OWN}.setFocus(), await ${OWN}.show(), document.hasFocus()]`),
        [null, null, true],
      )
    },
  },
  {
    shows: "webview.Webview.setBackgroundColor",
    name: "sets the page's background",
    async run({ page }) {
      const script = `await ${OWN}.setBackgroundColor("#0a0b0c"); return getComputedStyle(document.documentElement).backgroundColor`
      assert.equal(await page.evaluate(script), "rgb(10, 11, 12)")
    },
  },
  {
    shows: "webview.Webview.close",
    name: "closes the page's window, which holds nothing else",
    async run({ page, created }) {
      await begin(
        page,
        `new Promise((resolve) => new tauri.webviewWindow.WebviewWindow("short").once("tauri://created", resolve))`,
      )
      await created("short")
      await begin(page, `tauri.webview.Webview.getByLabel("short").then((webview) => webview.close())`)
      assert.equal(await page.evaluate(`return tauri.webview.Webview.getByLabel("short")`), null)
    },
  },
  {
    shows: "webview.Webview.constructor",
    name: "says why not",
    verdict: "refused",
    reason: "a browser window holds one page: use a frame in it, or a window of its own (WebviewWindow)",
    async run({ page }) {
      const script = `return new Promise((resolve) => {
        new tauri.webview.Webview(tauri.window.getCurrentWindow(), "second", { url: "/", x: 0, y: 0, width: 9, height: 9 })
          .once("tauri://error", ({ payload }) => resolve(payload)) })`
      assert.match(await page.evaluate<string>(script), /a browser window holds one page/)
    },
  },
  ...REFUSED.map(
    ([method, args, reason, holding]): Case => ({
      shows: `webview.Webview.${method}`,
      name: holding === undefined ? "says why not" : "says why not, and takes what holds anyway",
      verdict: "refused",
      reason,
      async run({ page }) {
        const text = reason.replaceAll(/[()[\]{}.?*+|\\^$]/g, "\\$&")
        await refused(page, `${OWN}.${method}(${args})`, new RegExp(text))
        if (holding !== undefined) await page.evaluate(`await ${OWN}.${method}(${holding})`)
      },
    }),
  ),
]
