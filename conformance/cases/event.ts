import assert from "node:assert/strict"
import { type AppEvent, command } from "sallyport"
import type { Page } from "../../e2e/drivers/driver.ts"
import type { TestAppOptions } from "../../e2e/fixture.ts"
import type { Case } from "../case.ts"
import { refused } from "../refused.ts"

export const eventApp: Partial<TestAppOptions> = {
  commands: { wait: command(() => {}) },
  windows: [{ label: "main" }, { label: "other" }],
}

/** Listens with every kind of target, for both labels; `heard` says which did. */
const LISTEN_TO_ALL = `window.heard = []
  window.targets = [undefined, "main", "other", { kind: "Any" }, { kind: "App" },
    ...["AnyLabel", "Window", "Webview", "WebviewWindow"].flatMap((kind) => ["main", "other"].map((label) => ({ kind, label })))]
  const name = (target) => target === undefined ? "none" : typeof target === "string" ? "=" + target : [target.kind, target.label].filter(Boolean).join(" ")
  for (const target of targets) await tauri.event.listen("news", () => heard.push(name(target)), { target })`

/** Whatever was under way has arrived: an answer comes after what came before it. */
async function settled(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.evaluate(`await tauri.core.invoke("wait")`)
}

/** Listeners of a window that hear what is emitted for "main" with this kind, besides those for anything. */
const REACHED: Readonly<Record<string, readonly string[]>> = {
  AnyLabel: ["=main", "AnyLabel main", "Window main", "Webview main", "WebviewWindow main"],
  Window: ["=main", "AnyLabel main", "Window main"],
  Webview: ["=main", "AnyLabel main", "Webview main"],
  WebviewWindow: ["=main", "AnyLabel main", "WebviewWindow main"],
}

const EVERYTHING = [
  "none",
  "=main",
  "=other",
  "Any",
  "App",
  ...["AnyLabel", "Window", "Webview", "WebviewWindow"].flatMap((kind) => [`${kind} main`, `${kind} other`]),
]

