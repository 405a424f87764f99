import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { Channel, command } from "sallyport"
import * as v from "valibot"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { eventually, type Pattern, startTestApp, type TestApp } from "../fixture.ts"

/** Lets a page listen to "secret" in a session that was unlocked: state of a hook ends with its session. */
const HOOK = `
let isUnlocked = false
window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "unlock") isUnlocked = true
  if (payload.cmd === "plugin:event|listen" && payload.event === "secret" && !isUnlocked) throw new Error("locked")
  return payload
}
`

/** Listens as `@tauri-apps/api/event` does; what comes is in `heard`, what is warned of in `warned`. */
const BEGIN = `window.heard = []
  window.warned = []
  console.warn = (text) => warned.push(String(text))
  window.listen = (event) => invoke("plugin:event|listen", { event, target: { kind: "Any" },
    handler: __TAURI_INTERNALS__.transformCallback(({ event, payload, id }) => heard.push([event, payload, id])) })
  window.unlisten = (event, eventId) => {
    __TAURI_EVENT_PLUGIN_INTERNALS__.unregisterListener(event, eventId)
    return invoke("plugin:event|unlisten", { event, eventId })
  }`

/** Ends the page's session from under it, as a lost connection does. */
const LOSE = `const send = WebSocket.prototype.send
  await new Promise((resolve) => { WebSocket.prototype.send = function (data) { window.socket = this; resolve(); return send.call(this, data) }; window.waited = call("wait") })
  await waited
  WebSocket.prototype.send = send
  socket.close()`

/** A call that another session has answered: what the page asked for before it has been done, too. */
const IS_BACK = `return "value" in (await call("wait"))`

