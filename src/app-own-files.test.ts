import assert from "node:assert/strict"
import { link, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { type App, createApp } from "./app.ts"
import { ownFiles } from "./app-own-files.ts"
import { readConfig } from "./config/config.ts"
import type { Plugin } from "./core/plugin.ts"
import { isOwnPath, keepOwnFiles } from "./directories/own-files.ts"
import { fs } from "./plugins/fs/index.ts"
import { TestPage } from "./plugins/plugin.fixture.ts"
import { store } from "./plugins/store/index.ts"

const IDENTIFIER = "org.sallyport.own"
const SCOPE = { allow: ["$RESOURCE", "$RESOURCE/**"] }
let folder: string
let audit: string
let app: App | undefined
const pages = new Map<string, TestPage>()
const before = { data: process.env.XDG_DATA_HOME, state: process.env.XDG_STATE_HOME }

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "sallyport-own-")))
  process.env.XDG_DATA_HOME = join(folder, "data")
  process.env.XDG_STATE_HOME = join(folder, "state")
  audit = join(folder, "data", IDENTIFIER, "audit.jsonl")
  const files = {
    "tauri.conf.json": JSON.stringify({
      identifier: IDENTIFIER,
      build: { frontendDist: "frontend" },
      app: { security: { pattern: { use: "isolation", options: { dir: "isolation" } } } },
    }),
    "frontend/index.html": "<!doctype html>",
    "isolation/index.html": '<!doctype html>\n<script src="index.js"></script>\n',
    "isolation/index.js": "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload",
  }
  await mkdir(join(folder, "data", IDENTIFIER), { recursive: true })
  for (const name of ["frontend", "isolation"]) await mkdir(join(folder, name))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
})
afterEach(async () => {
  await app?.close()
  app = undefined
  await rm(folder, { recursive: true })
  process.env.XDG_DATA_HOME = before.data
  process.env.XDG_STATE_HOME = before.state
})

/** Starts the app, with a page for each of its plugins. */
async function start(): Promise<void> {
  const observed = (plugin: Plugin): Plugin => ({
    ...plugin,
    setup: async (host) => {
      const instance = await plugin.setup(host)
      pages.set(plugin.name, new TestPage(plugin.name, instance.commands, "main"))
      return instance
    },
  })
  app = await createApp({
    config: folder,
    commands: {},
    plugins: [observed(fs()), observed(store())],
    audit,
    log: () => {},
  })
}
const call = (plugin: string, command: string, args: unknown): Promise<unknown> =>
  pages.get(plugin)?.call(command, args, SCOPE) ?? assert.fail()

test("no store is a file of the Core's own, by name or link, existing or not", async () => {
  await link(join(folder, "tauri.conf.json"), join(folder, "data", IDENTIFIER, "linked.json"))
  await start()
  await symlink(audit, join(folder, "data", IDENTIFIER, "link.json"))
  await link(audit, join(folder, "data", IDENTIFIER, "hard.json"))
  for (const path of ["audit.jsonl", "AUDIT.jsonl", "audit.jsonl.lock", "audit.000001.jsonl"])
    for (const createNew of [false, true])
      await assert.rejects(
        call("store", "load", { path, options: { createNew } }),
        /the store ".*" would be a file that the app keeps for itself/,
      )
  await assert.rejects(call("store", "load", { path: "link.json" }), /would not lie in/)
  for (const path of ["hard.json", "linked.json"])
    await assert.rejects(call("store", "load", { path, options: { createNew: true } }), /forbidden path/)
  assert.match(await readFile(join(folder, "tauri.conf.json"), "utf8"), /isolation/)
})

for (const name of [
  "tauri.conf.json",
  "tauri.linux.conf.json",
  "isolation/index.js",
  "isolation/isolation.lock.json",
  "isolation",
  "capabilities/new.json",
  "permissions/new.toml",
  "isolation-app.key",
  "state/org.sallyport.own/port",
  "state/org.sallyport.own/store-locks/x.lock",
  "data/org.sallyport.own/audit.jsonl",
  "data/org.sallyport.own/audit.000001.jsonl",
])
  test(`the plugin fs opens, makes, moves and removes nothing at ${name}`, async () => {
    await start()
    const path = join(folder, name)
    await writeFile(join(folder, "ours"), "")
    for (const [command, args] of [
      ["open", { path, options: { write: true, create: true } }],
      ["create", { path }],
      ["read_file", { path }],
      ["mkdir", { path, options: { recursive: true } }],
      ["remove", { path, options: { recursive: true } }],
      ["truncate", { path }],
      ["rename", { oldPath: path, newPath: join(folder, "moved") }],
      ["rename", { oldPath: join(folder, "ours"), newPath: path }],
      ["copy_file", { fromPath: join(folder, "ours"), toPath: path }],
      ["copy_file", { fromPath: path, toPath: join(folder, "copied") }],
    ] as const)
      await assert.rejects(call("fs", command, args), /forbidden path/, command)
  })

test("the plugin fs moves, removes and replaces no folder or link on the way to the audit log", async () => {
  await mkdir(join(folder, "logs", "deep"), { recursive: true })
  await symlink(join(folder, "logs"), join(folder, "link"))
  await mkdir(join(folder, "empty"))
  audit = join(folder, "link", "deep", "audit.jsonl")
  await start()
  for (const name of ["link", "link/deep", "logs", "logs/deep", "."]) {
    const path = join(folder, name)
    for (const [command, args] of [
      ["rename", { oldPath: path, newPath: join(folder, "moved") }],
      ["rename", { oldPath: join(folder, "empty"), newPath: path }],
      ["remove", { path }],
      ["remove", { path, options: { recursive: true } }],
    ] as const)
      await assert.rejects(call("fs", command, args), /forbidden path/, `${command} ${name}`)
  }
  assert.match(await readFile(audit, "utf8"), /^$|kind/)
  await call("fs", "rename", { oldPath: join(folder, "empty"), newPath: join(folder, "logs", "other") })
})

test("files beside the Core's own are a page's as before, and the Core's are again when the app has ended", async () => {
  await start()
  await writeFile(join(folder, "notes.json"), "{}")
  await call("fs", "read_file", { path: join(folder, "notes.json") })
  const rid = await call("store", "load", { path: "settings.json" })
  await call("store", "save", { rid })
  assert.equal(await readFile(join(folder, "data", IDENTIFIER, "settings.json"), "utf8"), "{}\n")
  assert.equal(isOwnPath(audit), true)
  await app?.close()
  assert.equal(isOwnPath(audit), false)
})

test("an app that does not start keeps no files", async () => {
  const failing: Plugin = { name: "failing", setup: () => Promise.reject(new Error("it fails")) }
  await assert.rejects(
    createApp({ config: folder, commands: {}, plugins: [failing], audit, log: () => {} }),
    /it fails/,
  )
  assert.equal(isOwnPath(audit), false)
})

test("an isolation app whose folder holds the frontend closes the files right in it alone", async () => {
  const config = await readConfig(folder)
  const release = keepOwnFiles(ownFiles({ ...config, pattern: { use: "isolation", dir: folder } }, null))
  assert.equal(isOwnPath(join(folder, "index.html")), true)
  assert.equal(isOwnPath(join(folder, "frontend", "index.html")), false)
  release()
})
