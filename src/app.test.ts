import assert from "node:assert/strict"
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { type AppOptions, createApp } from "./app.ts"
import { verifyAuditLog } from "./core/audit-chain.ts"
import { fs } from "./plugins/fs/index.ts"

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-app-"))
  // The port that is remembered goes with the folder.
  process.env.XDG_STATE_HOME = join(folder, "state")
  await mkdir(join(folder, "frontend"))
})
after(() => rm(folder, { recursive: true }))

/** Starts an app with this under `app.security.pattern`, and says what came of it. */
async function start(pattern: unknown, options: Partial<AppOptions> = {}): Promise<string> {
  const config = {
    identifier: "org.sallyport.test",
    build: { frontendDist: "frontend" },
    app: { security: { pattern } },
  }
  await writeFile(join(folder, "tauri.conf.json"), JSON.stringify(config))
  try {
    const app = await createApp({ config: folder, commands: {}, ...options })
    await app.close()
    return app.pattern
  } catch (error) {
    return String(error)
  }
}

/** Whether an app has listened since the last time: it remembers its port then. */
async function hasListened(): Promise<boolean> {
  const state = join(folder, "state")
  const has = await access(state).then(
    () => true,
    () => false,
  )
  await rm(state, { recursive: true, force: true })
  return has
}

test("an app that requires isolation does not start as brownfield, and says what to set", async () => {
  for (const pattern of [undefined, { use: "brownfield" }]) {
    assert.match(
      await start(pattern, { requireIsolation: true }),
      /tauri\.conf\.json: app\.security\.pattern\.use is "brownfield", and this app requires isolation: set /,
    )
    assert.equal(await hasListened(), false)
    assert.equal(await start(pattern), "brownfield")
    assert.equal(await hasListened(), true)
  }
})

test("what is wrong with commands, configuration or isolation app is said before anything listens", async () => {
  for (const [pattern, options, says] of [
    ["isolated", {}, /pattern/],
    [{ use: "isolation", options: { dir: "nowhere" } }, {}, /nowhere/],
    [{ use: "brownfield" }, { commands: { act: (() => 1) as never } }, /commands\.act is no command/],
    [{ use: "brownfield" }, { audit: join("no", "such", "folder") }, /ENOENT/],
  ] as const) {
    assert.match(await start(pattern, options), says)
    assert.equal(await hasListened(), false)
  }
})

test("a scope that a plugin cannot read is said before anything listens, with its place and what to write", async () => {
  const permission = { identifier: "fs:allow-read-file", allow: [{ path: "$APPDTA/**" }] }
  const capabilities = [{ identifier: "main", windows: ["main"], permissions: ["core:default", permission] }]
  const config = {
    identifier: "org.sallyport.test",
    build: { frontendDist: "frontend" },
    app: { security: { capabilities } },
  }
  await writeFile(join(folder, "tauri.conf.json"), JSON.stringify(config))
  await assert.rejects(
    createApp({ config: folder, commands: {}, plugins: [fs()] }),
    /app\.security\.capabilities\[0\]\.permissions\[1\]: the path pattern "\$APPDTA\/\*\*" cannot be used: there is no variable \$APPDTA/,
  )
  assert.equal(await hasListened(), false)
})

test("an app without a page to show does not start, and says what to set; a development server is one", async () => {
  const commands = {}
  const devUrl = "http://localhost:1"
  for (const [build, options, says] of [
    [{}, {}, /tauri\.conf\.json: build\.frontendDist: found nothing, .* set it to the folder with index\.html/],
    [{ devUrl }, {}, /or start with `dev: true` to use build\.devUrl/],
    [{}, { dev: true }, /build\.frontendDist: found nothing/],
  ] as const) {
    await writeFile(join(folder, "tauri.conf.json"), JSON.stringify({ identifier: "org.sallyport.test", build }))
    await assert.rejects(createApp({ config: folder, commands, ...options }), says)
    assert.equal(await hasListened(), false)
  }
  await writeFile(
    join(folder, "tauri.conf.json"),
    JSON.stringify({ identifier: "org.sallyport.test", build: { devUrl } }),
  )
  await (await createApp({ config: folder, commands, dev: true })).close()
  assert.equal(await hasListened(), true)
})

test("an app that has closed stays closed: a second time is the first one, and no window opens", async () => {
  await start(undefined)
  const app = await createApp({ config: folder, commands: {} })
  assert.equal(app.close(), app.close())
  await app.closed
  await assert.rejects(app.open(), /cannot be opened: the app is closed/)
  await assert.rejects(fetch(app.origin))
})

test("with `audit`, what is decided is in the file when the app has closed", async () => {
  await start(undefined)
  const audit = join(folder, "audit.jsonl")
  const app = await createApp({ config: folder, commands: {}, audit })
  await fetch(app.origin)
  await app.close()
  const [line, ...more] = (await readFile(audit, "utf8")).trim().split("\n")
  const { kind, reason } = JSON.parse(line ?? "") as Record<string, unknown>
  assert.deepEqual([kind, reason, more], ["request-refused", "request without the gate cookie", []])
})

test("a log that throws, or whose promise rejects, ends nothing: what it was to say is printed", async (context) => {
  const printed: string[] = []
  context.mock.method(console, "error", (line: string) => void printed.push(line))
  const failing = [
    () => {
      throw new Error("disk full")
    },
    async () => {
      throw new Error("disk full")
    },
  ]
  for (const log of failing) {
    const app = await createApp({ config: folder, commands: {}, log })
    app.listen("news", () => {
      throw new Error("not now")
    })
    app.emit("news")
    await new Promise((resolve) => setImmediate(resolve))
    await app.close()
  }
  const line = 'a listener for "news" threw: not now\n(the app\'s own log failed: disk full)'
  assert.deepEqual(printed, [line, line])
})

test("an audit log that another app writes is an error before anything listens, and free when that app has closed", async () => {
  await start(undefined)
  const audit = { file: join(folder, "shared.jsonl"), chain: true }
  const log = (): void => {}
  const app = await createApp({ config: folder, commands: {}, audit, log })
  await hasListened()
  await assert.rejects(
    createApp({ config: folder, commands: {}, audit, log }),
    /shared\.jsonl is already written by this process: give each app a file of its own/,
  )
  assert.equal(await hasListened(), false)
  await app.close()
  await (await createApp({ config: folder, commands: {}, audit, log })).close()
  assert.deepEqual((await verifyAuditLog([audit.file])).problems, [])
})