/** Events and channels when their session ends and another begins. */
export function events(pattern: Pattern): (browser: Browser) => void {
  return (browser) =>
    describe(`events and channels, ${pattern}`, () => {
      const kept: Channel[] = []
      let testApp: TestApp
      let page: Page
      before(async () => {
        testApp = await startTestApp({
          hook: pattern === "isolation" ? HOOK : null,
          commands: {
            wait: command(() => {}),
            unlock: command(() => {}),
            keep: command(v.object({ on: v.instance(Channel) }), ({ on }) => void kept.push(on)),
          },
        })
        page = await testApp.open(browser())
      })
      after(async () => {
        await page.close()
        await testApp.close()
      })
      /** A page that has just loaded. */
      const begin = async (): Promise<void> => {
        await page.goto(`${testApp.app.origin}/index.html`)
        await page.waitFor("return typeof call === 'function'")
        await page.evaluate(BEGIN)
      }

      test("listeners go on hearing after a lost connection, under their ids; those that unlistened do not", async () => {
        await begin()
        const [kept, gone] = await page.evaluate<number[]>(`return [await listen("a"), await listen("a")]`)
        await page.evaluate(`await unlisten("a", ${gone}); ${LOSE}`)
        await page.waitFor(IS_BACK)
        testApp.app.emit("a", 1)
        await page.waitFor("return heard.length > 0")
        await page.evaluate(`await unlisten("a", ${kept})`)
        testApp.app.emit("a", 2)
        await page.evaluate(`return call("wait")`)
        assert.deepEqual(await page.evaluate("return [heard, warned]"), [[["a", 1, kept]], []])
      })

      test("a page hears what it emits while it has no session", async () => {
        await begin()
        const id = await page.evaluate<number>(`return listen("a")`)
        await page.evaluate(`${LOSE}
          while (!(await new Promise((resolve) => { socket.readyState === WebSocket.CLOSED ? resolve(true) : setTimeout(resolve, 1) })));
          await invoke("plugin:event|emit", { event: "a", payload: "meanwhile" })`)
        assert.deepEqual(await page.evaluate("return heard"), [["a", "meanwhile", id]])
      })

      if (pattern === "isolation")
        test("a listener that the hook refuses in a new session hears no more, and the page is warned; others go on", async () => {
          await begin()
          const id = await page.evaluate<number>(`await call("unlock"); await listen("secret"); return listen("a")`)
          await page.evaluate(LOSE)
          await page.waitFor("return warned.length > 0")
          await page.waitFor(IS_BACK)
          testApp.app.emit("secret", 1)
          testApp.app.emit("a", 2)
          await page.waitFor("return heard.length > 0")
          assert.deepEqual(await page.evaluate("return [heard, warned]"), [
            [["a", 2, id]],
            ['"secret" is not listened to any more: locked'],
          ])
        })

      test("a page that is loaded anew listens to nothing, and is not disturbed by what was for the one before", async () => {
        await begin()
        await page.evaluate(`await listen("a")`)
        await begin()
        await page.evaluate(`await listen("b")`)
        testApp.app.emit("a", 1)
        testApp.app.emit("b", 2)
        await page.waitFor("return heard.length > 0")
        assert.deepEqual(await page.evaluate("return [heard.map(([event]) => event), warned]"), [["b"], []])
      })

      test("a channel ends with its session: the Core sees it closed, and another page never gets its messages", async () => {
        await begin()
        await page.evaluate(`window.id = __TAURI_INTERNALS__.transformCallback((message) => heard.push(message))
          await invoke("keep", { on: "__CHANNEL__:" + id })`)
        const channel = kept.pop() as Channel
        channel.send("before")
        await page.waitFor("return heard.length === 1")
        await page.evaluate(LOSE)
        await eventually("the channel is closed", () => !channel.isOpen)
        await page.waitFor(IS_BACK)
        assert.equal(channel.send("after"), false)
        await page.evaluate(`return call("wait")`)
        assert.deepEqual(await page.evaluate("return [heard, warned]"), [[{ message: "before", index: 0 }], []])
      })

      test("what one window puts into a payload changes no prototype anywhere (P14)", async () => {
        await begin()
        const other = await testApp.open(browser(), "other")
        const heard: unknown[] = []
        const end = testApp.app.listen("a", ({ payload }) => heard.push(payload))
        await page.evaluate(`await listen("a")`)
        await other.evaluate(`await invoke("plugin:event|emit", { event: "a",
          payload: JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}') })`)
        await page.waitFor("return heard.length > 0")
        const script = `return [({}).polluted ?? null, Object.hasOwn(heard[0][1], "__proto__"), heard[0][1].polluted ?? null, heard[0][1].a]`
        assert.deepEqual(await page.evaluate(script), [null, false, null, 1])
        assert.equal("polluted" in {}, false)
        assert.deepEqual(Object.keys(heard[0] as object).sort(), ["a", "constructor"])
        end()
        await other.close()
      })

      test("a page that names what is not its own harms nobody: a callback that never was, another window's listener (P18)", async () => {
        await begin()
        const other = await testApp.open(browser(), "other")
        await other.evaluate(BEGIN)
        const id = await other.evaluate<number>(`return listen("a")`)
        await page.evaluate(`await invoke("plugin:event|unlisten", { event: "a", eventId: ${id} })
          await invoke("plugin:event|listen", { event: "a", target: { kind: "Window", label: "other" }, handler: ${id} })
          await invoke("keep", { on: "__CHANNEL__:${id}" })`)
        kept.pop()?.send("to a callback that never was")
        testApp.app.emitTo("other", "a", "for other only")
        await other.waitFor("return heard.length > 0")
        assert.deepEqual(await other.evaluate("return heard"), [["a", "for other only", id]])
        await page.evaluate(`return call("wait")`)
        const [heard, warned] = await page.evaluate<[unknown[], string[]]>("return [heard, warned]")
        assert.deepEqual(heard, [])
        assert.equal(warned.length, 1)
        assert.match(warned[0] as string, new RegExp(`callback id ${id}`))
        await other.close()
      })
    })
}
