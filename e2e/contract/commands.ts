import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { type } from "arktype"
import { command } from "sallyport"
import * as v from "valibot"
import { z } from "zod"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { eventually, startTestApp, type TestApp } from "../fixture.ts"

/** What a command may do, as the page sees it. */
export function commands(browser: Browser): void {
  describe("commands", () => {
    let testApp: TestApp
    let page: Page
    before(async () => {
      testApp = await startTestApp({
        commands: {
          valibot: command(v.object({ path: v.string() }), ({ path }) => path),
          zod: command(z.object({ path: z.string() }), ({ path }) => path),
          arktype: command(type({ path: "string" }), ({ path }) => path),
          throws: command(() => {
            throw new Error("no such note")
          }),
          rejects: command(async () => {
            throw { kind: "NotFound", path: "a" }
          }),
          bytes: command(() => Buffer.from([1, 2, 3])),
          buffer: command(() => new Uint8Array([4, 5]).buffer),
          nothing: command(() => {}),
          cyclic: command(() => {
            const value: Record<string, unknown> = {}
            value.self = value
            return value
          }),
        },
      })
      page = await testApp.open(browser())
    })
    after(async () => {
      await page.close()
      await testApp.close()
    })

    for (const library of ["valibot", "zod", "arktype"]) {
      test(`arguments are validated by ${library}`, async () => {
        assert.deepEqual(await page.evaluate(`return call("${library}", { path: "a" })`), { value: "a" })
        const { rejected } = await page.evaluate<{ rejected: string }>(`return call("${library}", { path: 7 })`)
        assert.ok(rejected.startsWith(`invalid args \`path\` for command \`${library}\`: `), rejected)
      })
    }

    test("an Error rejects with its message, anything else as it is, never a stack", async () => {
      assert.deepEqual(await page.evaluate(`return call("throws")`), { rejected: "no such note" })
      assert.deepEqual(await page.evaluate(`return call("rejects")`), { rejected: { kind: "NotFound", path: "a" } })
    })

    test("bytes arrive as an ArrayBuffer", async () => {
      assert.deepEqual(await page.evaluate(`return call("bytes")`), { value: { bytes: [1, 2, 3] } })
      assert.deepEqual(await page.evaluate(`return call("buffer")`), { value: { bytes: [4, 5] } })
    })

    test("nothing arrives as null", async () =>
      assert.deepEqual(await page.evaluate(`return call("nothing")`), { value: null }))

    test("a reply that is no JSON rejects its call only", async () => {
      const { rejected } = await page.evaluate<{ rejected: string }>(`return call("cyclic")`)
      assert.match(rejected, /cannot be turned into JSON/)
      assert.deepEqual(await page.evaluate(`return call("nothing")`), { value: null })
    })

    test("a command that does not exist rejects in Tauri's words", async () => {
      assert.deepEqual(await page.evaluate(`return call("nonsense")`), { rejected: "Command nonsense not found" })
      assert.deepEqual(await page.evaluate(`return call("toString")`), { rejected: "Command toString not found" })
    })

    test("nothing of a decision is lost: opened, started, hook, call", () => {
      for (const kind of ["window-opened", "session-started", "hook", "call"])
        assert.ok(
          testApp.decisions.some((decision) => decision.kind === kind),
          kind,
        )
    })
  })
}

/** A page that is closed while its command runs. */
export function endOfPage(browser: Browser): void {
  describe("commands", () => {
    test("the signal fires when the page is gone", async () => {
      const aborted: string[] = []
      const testApp = await startTestApp({
        commands: {
          nothing: command(() => {}),
          waits: command(
            (_args, { signal, window }) =>
              new Promise(() => signal.addEventListener("abort", () => aborted.push(window))),
          ),
        },
      })
      const other = await testApp.open(browser(), "other")
      await other.evaluate(`call("waits"); return call("nothing")`)
      assert.equal(aborted.length, 0)
      await other.close()
      await eventually("the signal fires", () => aborted.includes("other"))
      await testApp.close()
    })
  })
}

/** Calls that run when the app ends. */
export function endOfApp(browser: Browser): void {
  describe("the end of an app", () => {
    test("commands that run get the signal and may still answer", async () => {
      const testApp = await startTestApp({
        commands: {
          waits: command(
            (_args, { signal }) =>
              new Promise((resolve) =>
                signal.addEventListener("abort", () => setTimeout(resolve, 50, "stopped in time")),
              ),
          ),
        },
      })
      const page = await testApp.open(browser())
      await page.evaluate(`window.waiting = call("waits")`)
      await eventually("the command runs", () => testApp.decisions.some(({ kind }) => kind === "call"))
      await testApp.close()
      assert.deepEqual(await page.evaluate("return waiting"), { value: "stopped in time" })
      await page.close()
    })

    test("calls that nobody answers reject with CONNECTION_LOST, and so do later ones", async () => {
      const testApp = await startTestApp({ commands: { waits: command(() => new Promise(() => {})) } })
      const page = await testApp.open(browser())
      await page.evaluate(`window.waiting = call("waits")`)
      await eventually("the command runs", () => testApp.decisions.some(({ kind }) => kind === "call"))
      await testApp.close()
      type Lost = { code: string; message: string }
      const waiting = await page.evaluate<Lost>("return waiting")
      assert.equal(waiting.code, "CONNECTION_LOST")
      assert.match(waiting.message, /: whether the call ran is unknown$/)
      const later = await page.evaluate<Lost>(`return call("waits")`)
      assert.equal(later.code, "CONNECTION_LOST")
      assert.match(later.message, /: the call did not run$/)
      await page.close()
    })
  })
}
