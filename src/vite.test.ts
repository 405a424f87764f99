import assert from "node:assert/strict"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { type TestContext, test } from "node:test"
import { setTimeout as wait } from "node:timers/promises"
import { createLogger, createServer, type InlineConfig, build as viteBuild } from "vite"
import { WebSocket } from "ws"
import { folderWith, html } from "./isolation-app/folder.fixture.ts"
import { readIsolationApp } from "./isolation-app/isolation-app.ts"
import { generateSigningKeys, readPublicKey } from "./isolation-app/signing-key.ts"
import { type SallyportOptions, sallyport } from "./vite.ts"

const hook = (comment: string): string =>
  `;(window as any).__TAURI_ISOLATION_HOOK__ = (payload: object) => payload // ${comment}\n`
const BROKEN = "let a: = 1\n"

/** A project whose frontend Vite builds. */
function project(dir = "../dist-isolation") {
  const root = folderWith({
    "index.html": html("<p>Frontend</p>"),
    "src-isolation/index.html": html('<script src="hook.ts"></script>'),
    "src-isolation/hook.ts": hook("1"),
    "src-tauri/tauri.conf.json": JSON.stringify({
      identifier: "a.b.c",
      build: { frontendDist: "../dist" },
      app: { security: { pattern: { use: "isolation", options: { dir } } } },
    }),
  })
  return {
    root,
    edit: (text: string) => writeFileSync(join(root, "src-isolation/hook.ts"), text),
    built: () => readFileSync(join(root, "dist-isolation/index.html"), "utf8"),
  }
}

function inVite(root: string, options?: SallyportOptions) {
  const said: string[] = []
  const logger = createLogger("silent")
  logger.error = (message) => void said.push(message)
  const config: InlineConfig = {
    root,
    configFile: false,
    logLevel: "silent",
    customLogger: logger,
    plugins: [sallyport(options)],
    server: { port: 0, host: "127.0.0.1" },
  }
  return { said, config }
}

/** Long enough for a machine under load: what never comes fails the test, and does not hang it. */
const PATIENCE_MS = 30_000

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 10) {
    if (waited >= PATIENCE_MS) throw new Error(`did not come: ${isSo}`)
    await wait(10)
  }
}

/** What Vite tells a page, by the type of the message. A page connects as Vite's client does. */
async function connect(context: TestContext, port: number, token: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/?token=${token}`, "vite-hmr")
  const told: { type: string; path?: string; err?: { message: string; loc?: object } }[] = []
  socket.on("message", (data) => told.push(JSON.parse(String(data))))
  context.after(() => socket.terminate())
  await until(() => told.length > 0)
  return told
}

test("vite build builds the isolation app, signed when it is told a key", async () => {
  const { root, built } = project()
  const { publicKey, privateKey } = generateSigningKeys()
  writeFileSync(join(root, "isolation.key"), privateKey, { mode: 0o600 })
  await viteBuild(inVite(root, { config: "src-tauri", src: "src-isolation", sign: "isolation.key" }).config)
  assert.match(built(), /\/\/ 1/)
  assert.equal(existsSync(join(root, "dist/index.html")), true)
  await readIsolationApp(join(root, "dist-isolation"), { publicKey: readPublicKey(publicKey) })
})

test("vite build fails with the place of what is wrong, before it writes anything", async () => {
  const { root, edit } = project()
  edit(BROKEN)
  await assert.rejects(viteBuild(inVite(root).config), /hook\.ts:1:8/)
  assert.equal(existsSync(join(root, "dist")), false)
})

test("a folder that Vite would empty is refused", async () => {
  const { root } = project("../dist/isolation")
  await assert.rejects(viteBuild(inVite(root).config), /options\.dir: .*dist.isolation is in Vite's build\.outDir/)
})

test("Vite's server has built before it listens, tells pages what is wrong, and has them reload when it is mended", async (context) => {
  const { root, edit, built } = project()
  const { said, config } = inVite(root)
  const server = await createServer(config)
  context.after(() => server.close())
  assert.match(built(), /\/\/ 1/)
  await server.listen()
  const { port } = (server.httpServer as Server).address() as AddressInfo
  const told = await connect(context, port, server.config.webSocketToken)

  edit(BROKEN)
  await until(() => told.some(({ type }) => type === "error"))
  const error = told.find(({ type }) => type === "error")?.err
  assert.match(error?.message ?? "", /hook\.ts:1:8/)
  assert.deepEqual({ ...error?.loc, file: "" }, { file: "", line: 1, column: 8 })
  assert.match(said.join("\n"), /hook\.ts:1:8/)
  assert.match(built(), /\/\/ 1/)

  const late = await connect(context, port, server.config.webSocketToken)
  await until(() => late.some(({ type }) => type === "error"))

  edit(hook("2"))
  // Vite's own watcher sees the page that was built, and has those reload that are at its path.
  await until(() => told.some(({ type, path }) => type === "full-reload" && path === "*"))
  assert.match(built(), /\/\/ 2/)
  const after = await connect(context, port, server.config.webSocketToken)
  assert.equal(
    after.some(({ type }) => type === "error"),
    false,
  )
})

test("Vite's server starts with a source that is wrong, and builds no more when it has ended", async () => {
  const { root, edit } = project()
  edit(BROKEN)
  const { said, config } = inVite(root)
  const server = await createServer(config)
  assert.match(said.join("\n"), /hook\.ts:1:8/)
  await server.restart()
  await server.close()
  edit(hook("2"))
  await wait(500)
  assert.equal(existsSync(join(root, "dist-isolation")), false)
})
