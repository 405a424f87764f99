import assert from "node:assert/strict"
import { after, before, beforeEach, describe, test } from "node:test"
import { command } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { eventually, startTestApp, type TestApp } from "../fixture.ts"

/** Refuses `forbidden`, so that a `forbidden` that ran has gone around it. */
const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => { if (payload.cmd === "forbidden") throw new Error("forbidden"); return payload }`

/**
 * What an attacker's script does first: it wraps \`WebSocket\` under the bridge, keeps the bridge's socket and what it sends.
 * \`frames\` are the sealed frames so far.
 */
const WRAP = `const send = WebSocket.prototype.send
  window.frames_ = []; window.held = []; window.hold = false
  WebSocket.prototype.send = function (data) {
    if (typeof data === "string") return send.call(this, data)
    window.socket = this; frames_.push(data instanceof ArrayBuffer ? data.slice(0) : data)
    return hold ? void held.push(data) : send.call(this, data)
  }
  window.rawSend = (data) => send.call(socket, data)
  await call("allowed")`

/** A payload in the clear, as brownfield has it. */
const CLEAR = `const clear = (json) => { const text = new TextEncoder().encode(json); const bytes = new Uint8Array(4 + text.length); new DataView(bytes.buffer).setUint32(0, text.length); bytes.set(text, 4); return bytes }`

const FORBIDDEN = `'{"calls":[[1000,"forbidden",{}]],"blobs":[]}'`

/** What a page may send past the bridge. Each ends its session, is audited, and runs nothing. */
const FORGERIES: readonly (readonly [what: string, script: string])[] = [
  ["random bytes", "rawSend(crypto.getRandomValues(new Uint8Array(100)))"],
  ["nothing", "rawSend(new Uint8Array(0))"],
  ["a frame a second time", "rawSend(frames_.at(-1))"],
  [
    "a frame that is cut short",
    "hold = true; call('allowed'); await until(() => held.length > 0); rawSend(new Uint8Array(held[0]).subarray(0, -1))",
  ],
  [
    "a frame with a changed bit",
    "hold = true; call('allowed'); await until(() => held.length > 0); const bytes = new Uint8Array(held[0]); bytes[bytes.length - 20] ^= 1; rawSend(bytes)",
  ],
  [
    "a frame of another version",
    "hold = true; call('allowed'); await until(() => held.length > 0); const bytes = new Uint8Array(held[0]); bytes[0] = 2; rawSend(bytes)",
  ],
  [
    "two frames in the wrong order",
    "hold = true; call('allowed'); await until(() => held.length > 0); call('allowed'); await until(() => held.length > 1); rawSend(held[1])",
  ],
  ["a call in the clear, as brownfield has it", `${CLEAR}; rawSend(clear(${FORBIDDEN}))`],
  ["a call without arguments, in the clear", `${CLEAR}; rawSend(clear('{"calls":[[1000,"forbidden"]],"blobs":[]}'))`],
  [
    "a call sealed with a key of the page's own",
    `${CLEAR}
    const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt"])
    const header = new Uint8Array(new Uint8Array(frames_.at(-1)).subarray(0, 9)); header[8]++
    const iv = new Uint8Array(12); iv.set(header.subarray(1), 4)
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, clear(${FORBIDDEN})))
    const frame = new Uint8Array(9 + sealed.length); frame.set(header); frame.set(sealed, 9); rawSend(frame)`,
  ],
  ["text", `rawSend(${FORBIDDEN})`],
]

const UNTIL = `const until = async (isSo) => { while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5)) }`

/** The isolation frame and the frames that it seals, under a page that is an attacker's. */
export function frames(browser: Browser): void {
  describe("sealed frames", () => {
    let testApp: TestApp
    let page: Page
    let ran: number
    const commands = {
      allowed: command(() => "allowed"),
      forbidden: command(() => {
        ran++
      }),
    }
    before(async () => {
      testApp = await startTestApp({ hook: HOOK, commands })
      page = await testApp.open(browser())
    })
    beforeEach(async () => {
      ran = 0
      await page.reload()
      await page.waitFor("return typeof call === 'function'")
      testApp.decisions.length = 0
    })
    after(async () => {
      await page.close()
      await testApp.close()
    })

    for (const [what, script] of FORGERIES) {
      test(`${what}: ends the session, is audited, runs nothing; a new session works`, async () => {
        await page.evaluate(`${UNTIL}; ${WRAP}; ${script}; await until(() => socket.readyState === 3); hold = false`)
        assert.deepEqual(testApp.decisions.filter(({ kind }) => kind === "frame-refused").length, 1)
        assert.equal(ran, 0)
        assert.deepEqual(await page.evaluate(`return call("allowed")`), { value: "allowed" })
      })
    }

    test("a frame of one session does not open in another", async () => {
      await page.evaluate(`${UNTIL}; ${WRAP}; window.old = frames_.at(0); socket.close(); await until(() => socket.readyState === 3); await call("allowed")
        rawSend(old); await until(() => socket.readyState === 3)`)
      assert.equal(testApp.decisions.filter(({ kind }) => kind === "frame-refused").length, 1)
    })

    test("a socket of the page's own, with its credential, takes nothing but sealed frames", async () => {
      const script = `${CLEAR}
        const own = new WebSocket("ws://" + location.host + "/__sallyport__/ipc"); own.binaryType = "arraybuffer"
        await new Promise((resolve) => { own.onopen = resolve })
        own.send(JSON.stringify({ hello: 1, credential: JSON.parse(sessionStorage.getItem("sallyport")).credential }))
        const welcome = JSON.parse(await new Promise((resolve) => { own.onmessage = ({ data }) => resolve(data) }))
        own.send(clear(${FORBIDDEN}))
        const code = await new Promise((resolve) => { own.onclose = ({ code }) => resolve(code) })
        return { pattern: welcome.pattern, code }`
      assert.deepEqual(await page.evaluate(script), { pattern: "isolation", code: 4005 })
      assert.equal(ran, 0)
    })

    test("the control: in brownfield the same steps run the command", async () => {
      const brownfield = await startTestApp({ hook: null, commands })
      const other = await brownfield.open(browser())
      await other.evaluate(`${WRAP}; ${CLEAR}; rawSend(clear(${FORBIDDEN})); await call("allowed")`)
      assert.equal(ran, 1)
      await other.close()
      await brownfield.close()
    })

    test("a session that was given a frame and seals nothing is audited", async () => {
      const silent = await startTestApp({ hook: HOOK, commands, limits: { frameTimeoutMs: 1000 } })
      const other = await silent.open(browser())
      await other.evaluate(`sessionStorage.setItem("keep", 1); const own = new WebSocket("ws://" + location.host + "/__sallyport__/ipc")
        await new Promise((resolve) => { own.onopen = resolve })
        own.send(JSON.stringify({ hello: 1, credential: JSON.parse(sessionStorage.getItem("sallyport")).credential }))
        const { frame } = JSON.parse(await new Promise((resolve) => { own.onmessage = ({ data }) => resolve(data) }))
        const element = document.createElement("iframe"); element.setAttribute("sandbox", "allow-scripts"); element.src = frame; document.body.append(element)
        window.own = own`)
      await eventually("the silence is audited", () => silent.decisions.some(({ kind }) => kind === "session-silent"))
      await other.close()
      await silent.close()
    })
  })

  describe("the isolation frame", () => {
    let testApp: TestApp
    let page: Page
    before(async () => {
      testApp = await startTestApp({
        hook: HOOK,
        commands: {
          allowed: command(() => "allowed"),
          forbidden: command(() => "ran"),
          waits: command(() => new Promise(() => {})),
        },
      })
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
      ["loaded again", `const frame = document.querySelector("iframe[name^=sallyport]"); frame.src = frame.src`],
    ]
    for (const [what, script] of LOSSES) {
      test(`${what}: calls in flight reject once, the next ones pass through a new frame and its hook`, async () => {
        const result = await page.evaluate(`settled = 0; const waiting = call("waits"); await call("allowed"); ${script}
          const lost = await waiting
          return { lost: lost.code, allowed: await call("allowed"), forbidden: (await call("forbidden")).code, settled }`)
        assert.deepEqual(result, {
          lost: "CONNECTION_LOST",
          allowed: { value: "allowed" },
          forbidden: "HOOK_REFUSED",
          settled: 4,
        })
      })
    }

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

    test("its document cannot be read, nor had a second time", async () => {
      const script = `const { src } = document.querySelector("iframe[name^=sallyport]")
        const attempt = async (act) => { try { return await act() } catch { return "refused" } }
        return { cors: await attempt(async () => (await fetch(src)).text()), opaque: await attempt(async () => (await (await fetch(src, { mode: "no-cors" })).text()).length) }`
      const { cors, opaque } = await page.evaluate<{ cors: unknown; opaque: unknown }>(script)
      assert.equal(cors, "refused")
      assert.ok(opaque === "refused" || opaque === 0, String(opaque))
    })

    test("a port from anybody else is ignored", async () => {
      const script = `const { port1, port2 } = new MessageChannel(); let heard = 0; port1.onmessage = () => heard++
        postMessage("sallyport-port", "*", [port2])
        const frame = document.createElement("iframe"); document.body.append(frame)
        frame.contentWindow.parent.postMessage("sallyport-port", "*", [new MessageChannel().port2])
        const result = await call("allowed"); return { result, heard }`
      assert.deepEqual(await page.evaluate(script), { result: { value: "allowed" }, heard: 0 })
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
