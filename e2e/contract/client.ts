import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { Channel, command, fail } from "sallyport"
import * as v from "valibot"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { startTestApp, type TestApp } from "../fixture.ts"

const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "forbidden") throw new Error("not from here")
  return payload
}`

/** `sallyport/client`, as a frontend's bundler takes it. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from "sallyport/client"`,
      resolveDir: fileURLToPath(new URL("../..", import.meta.url)),
    },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "client",
  })
  return outputFiles[0]?.text ?? ""
}

/** The typed client in a real page, against the commands that it is typed by. */
export function client(browser: Browser): void {
  describe("sallyport/client", () => {
    let testApp: TestApp
    let page: Page
    before(async () => {
      testApp = await startTestApp({
        hook: HOOK,
        commands: {
          read: command(v.object({ path: v.string() }), ({ path }) =>
            path === "" ? fail({ code: "EMPTY" }) : `text of ${path}`,
          ),
          header: command((_args, { headers }) => headers.get("x-note")),
          count: command(v.object({ to: v.number(), on: v.instance(Channel<number>) }), ({ to, on }) => {
            for (let n = 0; n < to; n++) on.send(n)
            on.end()
          }),
          forbidden: command(() => "reached"),
        },
        extra: { "client.js": await bundle() },
        html: `<!doctype html><script src="test.js"></script><script src="client.js"></script>`,
      })
      page = await testApp.open(browser())
      await page.evaluate("window.api = client.createClient()")
    })
    after(async () => {
      await page.close()
      await testApp.close()
    })

    test("calls commands by name and gives what they return", async () => {
      assert.equal(await page.evaluate(`return api.read({ path: "a.md" })`), "text of a.md")
      assert.equal(await page.evaluate(`return api.header(undefined, { headers: { "X-Note": "b" } })`), "b")
    })

    test("tells what a command failed with from what it threw and from what the hook refused", async () => {
      assert.deepEqual(await page.evaluate(`return client.settle(api.read({ path: "" }))`), {
        ok: false,
        error: { code: "EMPTY" },
      })
      const refused = `const { error } = await client.settle(api.forbidden()); return [client.isIsolationError(error), error.code, error.message]`
      assert.deepEqual(await page.evaluate(refused), [true, "HOOK_REFUSED", "not from here"])
      const thrown = await page.evaluate<{ error: string }>(`return client.settle(api.read({ path: 1 }))`)
      assert.match(thrown.error, /^invalid args `path` for command `read`/)
    })

    test("its channels get every message in order, and are forgotten after the end", async () => {
      const script = `const got = []
        await api.count({ to: 1000, on: new client.Channel((n) => got.push(n)) })
        return { ordered: got.every((n, index) => n === index), count: got.length, left: __TAURI_INTERNALS__.callbacks.size }`
      assert.deepEqual(await page.evaluate(script), { ordered: true, count: 1000, left: 0 })
    })
  })
}
