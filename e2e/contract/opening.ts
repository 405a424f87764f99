import assert from "node:assert/strict"
import { after, before, beforeEach, describe, test } from "node:test"
import { command } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { PASS, startTestApp, type TestApp } from "../fixture.ts"

/** The page's own scripts listen before the session stands, and let no other listener hear anything. */
const LISTENS = `window.heard = []
for (const capture of [true, false])
  addEventListener("message", (event) => { heard.push(String(event.data)); event.stopImmediatePropagation() }, capture)`

/** Gets hold of the bridge's socket, from under it. */
const SOCKET = `var send = WebSocket.prototype.send
  await new Promise((resolve) => { WebSocket.prototype.send = function (data) { window.socket = this; resolve(); return send.call(this, data) }; window.first = call("count", { first: 1 }) })
  await first
  WebSocket.prototype.send = send`

const FRAME = `document.querySelector("iframe[name^=sallyport]")`

/** What a page may do to the frame without an event for the bridge. */
const ACTS: readonly (readonly [what: string, act: string])[] = [
  ["removed", "frame.remove()"],
  ["moved", "document.body.append(frame)"],
  ["gone with its document", `document.open(); document.write("<!doctype html><body>Anew</body>"); document.close()`],
]

/** Gets a new session by closing the socket, and does \`act\` with its frame, once: as soon as the frame is appended, or when it has loaded. */
const whileOpening = (act: string, hasLoaded: boolean): string => `${SOCKET}
  new MutationObserver((_, observer) => {
    const frame = ${FRAME}
    if (frame === null || frame === old) return
    observer.disconnect()
    const act = () => { ${act}; window.acted = true }
    if (${hasLoaded}) frame.addEventListener("load", act, { once: true })
    else act()
  }).observe(document.documentElement, { childList: true })
  const old = ${FRAME}
  socket.close()
  settled = 0
  const result = await call("count", { next: 1 })
  return { result, settled, acted }`

/** What became of the call of `whileOpening`. */
interface Outcome {
  readonly result: { readonly value?: unknown; readonly code?: string; readonly message?: string }
  readonly settled: number
  readonly acted: boolean
}

/** What becomes of an honest page's calls while one session ends and another begins. */
export function opening(browser: Browser): void {
  describe("a call that the Core has not seen passes in the next session, and runs once, when", () => {
    let testApp: TestApp
    let page: Page
    const ran: unknown[] = []
    const commands = { count: command((args) => ran.push(args)) }
    before(async () => {
      testApp = await startTestApp({ hook: PASS, commands })
      page = await testApp.open(browser())
    })
    const begin = async (): Promise<void> => {
      await page.reload()
      await page.waitFor("return typeof call === 'function'")
      await page.evaluate(`return call("count", { before: 1 })`)
      ran.length = 0
    }
    beforeEach(begin)
    after(async () => {
      await page.close()
      await testApp.close()
    })

    for (const [what, act] of ACTS) {
      for (const hasLoaded of [false, true])
        test(`the frame is ${what} ${hasLoaded ? "when it has loaded" : "before it has loaded"}`, async () => {
          let outcome = await page.evaluate<Outcome>(whileOpening(act, hasLoaded))
          // On a busy machine the event may come when the sandbox has sealed the call already.
          for (let tries = 1; hasLoaded && tries < 10 && outcome.result.code === "CONNECTION_LOST"; tries++) {
            assert.match(outcome.result.message ?? "", /whether the call ran is unknown$/)
            await begin()
            outcome = await page.evaluate<Outcome>(whileOpening(act, hasLoaded))
          }
          assert.deepEqual(outcome, { result: { value: 2 }, settled: 1, acted: true })
          assert.deepEqual(ran, [{ first: 1 }, { next: 1 }])
        })

      test(`the frame is ${what} before the batch is posted`, async () => {
        const script = `const frame = ${FRAME}; ${act}; return call("count", { next: 1 })`
        assert.deepEqual(await page.evaluate(script), { value: 1 })
        assert.deepEqual(ran, [{ next: 1 }])
      })

      test(`the frame is ${what} when the batch has been posted`, async () => {
        // Only microtasks go by: no message can have come back.
        const script = `const frame = ${FRAME}; const result = call("count", { next: 1 })
          for (let turn = 0; turn < 50; turn++) await null
          ${act}; return result`
        assert.deepEqual(await page.evaluate(script), { value: 1 })
        assert.deepEqual(ran, [{ next: 1 }])
      })
    }

    test("it is made when the socket is closed, and no event has said so yet", async () => {
      const script = `${SOCKET}; socket.close(); return { state: socket.readyState, result: await call("count", { next: 1 }) }`
      assert.deepEqual(await page.evaluate(script), { state: 2, result: { value: 2 } })
      assert.deepEqual(ran, [{ first: 1 }, { next: 1 }])
    })
  })

  describe("a page that listens to messages, and stops each", () => {
    test("goes on after a session was replaced, and hears nothing of the sandbox", async () => {
      const testApp = await startTestApp({
        hook: PASS,
        commands: { count: command((args) => args) },
        // Inline: it runs at once, before the bridge has heard from the Core.
        html: `<!doctype html><html><head><meta charset="utf-8"><script>${LISTENS}</script></head><body><script src="test.js"></script></body></html>`,
      })
      const page = await testApp.open(browser())
      // A stopped message would mean half a minute of waiting for each session.
      const script = `${SOCKET}
        for (const capture of [true, false])
          addEventListener("message", (event) => { heard.push("late " + event.data); event.stopImmediatePropagation() }, capture)
        const values = []
        for (let session = 0; session < 3; session++) {
          socket.close()
          ${SOCKET}
          values.push(await call("count", { session }))
        }
        postMessage("own", "*")
        return values`
      assert.deepEqual(
        await page.evaluate(script),
        [0, 1, 2].map((session) => ({ value: { session } })),
      )
      await page.waitFor("return heard.length > 0")
      assert.deepEqual(await page.evaluate("return heard"), ["own"])
      await page.close()
      await testApp.close()
    })
  })
}
