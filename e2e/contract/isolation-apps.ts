import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { command } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { eventually, startTestApp, type TestApp } from "../fixture.ts"

const echo = command((args) => args)

/** What an isolation app may be and do, and what it cannot. */
export function isolationApps(browser: Browser): void {
  describe("an isolation app", () => {
    // WebKit tells nobody what an uncaught error in a frame with an opaque origin was, not even the frame.
    const uncaught = (text: string): string => (browser().name === "webkit" ? "Script error" : text)
    const start = async (hook: string): Promise<{ testApp: TestApp; page: Page }> => {
      const testApp = await startTestApp({ hook, commands: { echo, read_file: echo, delete_everything: echo } })
      return { testApp, page: await testApp.open(browser()) }
    }
    const stop = async ({ testApp, page }: { testApp: TestApp; page: Page }): Promise<void> => {
      await page.close()
      await testApp.close()
    }

    test("without a hook makes every call reject with HOOK_MISSING, says why, and the Core says so too", async () => {
      const running = await start("nowhere.__TAURI_ISOLATION_HOOK__ = 1")
      const result = await running.page.evaluate<{ code: string; message: string }>(`return call("echo")`)
      assert.equal(result.code, "HOOK_MISSING")
      assert.ok(result.message.includes(uncaught("nowhere")), result.message)
      await eventually("the Core says so", () =>
        running.testApp.logged.some((line) => line.includes("set no window.__TAURI_ISOLATION_HOOK__")),
      )
      await stop(running)
    })

    test("whose hook is null passes everything, and it is sealed all the same", async () => {
      const running = await start("window.__TAURI_ISOLATION_HOOK__ = null")
      assert.deepEqual(await running.page.evaluate(`return call("echo", { a: 1 })`), { value: { a: 1 } })
      assert.ok(running.testApp.decisions.some((decision) => decision.kind === "hook" && decision.state === "null"))
      await stop(running)
    })

    test("may set its hook when its document has loaded", async () => {
      const running = await start(
        `addEventListener("DOMContentLoaded", () => { window.__TAURI_ISOLATION_HOOK__ = (payload) => payload })`,
      )
      assert.deepEqual(await running.page.evaluate(`return call("echo", { a: 1 })`), { value: { a: 1 } })
      await stop(running)
    })

    test("writes to the Core's log with its console, without steering the terminal, and uncaught errors go there too", async () => {
      const running = await start(
        `window.__TAURI_ISOLATION_HOOK__ = (payload) => { console.warn("[isolation]", payload.cmd, { a: 1 }, "\\u001b[2J"); setTimeout(() => { throw new Error("late") }); return payload }`,
      )
      await running.page.evaluate(`return call("echo", {})`)
      await eventually("the lines arrive", () => running.testApp.logged.some((line) => line.includes(uncaught("late"))))
      assert.ok(
        running.testApp.logged.some((line) => line.includes('warn: [isolation] echo {"a":1} \\u001b[2J')),
        running.testApp.logged.join("\n"),
      )
      await stop(running)
    })

    test("logs at most 200 lines a second, and says how many it left out", async () => {
      const running = await start(
        `window.__TAURI_ISOLATION_HOOK__ = (payload) => { for (let i = 0; i < 1000; i++) console.log(i); return payload }`,
      )
      await running.page.evaluate(`return call("echo", {})`)
      await eventually("the count arrives", () =>
        running.testApp.logged.some((line) => line.includes("800 lines left out")),
      )
      assert.equal(running.testApp.logged.filter((line) => /log: \d+$/.test(line)).length, 200)
      await stop(running)
    })

    test("written as in the reference runs: reject a command, allow paths under a folder, log", async () => {
      const running = await start(`window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  // payload is { cmd, callback, error, ...args }
  // Return the payload (possibly modified) to forward.
  // Throw to reject the call.
// Reject a command outright
if (payload.cmd === 'delete_everything') throw new Error('blocked');

// Whitelist file paths
if (payload.cmd === 'read_file' && !payload.path?.startsWith('/Users/me/safe/')) {
  throw new Error('path not allowed');
}

// Log to a local-only sink
console.log('[isolation]', payload.cmd);
  return payload;
};`)
      const refused = (message: string): object => ({ name: "IsolationError", code: "HOOK_REFUSED", message })
      assert.deepEqual(await running.page.evaluate(`return call("delete_everything")`), refused("blocked"))
      assert.deepEqual(
        await running.page.evaluate(`return call("read_file", { path: "/etc/passwd" })`),
        refused("path not allowed"),
      )
      assert.deepEqual(await running.page.evaluate(`return call("read_file")`), refused("path not allowed"))
      const path = "/Users/me/safe/a.txt"
      assert.deepEqual(await running.page.evaluate(`return call("read_file", { path: "${path}" })`), {
        value: { path },
      })
      await eventually("the log line", () =>
        running.testApp.logged.some((line) => line.includes("[isolation] read_file")),
      )
      await stop(running)
    })

    test("is in a realm of its own: opaque origin, no storage, no network, no way to the page", async () => {
      const running = await start(`window.__TAURI_ISOLATION_HOOK__ = async (payload) => {
  const attempt = async (act) => { try { return String(await act()) } catch (error) { return error.name } }
  return { cmd: payload.cmd, origin: self.origin, secure: isSecureContext, storage: await attempt(() => localStorage.length), network: await attempt(() => fetch("http://localhost:1/")),
    page: await attempt(() => parent.document.title), data: document.querySelector('[type="application/json"]') }
}`)
      assert.deepEqual(await running.page.evaluate(`return call("echo")`), {
        value: {
          origin: "null",
          secure: true,
          storage: "SecurityError",
          network: "TypeError",
          page: "SecurityError",
          data: null,
        },
      })
      await stop(running)
    })
  })
}
