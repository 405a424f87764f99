import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { DevRun } from "./dev.fixture.ts"
import { type Driver, launch, type Page } from "./drivers/driver.ts"
import { freePort } from "./drivers/free-port.ts"
import { Screen } from "./screen.fixture.ts"

const HOOK = (allowed: string): string => `window.__TAURI_ISOLATION_HOOK__ = (payload: { cmd: string }) => {
  if (payload.cmd !== "${allowed}") throw new Error("only ${allowed} may be called")
  return payload
}
`
const CORE = (greeting: string): string => `import { command, createApp } from "sallyport"
import { greeting } from "./greeting.ts"
const greet = command((args: unknown) => greeting + (args as { name: string }).name)
const app = await createApp({ commands: { greet, other: greet }, requireIsolation: true })
await app.open()
// ${greeting}
`
const GREETING = (text: string): string => `export const greeting: string = ${JSON.stringify(text)}\n`
const SERVER = `import { createServer } from "node:http"
const page = "<!doctype html><title>Developed</title><p>Developed</p>"
createServer((_request, response) => {
  response.setHeader("content-type", "text/html")
  response.end(page)
}).listen(Number(process.argv[2]), "localhost")
`
const config = (port: number, more: object = {}, app: object = {}): string =>
  JSON.stringify({
    identifier: "org.sallyport.dev-e2e",
    build: {
      devUrl: `http://localhost:${port}`,
      frontendDist: "../dist",
      beforeDevCommand: `node server.mjs ${port}`,
      ...more,
    },
    app: { security: { pattern: { use: "isolation", options: { dir: "../dist-isolation" } } }, ...app },
  })

/** A call as a script that returns its result, or what it rejected with. */
const call = (command: string): string =>
  `await window.__TAURI_INTERNALS__.invoke("${command}", { name: "Ada" }).catch((error) => error.message ?? error)`

let driver: Driver
before(async () => {
  driver = await launch("chromium")
})
after(() => driver.close())

const FILES = (port: number): Record<string, string> => ({
  "package.json": '{ "type": "module" }',
  "server.mjs": SERVER,
  "src-tauri/tauri.conf.json": config(port),
  "src-isolation/index.html": '<!doctype html>\n<script src="hook.ts"></script>\n',
  "src-isolation/hook.ts": HOOK("greet"),
})

describe("sallyport dev", () => {
  let port: number
  let run: DevRun
  let page: Page

  before(async () => {
    port = await freePort()
    run = new DevRun({ ...FILES(port), "core.ts": CORE("first"), "greeting.ts": GREETING("Hello, ") })
    run.start()
    page = await driver.open(await run.link())
    await page.waitFor("return document.title === 'Developed'")
  })
  after(() => run.remove())

  test("prints each call, and each refusal with the hook's message", async () => {
    assert.equal(await page.evaluate(`return ${call("greet")}`), "Hello, Ada")
    await run.printed(/^call {5}main greet$/m)
    assert.equal(await page.evaluate(`return ${call("other")}`), "only greet may be called")
    await run.printed(/^refused {2}main other: only greet may be called$/m)
  })

  test("a Core that changes starts anew, and the window's page goes on with it, as it is", async () => {
    await page.evaluate("window.stayed = true")
    run.write({ "greeting.ts": GREETING("Good day, ") })
    await run.printed(/greeting\.ts changed/)
    await page.waitFor(`return ${call("greet")} === "Good day, Ada"`, 30_000)
    assert.equal(await page.evaluate("return window.stayed"), true)
    assert.equal(run.output.match(/on this machine:/g)?.length, 1, "no window was opened anew")
  })

  test("a Core that is broken is waited for, and the window's page finds the one that is mended", async () => {
    run.write({ "greeting.ts": "export const greeting: string = (\n" })
    await run.printed(/the Core ended with exit status 1; it starts again when one of its files changes/)
    run.write({ "greeting.ts": GREETING("Welcome back, ") })
    await page.waitFor(`return ${call("greet")} === "Welcome back, Ada"`, 30_000)
    assert.equal(await page.evaluate("return window.stayed"), true)
  })

  test("a hook that changes is built, and the page loads itself again with it", async () => {
    run.write({ "src-isolation/hook.ts": HOOK("other") })
    await run.printed(/src-isolation changed/)
    await page.waitFor(`return window.stayed === undefined && ${call("other")} === "Welcome back, Ada"`, 30_000)
    assert.equal(await page.evaluate(`return ${call("greet")}`), "only other may be called")
  })

  test("a hook that cannot be built is said, and the last good one stays", async () => {
    run.write({ "src-isolation/hook.ts": "export const hook = 1\n" })
    await run.printed(/hook\.ts:1:/)
    assert.equal(await page.evaluate(`return ${call("greet")}`), "only other may be called")
    run.write({ "src-isolation/hook.ts": HOOK("other") })
  })

  test("a configuration that is wrong is said, and one that changes is used", async () => {
    run.write({ "src-tauri/tauri.conf.json": config(port, {}, { windows: 1 }) })
    await run.printed(/app\.windows.*\n.*the app runs on as it was/)
    run.write({ "src-tauri/tauri.conf.json": config(port, {}, { withGlobalTauri: true }) })
    await page.waitFor(`return window.__TAURI__ !== undefined && ${call("other")} === "Welcome back, Ada"`, 30_000)
  })

  test("Ctrl+C ends everything that was started", async () => {
    assert.ok(run.processes().length >= 3, run.processes().join("\n"))
    assert.equal(await run.interrupt(), 0)
    assert.deepEqual(run.processes(), [])
  })
})

