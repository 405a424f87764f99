import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { Channel, command, type Plugin } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { startTestApp, type TestApp } from "../fixture.ts"

const plugin = (name: string, initScript: string): Plugin => ({
  name,
  initScript,
  setup: () => ({ commands: { hello: command(() => `hello from ${name}`) } }),
})

const opened: string[] = []
const PLUGINS = [
  plugin(
    "first",
    `const mine = "first"
    window.order = [mine + ", bridge " + typeof __TAURI_INTERNALS__.invoke + ", body " + typeof document.body?.nodeType]
    window.wasFrozen = Object.isFrozen(Object.prototype)
    window.early = __TAURI_INTERNALS__.invoke("plugin:first|hello")`,
  ),
  plugin("broken", `throw new Error("deliberately: a script of a plugin that throws")`),
  {
    name: "opener",
    setup: () => ({ commands: { open_url: command((args) => void opened.push((args as { url: string }).url)) } }),
  } satisfies Plugin,
  plugin("last", `const mine = "last"; window.order.push(mine)`),
]
const HTML = `<!doctype html>
<html lang="en"><head><title>Test</title><script>window.order?.push("page")</script></head>
<body><script src="test.js"></script></body></html>
`
/** Tells what the isolation document has of what plugins' scripts set in pages. */
const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "echo" && payload.look) payload.order = typeof window.order + typeof window.__TAURI__
  return payload
}`
const COMMANDS = {
  echo: command((args) => args),
  count: command((args) => {
    const { to } = args as { to: unknown }
    if (to instanceof Channel) for (let n = 0; n < 3; n++) to.send({ n })
    return "counted"
  }),
}

/** What runs in pages behind the bridge: scripts of plugins, and Tauri's API as a global. */
export function pageScripts(freezePrototype: boolean): (browser: Browser) => void {
  return (browser) =>
    describe(`scripts behind the bridge${freezePrototype ? ", prototypes frozen" : ""}`, () => {
      let testApp: TestApp
      let page: Page
      before(async () => {
        testApp = await startTestApp({
          hook: HOOK,
          html: HTML,
          commands: COMMANDS,
          security: { freezePrototype },
          app: { withGlobalTauri: true },
          options: { plugins: PLUGINS },
        })
        page = await testApp.open(browser())
      })
      after(async () => {
        await page.close()
        await testApp.close()
      })

      test("those of plugins run in order, behind the bridge, before the page, whatever one of them throws", async () =>
        assert.deepEqual(await page.evaluate("return order"), [
          "first, bridge function, body undefined",
          "last",
          "page",
        ]))

      test("can call their plugins at once", async () =>
        assert.equal(await page.evaluate("return early"), "hello from first"))

      test("prototypes are frozen before them, where the configuration says so", async () =>
        assert.equal(await page.evaluate("return wasFrozen"), freezePrototype))

      test("never run in the isolation document", async () => {
        assert.equal(await page.evaluate("return typeof order + typeof __TAURI__"), "objectobject")
        assert.deepEqual(await page.evaluate(`return call("echo", { look: true })`), {
          value: { look: true, order: "undefinedundefined" },
        })
      })

      test("never run in a frame of the page", async () => {
        const script = `const frame = document.createElement("iframe"); frame.src = "/index.html"
          const loaded = new Promise((resolve) => { frame.onload = resolve }); document.body.append(frame); await loaded
          return typeof frame.contentWindow.order + typeof frame.contentWindow.__TAURI__`
        assert.equal(await page.evaluate(script), "undefinedundefined")
      })

      test("window.__TAURI__ is all of Tauri's API, and works: calls, channels, events", async () => {
        const names = await page.evaluate<string[]>("return Object.keys(__TAURI__).sort()")
        assert.deepEqual(names, [...Object.keys(await import("@tauri-apps/api")), "opener"].sort())
        assert.deepEqual(await page.evaluate(`return __TAURI__.core.invoke("echo", { a: new Map([["b", 1]]) })`), {
          a: { b: 1 },
        })
        const channel = `const got = []; const to = new __TAURI__.core.Channel((message) => got.push(message.n))
          return [await __TAURI__.core.invoke("count", { to }), got]`
        assert.deepEqual(await page.evaluate(channel), ["counted", [0, 1, 2]])
        const event = `return new Promise(async (resolve) => {
          await __TAURI__.event.once("news", ({ payload }) => resolve(payload))
          await __TAURI__.event.emit("news", { fresh: true }) })`
        assert.deepEqual(await page.evaluate(event), { fresh: true })
      })

      test("window.__TAURI__ has the JavaScript of Tauri's plugins that the app has", async () => {
        opened.length = 0
        await page.evaluate(`await __TAURI__.opener.openUrl("https://example.org/")`)
        assert.deepEqual(opened, ["https://example.org/"])
      })

      test("plugins may add to window.__TAURI__", async () => {
        const script = `Object.defineProperty(__TAURI__, "added", { value: 1 }); __TAURI__.assigned = 2
          return [__TAURI__.added, __TAURI__.assigned]`
        assert.deepEqual(await page.evaluate(script), [1, 2])
      })
    })
}

/** An app that did not ask for the global. */
export function globalApiAbsent(browser: Browser): void {
  test("window.__TAURI__ is not there where nobody asked for it", async () => {
    const testApp = await startTestApp({ commands: COMMANDS })
    const page = await testApp.open(browser())
    assert.equal(await page.evaluate("return typeof window.__TAURI__"), "undefined")
    await page.close()
    await testApp.close()
  })
}
