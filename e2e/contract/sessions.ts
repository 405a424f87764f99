import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { command } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { eventually, PASS, type Pattern, startTestApp, type TestApp } from "../fixture.ts"

const COMMANDS = {
  echo: command((args) => args),
  window: command((_args, { window }) => window),
  waits: command(() => new Promise(() => {})),
}

/** Gets hold of the bridge's socket the way an attacker's script would: from under it. */
const CAPTURE_SOCKET = `const send = WebSocket.prototype.send
  await new Promise((resolve) => { WebSocket.prototype.send = function (data) { window.socket = this; resolve(); return send.call(this, data) }; window.echoed = call("echo") })
  await echoed
  WebSocket.prototype.send = send`

/** Sessions: one after the other, several at once, and what becomes of calls when one ends. */
export function sessions(pattern: Pattern): (browser: Browser) => void {
  return (browser) =>
    describe(`sessions, ${pattern}`, () => {
      let testApp: TestApp
      let page: Page
      before(async () => {
        testApp = await startTestApp({ hook: pattern === "isolation" ? PASS : null, commands: COMMANDS })
        page = await testApp.open(browser())
      })
      after(async () => {
        await page.close()
        await testApp.close()
      })
      /** Of the last call. Firefox closes a page's socket when it begins to leave it: on a slow machine that page has one more. */
      const lastSession = (): string =>
        testApp.decisions.findLast((decision) => decision.kind === "call")?.session ?? ""

      test("calls made before the session stands are answered", async () => {
        await page.reload()
        assert.deepEqual(await page.evaluate(`return call("echo", { early: 1 })`), { value: { early: 1 } })
      })

      test("a call in flight when the socket closes rejects once with CONNECTION_LOST; the next call goes through a new session", async () => {
        await page.evaluate(`return call("echo")`)
        const before = lastSession()
        const script = `${CAPTURE_SOCKET}
          settled = 0
          const waiting = call("waits")
          await call("echo")
          socket.close()
          const lost = await waiting
          const next = await call("echo", { next: 1 })
          await new Promise((resolve) => setTimeout(resolve, 100))
          return { lost: lost.code, next, settled }`
        assert.deepEqual(await page.evaluate(script), {
          lost: "CONNECTION_LOST",
          next: { value: { next: 1 } },
          settled: 3,
        })
        assert.notEqual(lastSession(), before)
      })

      test("a reload gives the same window a new session", async () => {
        const before = lastSession()
        await page.reload()
        assert.deepEqual(await page.evaluate(`return call("window")`), { value: "main" })
        assert.notEqual(lastSession(), before)
      })

      test("the page works again when the user comes back to it", async () => {
        await page.goto(`${testApp.app.origin}/index.html?elsewhere`)
        await page.waitFor("return typeof call === 'function'")
        assert.deepEqual(await page.evaluate(`return call("window")`), { value: "main" })
        await page.back()
        await page.waitFor("return !location.search && typeof call === 'function'")
        assert.deepEqual(await page.evaluate(`return call("window")`), { value: "main" })
      })

      test("a document that replaces itself goes on, with its frame made anew", async () => {
        const script = `document.documentElement.replaceWith(document.documentElement.cloneNode(false)); return call("echo", { replaced: 1 })`
        const result = await page.evaluate<{ value?: object; code?: string }>(script)
        assert.deepEqual(result, { value: { replaced: 1 } })
      })

      test("two windows have their own labels and get their own replies", async () => {
        const other = await testApp.open(browser(), "other")
        const script = `return Promise.all(Array.from({ length: 200 }, (_, n) => invoke("echo", { n, label: __TAURI_INTERNALS__.metadata.currentWindow.label })))`
        const [ofMain, ofOther] = await Promise.all(
          [page, other].map((one) => one.evaluate<{ n: number; label: string }[]>(script)),
        )
        assert.ok(ofMain?.every(({ n, label }, index) => n === index && label === "main"))
        assert.ok(ofOther?.every(({ n, label }, index) => n === index && label === "other"))
        assert.deepEqual(await other.evaluate(`return call("window")`), { value: "other" })
        await other.close()
        assert.deepEqual(await page.evaluate(`return call("window")`), { value: "main" })
      })

      test("a page cannot choose its label", async () => {
        const script = `sessionStorage.setItem("sallyport", JSON.stringify({ ...JSON.parse(sessionStorage.getItem("sallyport")), label: "other" })); location.reload()`
        await page.evaluate(script)
        await page.waitFor(
          "return typeof call === 'function' && __TAURI_INTERNALS__.metadata.currentWindow.label === 'other'",
        )
        assert.deepEqual(await page.evaluate(`return call("window")`), { value: "main" })
      })
    })
}

/** Windows that the Core does not know. */
export function windowsWithoutCredential(browser: Browser): void {
  describe("a window without a credential", () => {
    test("rejects every call with SESSION_REFUSED and says what to do", async () => {
      const testApp = await startTestApp({ commands: COMMANDS })
      const page = await testApp.open(browser())
      await page.evaluate(`sessionStorage.removeItem("sallyport")`)
      await page.reload()
      await page.waitFor("return typeof call === 'function'")
      const { code, message } = await page.evaluate<{ code: string; message: string }>(`return call("echo")`)
      assert.equal(code, "SESSION_REFUSED")
      assert.match(message, /open it from the app/)
      await page.close()
      await testApp.close()
    })

    test("whose launch link was used by somebody else is told so", async () => {
      const testApp = await startTestApp({ commands: COMMANDS })
      let link = ""
      await testApp.app.open("main", (url) => {
        link = url
      })
      const first = await browser().open(link)
      await first.waitFor("return typeof call === 'function'")
      const second = await browser().open(link)
      await eventually("the second use is audited", () =>
        testApp.decisions.some(({ kind }) => kind === "launch-ticket-reused"),
      )
      await first.reload()
      await first.waitFor("return typeof call === 'function'")
      assert.equal((await first.evaluate<{ code: string }>(`return call("echo")`)).code, "SESSION_REFUSED")
      assert.equal(await second.evaluate("return typeof window.__TAURI_INTERNALS__"), "undefined")
      await first.close()
      await second.close()
      await testApp.close()
    })
  })
}
