import assert from "node:assert/strict"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { after, before, test } from "node:test"
import puppeteer, { type CDPSession, type Page } from "puppeteer-core"
import { command } from "sallyport"
import { BidiSession } from "./drivers/bidi-session.ts"
import { chromiumOptions } from "./drivers/chromium.ts"
import { startFirefox } from "./drivers/firefox.ts"
import { waitFor } from "./drivers/wait-for.ts"
import { startTestApp, type TestApp } from "./fixture.ts"

let testApp: TestApp
/** Another server of this machine. A site has no port: what it serves is of the sandbox's site. */
const neighbour = createServer((_request, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8")
  response.end("<!doctype html><title>Neighbour</title>")
})

before(async () => {
  await new Promise<void>((resolve) => neighbour.listen(0, "127.0.0.1", resolve))
  testApp = await startTestApp({
    // The default policy forbids other servers' frames; an app's own may allow them.
    security: { csp: null },
    commands: { echo: command((args) => args) },
  })
})

after(async () => {
  await testApp.close()
  neighbour.closeAllConnections()
  neighbour.close()
})

/** Addresses of the documents in a window. */
interface Addresses {
  readonly page: string
  readonly sandbox: string
  readonly neighbour: string
}

/** An expression that makes a call, loads the neighbour's document in a frame without a sandbox, and returns `Addresses` as JSON. */
function addNeighbour(): string {
  const { port } = neighbour.address() as AddressInfo
  return `(async () => {
    const { value } = await call("echo", "heard")
    if (value !== "heard") throw new Error("the call failed")
    const { src } = document.querySelector("iframe[name^=sallyport]")
    const frame = document.createElement("iframe")
    frame.src = "http://" + new URL(src).hostname + ":${port}/"
    await new Promise((resolve) => { frame.onload = resolve; document.body.append(frame) })
    return JSON.stringify({ page: location.href, sandbox: src, neighbour: frame.src })
  })()`
}

test("the sandbox shares a process with no other document, chromium", async () => {
  const browser = await puppeteer.launch(chromiumOptions())
  try {
    const page = await browser.newPage()
    await testApp.app.open("main", (url) => page.goto(url))
    await page.waitForFunction("typeof call === 'function'")
    const addresses = JSON.parse((await page.evaluate(addNeighbour())) as string) as Addresses
    const isolates = {
      page: await isolateOf(page, addresses.page),
      sandbox: await isolateOf(page, addresses.sandbox),
      neighbour: await isolateOf(page, addresses.neighbour),
    }
    assert.equal(new Set(Object.values(isolates)).size, 3, JSON.stringify(isolates))
  } finally {
    await browser.close()
  }
})

/** Identifies the JavaScript engine's instance that a frame runs in. Documents of one process share one. */
async function isolateOf(page: Page, url: string): Promise<string> {
  const frame = page.frames().find((one) => one.url() === url)
  assert.ok(frame, `no ${url}, only ${page.frames().map((one) => one.url())}`)
  const { client } = frame as unknown as { client: CDPSession }
  return (await client.send("Runtime.getIsolateId")).id
}

/** Addresses and processes of all documents in tabs, as JSON. Runs in Firefox's own window. */
const DOCUMENTS = `JSON.stringify(gBrowser.tabs
  .flatMap((tab) => tab.linkedBrowser.browsingContext.getAllBrowsingContextsInSubtree())
  .map(({ currentWindowGlobal }) => ({ url: currentWindowGlobal.documentURI.spec, pid: currentWindowGlobal.osPid })))`

test("the sandbox does not share a process with its page, firefox", async () => {
  // Only with this flag does Firefox tell which process a document is in.
  const firefox = await startFirefox(false, ["--remote-allow-system-access"])
  try {
    const session = await BidiSession.start(firefox.endpoint)
    const tab = await session.newTab()
    await testApp.app.open("main", (url) => session.goto(tab, url))
    // The launch page goes on to the app's.
    await waitFor("the page's script has run", async () => (await session.evaluate(tab, "typeof call")) === "function")
    const addresses = JSON.parse(await session.evaluate(tab, addNeighbour())) as Addresses
    const documents = JSON.parse(await session.evaluate(await session.ownWindow(), DOCUMENTS)) as {
      readonly url: string
      readonly pid: number
    }[]
    const pidOf = (url: string): number => {
      const found = documents.find((one) => one.url === url)
      assert.ok(found, `no ${url} in ${JSON.stringify(documents)}`)
      return found.pid
    }
    assert.notEqual(pidOf(addresses.page), pidOf(addresses.sandbox))
    // The neighbour's document is in the sandbox's process, because Firefox gives each site one (docs/threat-model.md).
  } finally {
    await firefox.end()
  }
})
