import assert from "node:assert/strict"
import { command } from "sallyport"
import type { TestAppOptions } from "../../e2e/fixture.ts"
import type { Case } from "../case.ts"

export const mocksApp: Partial<TestAppOptions> = { commands: { add: command(() => "the Core's answer") } }

/** Calls of the command `add` that reached the Core. */
const reached = (decisions: readonly { readonly kind: string }[]): number =>
  decisions.filter((decision) => decision.kind === "call" && "command" in decision && decision.command === "add").length

/** Tests that a frontend runs in a page of its own app, where the bridge is there too. */
export const mocksCases: readonly Case[] = [
  {
    shows: "mocks.mockIPC",
    name: "answers calls in the Core's place, and rejects with what it throws",
    async run({ page, testApp }) {
      const before = reached(testApp.decisions)
      const script = `tauri.mocks.mockIPC((cmd, args) => { if (cmd !== "add") throw new Error("no " + cmd); return args.a + args.b })
        return [await tauri.core.invoke("add", { a: 12, b: 15 }), await tauri.core.invoke("other").catch((error) => error.message)]`
      assert.deepEqual(await page.evaluate(script), [27, "no other"])
      assert.equal(reached(testApp.decisions), before)
    },
  },
  {
    shows: "mocks.mockIPC",
    name: "carries events in the page, where a test asks for it",
    async run({ page }) {
      const script = `tauri.mocks.mockIPC(() => {}, { shouldMockEvents: true })
        const heard = []
        const unlisten = await tauri.event.listen("news", ({ payload }) => heard.push(payload))
        await tauri.event.emit("news", 1)
        await unlisten()
        await tauri.event.emit("news", 2)
        return heard`
      assert.deepEqual(await page.evaluate(script), [1])
    },
  },
  {
    shows: "mocks.mockWindows",
    name: "makes the page another window's for its own tests",
    async run({ page }) {
      const script = `const before = tauri.window.getCurrentWindow().label
        tauri.mocks.mockWindows("settings", "main")
        return [before, tauri.window.getCurrentWindow().label, tauri.webview.getCurrentWebview().label]`
      assert.deepEqual(await page.evaluate(script), ["main", "settings", "settings"])
    },
  },
  {
    shows: "mocks.mockConvertFileSrc",
    name: "gives the addresses that Tauri gives on each system",
    async run({ page }) {
      const script = `return ["windows", "linux", "macos"].map((system) => {
        tauri.mocks.mockConvertFileSrc(system)
        return tauri.core.convertFileSrc("/a b", "own") })`
      assert.deepEqual(await page.evaluate(script), [
        "http://own.localhost/%2Fa%20b",
        "own://localhost/%2Fa%20b",
        "own://localhost/%2Fa%20b",
      ])
    },
  },
  {
    shows: "mocks.clearMocks",
    name: "takes every mock away: the page speaks to its Core again",
    async run({ page }) {
      const script = `const { mocks, core, event, window } = tauri
        const real = core.convertFileSrc("/a")
        mocks.mockIPC(() => "mocked", { shouldMockEvents: true }); mocks.mockWindows("x"); mocks.mockConvertFileSrc("linux")
        const mocked = await core.invoke("add")
        mocks.clearMocks()
        const heard = new Promise((resolve) => event.once("news", ({ payload }) => resolve(payload)).then(() => event.emit("news", "real")))
        return [mocked, await core.invoke("add"), window.getCurrentWindow().label, core.convertFileSrc("/a") === real, await heard]`
      assert.deepEqual(await page.evaluate(script), ["mocked", "the Core's answer", "main", true, "real"])
    },
  },
]