export const eventCases: readonly Case[] = [
  {
    shows: ["event.listen", "event.emit"],
    name: "hears what it emits itself, with name, payload and its own id, until it unlistens",
    async run({ page }) {
      const script = `const heard = []
        const unlisten = await tauri.event.listen("a-b/c:d_é1", (event) => heard.push(event))
        for (const payload of [{ n: [1, null] }, "text", undefined]) await tauri.event.emit("a-b/c:d_é1", payload)
        await unlisten()
        await tauri.event.emit("a-b/c:d_é1", "late")
        return heard.map(({ event, payload, id }) => [event, payload, Number.isInteger(id)])`
      const name = "a-b/c:d_é1"
      assert.deepEqual(await page.evaluate(script), [
        [name, { n: [1, null] }, true],
        [name, "text", true],
        [name, null, true],
      ])
    },
  },
  {
    shows: "event.once",
    name: "hears one event and no more, even of two that come together",
    async run({ page, testApp }) {
      await page.evaluate(`window.heard = []
        await tauri.event.once("news", ({ payload }) => heard.push(payload))`)
      testApp.app.emit("news", 1)
      testApp.app.emit("news", 2)
      await settled(page)
      await page.evaluate(`await tauri.event.emit("news", 3)`)
      assert.deepEqual(await page.evaluate("return heard"), [1])
    },
  },
  {
    shows: "event.once",
    name: "may be given up before anything comes",
    async run({ page }) {
      const script = `const heard = []
        const unlisten = await tauri.event.once("news", () => heard.push(1))
        await unlisten()
        await tauri.event.emit("news")
        return heard`
      assert.deepEqual(await page.evaluate(script), [])
    },
  },
  {
    shows: "event.listen",
    name: "unlistens in every order, also from inside a listener; the others go on",
    async run({ page }) {
      const script = `const results = []
        for (const order of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
          let heard = []
          const unlisten = []
          for (const n of [0, 1, 2]) unlisten.push(await tauri.event.listen("news", () => heard.push(n)))
          const seen = []
          for (const n of order) {
            heard = []
            await tauri.event.emit("news")
            seen.push(heard.join(""))
            await unlisten[n]()
          }
          heard = []
          await tauri.event.emit("news")
          results.push([...seen, heard.join("")].join(" "))
        }
        const heard = []
        const own = await tauri.event.listen("news", () => { heard.push("own"); own() })
        await tauri.event.listen("news", () => heard.push("next"))
        await tauri.event.emit("news")
        await tauri.event.emit("news")
        results.push(heard.join(" "))
        return results`
      assert.deepEqual(await page.evaluate(script), [
        "012 12 2 ",
        "012 12 1 ",
        "012 02 2 ",
        "012 02 0 ",
        "012 01 1 ",
        "012 01 0 ",
        "own next next",
      ])
    },
  },
  {
    shows: "event.listen",
    name: "goes on when a listener throws: the others hear, and the page hears of the error",
    async run({ page }) {
      const script = `const [heard, uncaught] = [[], []]
        addEventListener("error", (event) => { uncaught.push(event.error?.message); event.preventDefault() })
        await tauri.event.listen("news", () => { throw new Error("no") })
        await tauri.event.listen("news", ({ payload }) => heard.push(payload))
        await tauri.event.emit("news", 1)
        await tauri.event.emit("news", 2)
        return { heard, uncaught }`
      assert.deepEqual(await page.evaluate(script), { heard: [1, 2], uncaught: ["no", "no"] })
    },
  },
  {
    shows: "event.emit",
    name: "reaches every listener in every window, whatever their target, and the Core",
    async run({ page, open, testApp }) {
      const other = await open("other")
      const inCore: AppEvent[] = []
      const unlisten = testApp.app.listen("news", (event) => inCore.push(event))
      for (const one of [page, other]) await one.evaluate(LISTEN_TO_ALL)
      await other.evaluate(`await tauri.event.emit("news", { from: "other" })`)
      await settled(page, other)
      for (const one of [page, other]) assert.deepEqual(await one.evaluate("return heard"), EVERYTHING)
      assert.deepEqual(inCore, [{ event: "news", payload: { from: "other" }, source: "other" }])
      unlisten()
    },
  },
  ...Object.entries(REACHED).map(
    ([kind, reached]): Case => ({
      shows: "event.emitTo",
      name: `${kind} of a label reaches that window's listeners of that kind, and no page of another window`,
      async run({ page, open, testApp }) {
        const other = await open("other")
        const inCore: AppEvent[] = []
        const unlisten = testApp.app.listen("news", (event) => inCore.push(event))
        for (const one of [page, other]) await one.evaluate(LISTEN_TO_ALL)
        await other.evaluate(`await tauri.event.emitTo({ kind: "${kind}", label: "main" }, "news", 1)`)
        await settled(page, other)
        const expected = EVERYTHING.filter((name) => ["none", "Any", ...reached].includes(name))
        assert.deepEqual(await page.evaluate("return heard"), expected)
        assert.deepEqual(await other.evaluate("return heard"), [])
        assert.deepEqual(inCore, [])
        unlisten()
      },
    }),
  ),
  {
    shows: "event.emitTo",
    name: "takes a label as text for any kind of it, Any for everybody, App for the Core and who listens to it",
    async run({ page, open, testApp }) {
      const other = await open("other")
      const inCore: unknown[] = []
      const unlisten = testApp.app.listen("news", ({ payload }) => inCore.push(payload))
      for (const one of [page, other]) await one.evaluate(LISTEN_TO_ALL)
      const heardOf = async (target: unknown): Promise<unknown[]> => {
        for (const one of [page, other]) await one.evaluate("heard.length = 0")
        inCore.length = 0
        await page.evaluate(`await tauri.event.emitTo(${JSON.stringify(target)}, "news", 1)`)
        await settled(page, other)
        return [await page.evaluate("return heard"), await other.evaluate("return heard"), [...inCore]]
      }
      const ofOther = EVERYTHING.filter((name) => ["none", "Any"].includes(name) || name.endsWith("other"))
      const ofApp = ["none", "Any", "App"]
      assert.deepEqual(await heardOf("other"), [[], ofOther, []])
      assert.deepEqual(await heardOf({ kind: "Any" }), [EVERYTHING, EVERYTHING, [1]])
      assert.deepEqual(await heardOf({ kind: "App" }), [ofApp, ofApp, [1]])
      assert.deepEqual(await heardOf("nobody"), [[], [], []])
      unlisten()
    },
  },
  {
    shows: "event.listen",
    name: "hears the Core: what is for all, and what is for its own window only",
    async run({ page, open, testApp }) {
      const other = await open("other")
      for (const one of [page, other])
        await one.evaluate(`window.heard = []
          await tauri.event.listen("news", ({ payload }) => heard.push(payload))`)
      testApp.app.emit("news", "all")
      testApp.app.emitTo("main", "news", "main")
      testApp.app.emitTo({ kind: "Webview", label: "other" }, "news", "other")
      await settled(page, other)
      assert.deepEqual(await page.evaluate("return heard"), ["all", "main"])
      assert.deepEqual(await other.evaluate("return heard"), ["all", "other"])
    },
  },
  {
    shows: "event.listen",
    name: "is over when its page is loaded anew",
    async run({ page, testApp }) {
      await page.evaluate(`await tauri.event.listen("news", () => {})`)
      await page.reload()
      await page.waitFor("return typeof tauri === 'object'")
      await page.evaluate(`window.warned = []
        console.warn = (text) => warned.push(text)
        window.heard = []
        await tauri.event.listen("other", ({ payload }) => heard.push(payload))`)
      testApp.app.emit("news", 1)
      testApp.app.emit("other", 2)
      await page.waitFor("return heard.length === 1")
      assert.deepEqual(await page.evaluate("return warned"), [])
    },
  },
  {
    shows: ["event.listen", "event.emit", "event.emitTo"],
    name: "rejects names that no event can have, targets that are none, and events that are the app's own",
    async run({ page }) {
      const name = "Event name must include only alphanumeric characters, `-`, `/`, `:` and `_`."
      const wrong = (argument: string, what: string): RegExp =>
        new RegExp(`^invalid args \`${argument}\` for command \`(listen|emit|emit_to)\`: ${what}`)
      await refused(page, `tauri.event.listen("a b", () => {})`, wrong("event", name))
      await refused(page, `tauri.event.emit("a.b")`, wrong("event", name))
      await refused(page, `tauri.event.emitTo("main", "a\\n", 1)`, wrong("event", name))
      await refused(
        page,
        `tauri.event.emitTo({ kind: "Menu" }, "a", 1)`,
        wrong("target", `unknown event target kind "Menu"`),
      )
      await refused(page, `tauri.event.emitTo({ kind: "Window" }, "a", 1)`, wrong("target", ".* needs a label"))
      await refused(
        page,
        `tauri.event.emitTo({ kind: "toString" }, "a", 1)`,
        wrong("target", "unknown event target kind"),
      )
      await refused(page, `tauri.event.emitTo(null, "a", 1)`, /./)
      await refused(page, `tauri.event.emitTo(7, "a", 1)`, wrong("target", ""))
      await refused(page, `tauri.event.listen("a", () => {}, { target: { kind: "Menu" } })`, wrong("target", ""))
      await refused(page, `tauri.event.emit("tauri://resize", {})`, /is the app's to emit/)
    },
  },
]
