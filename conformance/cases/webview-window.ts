import assert from "node:assert/strict"
import type { Case } from "../case.ts"
import { begin } from "./begin.ts"

const creating = (label: string, options: object): string => `new Promise((resolve) => {
  const win = new tauri.webviewWindow.WebviewWindow(${JSON.stringify(label)}, ${JSON.stringify(options)})
  win.once("tauri://created", ({ event }) => resolve(event))
  win.once("tauri://error", ({ payload }) => resolve(payload)) })`

export const webviewWindowCases: readonly Case[] = [
  {
    shows: ["webviewWindow.getCurrentWebviewWindow", "webviewWindow.WebviewWindow.getCurrent"],
    name: "has the window's label, and the methods of both",
    async run({ page }) {
      const script = `const own = tauri.webviewWindow.getCurrentWebviewWindow()
        return [own.label, tauri.webviewWindow.WebviewWindow.getCurrent().label, await own.title() === document.title, (await own.position()).x]`
      assert.deepEqual(await page.evaluate(script), ["main", "main", true, 0])
    },
  },
  {
    shows: [
      "webviewWindow.getAllWebviewWindows",
      "webviewWindow.WebviewWindow.getAll",
      "webviewWindow.WebviewWindow.getByLabel",
    ],
    name: "knows the windows there are, and no other",
    async run({ page, open }) {
      await open("other")
      const script = `const { getAllWebviewWindows, WebviewWindow } = tauri.webviewWindow
        return [(await getAllWebviewWindows()).map(({ label }) => label).sort(), (await WebviewWindow.getAll()).length,
          (await WebviewWindow.getByLabel("other")) instanceof WebviewWindow, await WebviewWindow.getByLabel("nobody")]`
      assert.deepEqual(await page.evaluate(script), [["main", "other"], 2, true, null])
    },
  },
  {
    shows: "webviewWindow.WebviewWindow.constructor",
    name: "creates a window with its address and title, which tells all; says why when it cannot",
    async run({ page, created }) {
      await page.evaluate(`window.made = []
        for (const event of ["tauri://window-created", "tauri://webview-created"])
          await tauri.event.listen(event, ({ event, payload }) => made.push([event, payload]))`)
      assert.equal(
        await begin(page, creating("child", { url: "index.html?child", title: "A child" })),
        "tauri://created",
      )
      const child = await created("child")
      assert.deepEqual(
        await child.evaluate(
          "return [tauri.webviewWindow.getCurrentWebviewWindow().label, document.title, location.search]",
        ),
        ["child", "A child", "?child"],
      )
      await page.waitFor("return made.length === 2")
      assert.deepEqual(await page.evaluate("return made"), [
        ["tauri://window-created", { label: "child" }],
        ["tauri://webview-created", { label: "child" }],
      ])
      assert.equal(await begin(page, creating("child", {})), "a window with label `child` already exists")
      assert.match(String(await begin(page, creating("wide", { width: "wide" }))), /options\.width: found "wide"/)
    },
  },
  {
    shows: ["webviewWindow.WebviewWindow.listen", "webviewWindow.WebviewWindow.once"],
    name: "hear what is meant for their window",
    async run({ page, open }) {
      const other = await open("other")
      await other.evaluate(`window.heard = []; const own = tauri.webviewWindow.getCurrentWebviewWindow()
        await own.listen("note", ({ payload }) => heard.push(payload))
        await own.once("note", ({ payload }) => heard.push(["once", payload]))`)
      await page.evaluate(`const own = tauri.webviewWindow.getCurrentWebviewWindow()
        await own.emitTo({ kind: "WebviewWindow", label: "other" }, "note", 1)
        await own.emitTo({ kind: "WebviewWindow", label: "main" }, "note", 2)
        await own.emitTo("other", "note", 3)`)
      await other.waitFor("return heard.length === 3")
      assert.deepEqual(await other.evaluate("return heard"), [1, ["once", 1], 3])
    },
  },
  {
    shows: "webviewWindow.WebviewWindow.setBackgroundColor",
    name: "sets the page's background",
    async run({ page }) {
      const script = `await tauri.webviewWindow.getCurrentWebviewWindow().setBackgroundColor([9, 8, 7])
        return getComputedStyle(document.documentElement).backgroundColor`
      assert.equal(await page.evaluate(script), "rgb(9, 8, 7)")
    },
  },
]
