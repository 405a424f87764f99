import assert from "node:assert/strict"
import { test } from "node:test"
import type { CDPSession } from "puppeteer-core"
import puppeteer from "puppeteer-core"
import { command } from "sallyport"
import { chromiumOptions } from "./drivers/chromium.ts"
import { startTestApp } from "./fixture.ts"

/** What ends the process of a frame, which only Chromium's own protocol can. */
test("calls reject once when the sandbox's process dies, and the next ones pass a new sandbox", async () => {
  const commands = { echo: command((args) => args), waits: command(() => new Promise(() => {})) }
  const testApp = await startTestApp({ commands, limits: { frameTimeoutMs: 2000 } })
  const browser = await puppeteer.launch(chromiumOptions())
  try {
    const page = await browser.newPage()
    await testApp.app.open("main", (url) => page.goto(url))
    await page.waitForFunction("typeof call === 'function'")
    await page.evaluate(`window.waiting = call("waits"); call("echo")`)
    const frame = page.frames().find((one) => one !== page.mainFrame())
    // A frame on another site has a process, and a connection to it, of its own.
    const { client } = frame as unknown as { client: CDPSession }
    const crashed = new Promise((resolve) => client.on("Inspector.targetCrashed", resolve))
    client.send("Page.crash").catch(() => {})
    await crashed
    const { code } = (await page.evaluate("waiting")) as { code: string }
    assert.equal(code, "CONNECTION_LOST")
    assert.deepEqual(await page.evaluate(`call("echo", { again: 1 })`), { value: { again: 1 } })
    assert.equal(await page.evaluate("settled"), 3)
  } finally {
    await browser.close()
    await testApp.close()
  }
})