test("a Tauri project runs with a file that answers its commands, and closing its window ends it", async () => {
  const run = new DevRun({
    "package.json": '{ "type": "module" }',
    "dist/index.html": "<!doctype html><title>Mocked</title>",
    "isolation/index.html": '<!doctype html>\n<script src="index.js"></script>\n',
    "isolation/index.js": "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload\n",
    "src-tauri/Cargo.toml": "",
    "src-tauri/capabilities/default.json": JSON.stringify({
      identifier: "default",
      windows: ["first"],
      permissions: ["core:default", "dialog:default"],
    }),
    "src-tauri/tauri.conf.json": JSON.stringify({
      identifier: "org.sallyport.dev-mock",
      build: { frontendDist: "../dist" },
      app: {
        windows: [{ label: "first" }],
        security: { pattern: { use: "isolation", options: { dir: "../isolation" } } },
      },
    }),
    "mock.ts": `export default {
  greet: ({ name }: { name: string }) => "Mock of " + name,
  "plugin:dialog|open": () => "/chosen",
}
`,
  })
  try {
    run.start("--mock", "mock.ts")
    const page = await driver.open(await run.link())
    await page.waitFor("return document.title === 'Mocked'")
    assert.equal(await page.evaluate(`return ${call("greet")}`), "Mock of Ada")
    assert.equal(await page.evaluate(`return ${call("plugin:dialog|open")}`), "/chosen")
    run.write({ "mock.ts": 'export const commands = { greet: () => "Another", "plugin:dialog|open": () => null }\n' })
    await page.waitFor(`return ${call("greet")} === "Another"`, 30_000)
    run.write({ "isolation/index.js": 'window.__TAURI_ISOLATION_HOOK__ = () => { throw new Error("never") }\n' })
    await page.waitFor(`return ${call("greet")} === "never"`, 30_000)
    await page.close()
    assert.equal(await run.ended(), 0)
    assert.deepEqual(run.processes(), [])
  } finally {
    await run.remove()
  }
})

test("a Core that starts again keeps all windows, and a second launch raises the first of them", async () => {
  const core = (name: string): string => `import { command, createApp } from "sallyport"
const say = command((args: unknown) => console.log("${name}: " + (args as { text: string }).text))
const app = await createApp({ commands: { say }, requireIsolation: true })
await app.open("main")
await app.open("other")
`
  const files = {
    "package.json": '{ "type": "module" }',
    "dist/index.html": '<!doctype html><script src="page.js"></script>',
    "dist/page.js": `const { invoke, metadata } = __TAURI_INTERNALS__
const name = metadata.currentWindow.label + " " + Math.random()
setInterval(() => invoke("say", { text: name + (document.hasFocus() ? " in front" : " behind") }).catch(() => {}), 200)
`,
    "isolation/index.html": '<!doctype html>\n<script src="index.js"></script>\n',
    "isolation/index.js": "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload\n",
    "src-tauri/tauri.conf.json": JSON.stringify({
      identifier: "org.sallyport.dev-windows",
      build: { frontendDist: "../dist" },
      app: {
        windows: [{ label: "main" }, { label: "other" }],
        security: { pattern: { use: "isolation", options: { dir: "../isolation" } } },
      },
    }),
    "core.ts": core("first"),
  }
  const screen = await Screen.start()
  const run = new DevRun(files)
  const second = new DevRun({}, run.folder)
  try {
    run.startOn(screen)
    const main = await run.printed(/^first: (main \S+)/m)
    const other = await run.printed(/^first: (other \S+) in front$/m)
    run.write({ "core.ts": core("second") })
    // The names are new when a page has loaded itself again.
    await run.printed(new RegExp(`^second: ${main} behind$`, "m"))
    await run.printed(new RegExp(`^second: ${other} in front$`, "m"))
    second.startOn(screen)
    assert.equal(await second.ended(), 0, second.output)
    await run.printed(new RegExp(`^second: ${main} in front$`, "m"))
    const browsers = run.processes().filter((line) => line.includes("--app=") && !line.includes("--type="))
    assert.equal(browsers.length, 1, browsers.join("\n"))
    assert.equal(await run.interrupt(), 0)
  } finally {
    await second.interrupt()
    await run.remove()
    await screen.end()
  }
})

test("a beforeDevCommand that ends before anything listens keeps the app from starting", async () => {
  const run = new DevRun({ ...FILES(await freePort()), "core.ts": CORE("none"), "server.mjs": "process.exit(3)\n" })
  try {
    run.start()
    assert.equal(await run.ended(), 2)
    assert.match(
      run.output,
      /build\.beforeDevCommand ended with exit status 3, and nothing listens at http:\/\/localhost/,
    )
    assert.deepEqual(run.processes(), [])
  } finally {
    await run.remove()
  }
})
