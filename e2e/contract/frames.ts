import assert from "node:assert/strict"
import { after, before, beforeEach, describe, test } from "node:test"
import { command } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { startTestApp, type TestApp } from "../fixture.ts"

/** Refuses `forbidden`, so that a `forbidden` that ran has gone around it. */
const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => { if (payload.cmd === "forbidden") throw new Error("forbidden"); return payload }`

/**
 * Changes a bit of the next sealed frame, from under the bridge: the Core ends the session. Of what else a page may send there, the
 * attacks P2 to P9 show that it runs nothing.
 */
const CHANGE_A_BIT = `const send = WebSocket.prototype.send
  const ended = new Promise((resolve) => {
    WebSocket.prototype.send = function (data) {
      WebSocket.prototype.send = send
      const bytes = new Uint8Array(data.slice(0))
      bytes[bytes.length - 20] ^= 1
      this.addEventListener("close", resolve)
      return send.call(this, bytes)
    }
  })
  window.lost = call("changed")
  await ended`

/** A page whose frame the Core has refused. */
export function refusedFrame(browser: Browser): void {
  describe("sealed frames", () => {
    test("a frame with a changed bit: ends the session, is audited, runs nothing; a new session works", async () => {
      let ran = 0
      const commands = { allowed: command(() => "allowed"), changed: command(() => ran++) }
      const testApp = await startTestApp({ hook: HOOK, commands })
      const page = await testApp.open(browser())
      await page.evaluate(`await call("allowed"); ${CHANGE_A_BIT}`)
      assert.equal(testApp.decisions.filter(({ kind }) => kind === "frame-refused").length, 1)
      assert.equal(ran, 0)
      assert.deepEqual(await page.evaluate(`return call("allowed")`), { value: "allowed" })
      await page.close()
      await testApp.close()
    })
  })
}

const COMMANDS = {
  allowed: command(() => "allowed"),
  forbidden: command(() => "ran"),
  waits: command(() => new Promise(() => {})),
}

/** The isolation frame, under a page that is an attacker's. */
export function isolationFrame(browser: Browser): void {
  describe("the isolation frame", () => {
    let testApp: TestApp
    let page: Page
    before(async () => {
      testApp = await startTestApp({ hook: HOOK, commands: COMMANDS })
      page = await testApp.open(browser())
    })
    beforeEach(async () => {
      await page.reload()
      await page.waitFor("return typeof call === 'function'")
      await page.evaluate(`return call("allowed")`)
    })
    after(async () => {
      await page.close()
      await testApp.close()
    })

    const LOSSES: readonly (readonly [what: string, script: string])[] = [
      ["removed", `document.querySelector("iframe[name^=sallyport]").remove()`],
      ["moved", `document.body.append(document.querySelector("iframe[name^=sallyport]"))`],
      ["navigated", `document.querySelector("iframe[name^=sallyport]").src = "about:blank"`],
      [
        "gone with its document, which was opened anew",
        `document.open(); document.write("<!doctype html><title>Anew</title>"); document.close()`,
      ],
    ]
    const losesCallsInFlight = async (lost: Page, script: string): Promise<void> => {
      const result = await lost.evaluate(`settled = 0; const waiting = call("waits"); await call("allowed"); ${script}
        const lost = await waiting
        return { lost: lost.code, allowed: await call("allowed"), forbidden: (await call("forbidden")).code, settled }`)
      assert.deepEqual(result, {
        lost: "CONNECTION_LOST",
        allowed: { value: "allowed" },
        forbidden: "HOOK_REFUSED",
        settled: 4,
      })
    }
    const title = (what: string): string =>
      `${what}: calls in flight reject once, the next ones pass through a new frame and its hook`
    for (const [what, script] of LOSSES) test(title(what), () => losesCallsInFlight(page, script))

    // Firefox tells a page nothing of a frame whose answer was empty: the frame's silence does, after three times this limit.
    test(title("loaded again"), async () => {
      const watched = await startTestApp({ hook: HOOK, commands: COMMANDS, limits: { frameTimeoutMs: 3000 } })
      const other = await watched.open(browser())
      await losesCallsInFlight(
        other,
        `const frame = document.querySelector("iframe[name^=sallyport]"); frame.src = frame.src`,
      )
      await other.close()
      await watched.close()
    })

    test("is hidden, cannot be focused, and lets its page alone", async () => {
      const script = `const frame = document.querySelector("iframe[name^=sallyport]")
        return { sandbox: frame.getAttribute("sandbox"), shown: frame.getClientRects().length, tabIndex: frame.tabIndex, inside: frame.contentDocument === null, parent: frame.parentElement === document.documentElement }`
      assert.deepEqual(await page.evaluate(script), {
        sandbox: "allow-scripts",
        shown: 0,
        tabIndex: -1,
        inside: true,
        parent: true,
      })
    })

    test("no bridge stands in frames of the app's own pages", async () => {
      const script = `const frame = document.createElement("iframe"); frame.src = "/index.html"; document.body.append(frame)
        await new Promise((resolve) => { frame.onload = resolve }); return typeof frame.contentWindow.__TAURI_INTERNALS__`
      assert.equal(await page.evaluate(script), "undefined")
    })

    test("where it cannot load, calls reject with SANDBOX_UNAVAILABLE and say where to look", async () => {
      const html = `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="frame-src 'none'"></head><body><script src="test.js"></script></body></html>`
      const blocked = await startTestApp({
        hook: HOOK,
        html,
        commands: { allowed: command(() => "allowed") },
        limits: { frameTimeoutMs: 500 },
        security: { dangerousDisableAssetCspModification: true, csp: null },
      })
      const other = await blocked.open(browser())
      const { code, message } = await other.evaluate<{ code: string; message: string }>(`return call("allowed")`)
      assert.equal(code, "SANDBOX_UNAVAILABLE")
      assert.match(message, /Content-Security-Policy/)
      await other.close()
      await blocked.close()
    })
  })
}
