import assert from "node:assert/strict"
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { build } from "esbuild"
import { fs } from "sallyport/plugins/fs"
import { store } from "sallyport/plugins/store"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { startTestApp, type TestApp } from "../fixture.ts"

/** The reference's first story: of all that a page may read, the guard lets it read its own folder only. */
const HOOK = `
window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "plugin:fs|read_file" && String(payload.path).startsWith("/etc/"))
    throw new Error("files are read in the app's folder only")
  return payload
}
`
const CAPABILITIES = [
  {
    identifier: "files",
    windows: ["main", "second"],
    permissions: [
      "core:default",
      "store:default",
      "fs:default",
      "fs:allow-appdata-read-recursive",
      "fs:allow-appdata-write-recursive",
      "fs:allow-size",
      "fs:allow-start-accessing-security-scoped-resource",
      "fs:allow-stop-accessing-security-scoped-resource",
      { identifier: "fs:scope", deny: [{ path: "$APPDATA/private/**" }] },
    ],
  },
  { identifier: "nothing", windows: ["other"], permissions: ["core:default", "fs:allow-read-file"] },
]
const HTML = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Files</title></head>
<body><script src="test.js"></script><script src="plugins.js"></script></body>
</html>
`

/** The published packages, unmodified, in one classic script that sets the global `tauri`. */
async function bundlePlugins(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * as fs from "@tauri-apps/plugin-fs"
        export * as store from "@tauri-apps/plugin-store"`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "tauri",
  })
  return outputFiles[0]?.text ?? ""
}

/** Names by which a test's script calls what the packages export: `fs.readFile`, `file.read`. */
interface Shown {
  readonly promise: string
  readonly shows: string
  readonly script: string
  readonly expected: unknown
}

/** `baseDir` is `$APPDATA`; `throws` gives what a call rejects with. */
const PRELUDE = `
  const { fs, store } = tauri
  const app = { baseDir: fs.BaseDirectory.AppData }
  const text = (bytes) => new TextDecoder().decode(bytes)
  const bytes = (written) => new TextEncoder().encode(written)
  const throws = (run) => run().then(() => "nothing", (error) => error instanceof Error ? error.name + ": " + error.message : error)
  const until = async (isSo) => { while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20)) }
`

const FS: readonly Shown[] = [
  {
    promise: "a text is written and read",
    shows: "writeTextFile readTextFile",
    script: `await fs.writeTextFile("text ü", "Hello ✓", app)
      await fs.writeTextFile("text ü", "!", { ...app, append: true })
      return fs.readTextFile("text ü", app)`,
    expected: "Hello ✓!",
  },
  {
    promise: "bytes are written and read, whole and as a stream",
    shows: "writeFile readFile",
    script: `await fs.writeFile("bytes", Uint8Array.of(0, 128, 255), app)
      const first = [...await fs.readFile("bytes", app)]
      await fs.writeFile("bytes", new Uint8Array(), app)
      const empty = [...await fs.readFile("bytes", app)]
      const stream = new ReadableStream({ start(to) { to.enqueue(bytes("one ")); to.enqueue(bytes("two")); to.close() } })
      await fs.writeFile("streamed", stream, app)
      return [first, empty, await fs.readTextFile("streamed", app)]`,
    expected: [[0, 128, 255], [], "one two"],
  },
  {
    promise: "a megabyte goes and comes back",
    shows: "writeFile readFile",
    script: `const large = new Uint8Array(1024 * 1024).map((_, index) => index % 251)
      await fs.writeFile("large", large, app)
      const back = await fs.readFile("large", app)
      return [back.length, back.every((byte, index) => byte === large[index])]`,
    expected: [1024 * 1024, true],
  },
  {
    promise: "a handle reads, writes, seeks, tells and truncates",
    shows: "create open FileHandle.read FileHandle.write FileHandle.seek FileHandle.stat FileHandle.truncate",
    script: `const made = await fs.create("handle", app)
      const written = await made.write(bytes("Hello world"))
      await made.close()
      const file = await fs.open("handle", { ...app, read: true, write: true })
      const buffer = new Uint8Array(5)
      const read = await file.read(buffer)
      const at = await file.seek(-5, fs.SeekMode.End)
      await file.write(bytes("WORLD"))
      const { size, isFile, mtime } = await file.stat()
      await file.truncate(8)
      await file.seek(0, fs.SeekMode.Start)
      const rest = new Uint8Array(20)
      const count = await file.read(rest)
      const end = await file.read(rest)
      await file.close()
      const closed = await throws(() => file.read(rest))
      return [written, text(buffer), read, at, size, isFile, mtime instanceof Date, text(rest.slice(0, count)), end, /is invalid/.test(closed)]`,
    expected: [11, "Hello", 5, 6, 11, true, true, "Hello WO", null, true],
  },
  {
    promise: "a text is read line by line, and once more from the start",
    shows: "readTextFileLines",
    script: `await fs.writeTextFile("lines", "one\\r\\ntwo\\n\\nfour", app)
      const lines = await fs.readTextFileLines("lines", app)
      const all = []
      for await (const line of lines) all.push(line)
      for await (const line of lines) { all.push(line); break }
      return all`,
    expected: ["one", "two", "", "four", "one"],
  },
  {
    promise: "directories are made, listed, measured and removed",
    shows: "mkdir readDir size exists remove",
    script: `await fs.mkdir("a/b", { ...app, recursive: true })
      await fs.writeTextFile("a/file", "12345", app)
      await fs.writeTextFile("a/b/deep", "123", app)
      const entries = (await fs.readDir("a", app)).sort((x, y) => x.name < y.name ? -1 : 1)
      const sizes = [await fs.size("a", app), await fs.size("a/file", app)]
      const refused = await throws(() => fs.remove("a", app))
      await fs.remove("a", { ...app, recursive: true })
      return [entries, sizes, /Directory not empty/.test(refused), await fs.exists("a", app), await fs.exists("", app)]`,
    expected: [
      [
        { name: "b", isDirectory: true, isFile: false, isSymlink: false },
        { name: "file", isDirectory: false, isFile: true, isSymlink: false },
      ],
      [8, 5],
      true,
      false,
      true,
    ],
  },
  {
    promise: "files are copied, renamed, truncated, and looked at",
    shows: "copyFile rename truncate stat lstat",
    script: `await fs.writeTextFile("from", "contents", app)
      const both = { fromPathBaseDir: app.baseDir, toPathBaseDir: app.baseDir }
      await fs.copyFile("from", "copy", both)
      await fs.rename("copy", "renamed", { oldPathBaseDir: app.baseDir, newPathBaseDir: app.baseDir })
      await fs.truncate("renamed", 4, app)
      const { size, isFile, birthtime } = await fs.stat("renamed", app)
      const { isSymlink } = await fs.lstat("renamed", app)
      return [await fs.readTextFile("renamed", app), size, isFile, isSymlink, await fs.exists("copy", app)]`,
    expected: ["cont", 4, true, false, false],
  },
  {
    promise: "changes are told, with and without a delay, until nobody watches any more",
    shows: "watch watchImmediate",
    script: `await fs.mkdir("watched", app)
      const soon = [], now = []
      const stopNow = await fs.watchImmediate("watched", (event) => now.push(event), app)
      const stopSoon = await fs.watch("watched", (event) => soon.push(event), { ...app, delayMs: 50 })
      await fs.writeTextFile("watched/new", "x", app)
      await until(() => now.length > 0 && soon.length > 0)
      stopNow(); stopSoon()
      return [now[0].type, soon[0].type, soon[0].paths[0].endsWith("/watched/new")]`,
    expected: [{ create: { kind: "file" } }, { create: { kind: "file" } }, true],
  },
  {
    promise: "what iOS asks for is taken",
    shows: "startAccessingSecurityScopedResource stopAccessingSecurityScopedResource",
    script: `await fs.startAccessingSecurityScopedResource("file:///x")
      await fs.stopAccessingSecurityScopedResource("file:///x")
      return true`,
    expected: true,
  },
]

const STORE: readonly Shown[] = [
  {
    promise: "a store keeps what is set",
    shows:
      "load Store.load Store.set Store.get Store.has Store.delete Store.keys Store.values Store.entries Store.length",
    script: `const settings = await store.load("settings.json")
      await settings.set("a", { b: 1 })
      await settings.set("n", null)
      const same = await store.Store.load("settings.json")
      return [await settings.get("a"), await settings.get("none") === undefined, await same.get("n"), await settings.has("a"),
        await settings.delete("n"), await settings.keys(), await settings.values(), await settings.entries(), await settings.length()]`,
    expected: [{ b: 1 }, true, null, true, true, ["a"], [{ b: 1 }], [["a", { b: 1 }]], 1],
  },
  {
    promise: "a store that is open is found, one that is not is null",
    shows: "getStore Store.get",
    script: `await store.load("open.json")
      return [(await store.getStore("open.json")).rid > 0, await store.getStore("shut.json"), await store.Store.get("shut.json")]`,
    expected: [true, null, null],
  },
  {
    promise: "a store is saved, cleared, reset and reloaded",
    shows: "Store.save Store.clear Store.reset Store.reload",
    script: `const saved = await store.load("saved.json", { defaults: { d: 1 }, autoSave: false })
      await saved.set("a", 2)
      await saved.save()
      await saved.clear()
      const cleared = await saved.length()
      await saved.reset()
      const reset = await saved.entries()
      await saved.reload({ ignoreDefaults: true })
      return [cleared, reset, await saved.entries()]`,
    expected: [
      0,
      [["d", 1]],
      [
        ["d", 1],
        ["a", 2],
      ],
    ],
  },
  {
    promise: "changes are told to who listens, for a key and for all",
    shows: "Store.onKeyChange Store.onChange",
    script: `const told = await store.load("told.json")
      const keyed = [], all = []
      const stop = [await told.onKeyChange("a", (value) => keyed.push(value)), await told.onChange((...change) => all.push(change))]
      await told.set("a", 1)
      await told.set("b", 2)
      await told.delete("a")
      await until(() => all.length === 3)
      for (const end of stop) end()
      return [keyed.map((value) => value ?? "gone"), all.map(([key, value]) => [key, value ?? "gone"])]`,
    expected: [
      [1, "gone"],
      [
        ["a", 1],
        ["b", 2],
        ["a", "gone"],
      ],
    ],
  },
  {
    promise: "a lazy store does the same",
    shows:
      "LazyStore.init LazyStore.set LazyStore.get LazyStore.has LazyStore.delete LazyStore.clear LazyStore.reset LazyStore.keys LazyStore.values LazyStore.entries LazyStore.length LazyStore.reload LazyStore.save LazyStore.onKeyChange LazyStore.onChange LazyStore.close LazyStore.store",
    script: `const lazy = new store.LazyStore("lazy.json", { defaults: { d: 1 } })
      await lazy.init()
      const keyed = [], all = []
      await lazy.onKeyChange("a", (value) => keyed.push(value))
      await lazy.onChange((key) => all.push(key))
      await lazy.set("a", 1)
      const seen = [await lazy.get("a"), await lazy.has("d"), await lazy.keys(), await lazy.values(), await lazy.entries(), await lazy.length()]
      await lazy.save()
      await lazy.delete("a")
      await lazy.reload()
      const reloaded = await lazy.get("a")
      await lazy.clear()
      const cleared = await lazy.length()
      await lazy.reset()
      await until(() => all.length === 5)
      const { rid } = await lazy.store
      await lazy.close()
      return [...seen, reloaded, cleared, keyed.length, rid > 0, await store.getStore("lazy.json")]`,
    expected: [
      1,
      true,
      ["d", "a"],
      [1, 1],
      [
        ["d", 1],
        ["a", 1],
      ],
      2,
      1,
      0,
      3,
      true,
      null,
    ],
  },
]

/** The plugins `fs` and `store`, called by the packages that Tauri publishes for them. */
export function filePlugins(browser: Browser): void {
  describe("the plugins fs and store, called by Tauri's packages as they are published", () => {
    let testApp: TestApp
    let home: string
    let data: string
    let page: Page
    const formerDataHome = process.env.XDG_DATA_HOME

    before(async () => {
      home = await realpath(await mkdtemp(join(tmpdir(), "sallyport-files-")))
      process.env.XDG_DATA_HOME = home
      data = join(home, "org.sallyport.e2e")
      await mkdir(join(data, "private"), { recursive: true })
      await writeFile(join(data, "private", "key"), "key")
      await writeFile(join(home, "secret"), "secret")
      await symlink(join(home, "secret"), join(data, "link-out"))
      testApp = await startTestApp({
        hook: HOOK,
        commands: {},
        html: HTML,
        extra: { "plugins.js": await bundlePlugins() },
        windows: [{ label: "main" }, { label: "second" }, { label: "other" }],
        security: { capabilities: CAPABILITIES },
        options: { plugins: [fs(), store()] },
      })
      page = await testApp.open(browser())
      await page.waitFor("return typeof tauri === 'object'")
    })
    after(async () => {
      await page?.close()
      await testApp?.close()
      if (formerDataHome === undefined) delete process.env.XDG_DATA_HOME
      else process.env.XDG_DATA_HOME = formerDataHome
      await rm(home, { recursive: true, force: true })
    })

    const run = <T>(script: string, by = page): Promise<T> => by.evaluate<T>(`${PRELUDE}\n${script}`)

    for (const { promise, script, expected } of [...FS, ...STORE])
      test(promise, async () => assert.deepEqual(await run(script), expected))

    test("every function that the packages export has been shown", async () => {
      const exported = await page.evaluate<Record<string, string[]>>(`
        const functions = (module) => Object.entries(module).flatMap(([name, value]) => {
          if (typeof value !== "function") return []
          if (!/^class|\\b_super\\b/.test(Function.prototype.toString.call(value)) && !/^[A-Z]/.test(name)) return [name]
          const own = (object) => Object.getOwnPropertyNames(object)
          const statics = own(value).filter((key) => typeof value[key] === "function" && key !== "prototype")
          const methods = own(value.prototype).filter((key) => key !== "constructor")
          return [...new Set([...statics, ...methods])].map((key) => name + "." + key)
        })
        return { fs: functions(tauri.fs), store: functions(tauri.store) }`)
      for (const [name, shown] of [
        ["fs", FS],
        ["store", STORE],
      ] as const) {
        const names = new Set(shown.flatMap(({ shows }) => shows.split(" ")))
        assert.ok((exported[name]?.length ?? 0) > 20, `${name} exports ${exported[name]}`)
        assert.deepEqual(
          exported[name]?.filter((each) => !names.has(each)),
          [],
          `${name}: functions that no test shows`,
        )
        assert.deepEqual(
          [...names].filter((each) => !exported[name]?.includes(each)),
          [],
          `${name}: names of no function`,
        )
      }
    })

    test("the hook refuses outside the folder, and behind it the scope does, each with its own words", async () => {
      assert.deepEqual(
        await run(
          `return [await throws(() => fs.readFile("/etc/passwd")), await throws(() => fs.readFile("${home}/secret"))]`,
        ),
        [
          "IsolationError: files are read in the app's folder only",
          `forbidden path: ${home}/secret, maybe it is not allowed on the scope for \`allow-read-file\` permission in your capability file`,
        ],
      )
    })

    test("a link out, a parent, and what is denied are refused, by every way in", async () => {
      const refusals = await run<string[]>(`return Promise.all([
        throws(() => fs.readFile("link-out", app)),
        throws(() => fs.writeTextFile("link-out", "x", app)),
        throws(() => fs.readFile("../secret", app)),
        throws(() => fs.readFile("private/key", app)),
        throws(() => fs.rename("private", "public", { oldPathBaseDir: app.baseDir, newPathBaseDir: app.baseDir })),
        throws(() => fs.remove("private", { ...app, recursive: true })),
        throws(() => fs.readFile("windows/main/Cookies", app)),
      ])`)
      for (const refusal of refusals) assert.match(refusal, /^forbidden path: |^.*cannot traverse directory/)
      assert.equal(await readFile(join(home, "secret"), "utf8"), "secret")
      assert.equal(await readFile(join(data, "private", "key"), "utf8"), "key")
    })

    test("two windows share a store; a window without the permission has none, and no scope either", async () => {
      const [second, other] = [await testApp.open(browser(), "second"), await testApp.open(browser(), "other")]
      for (const each of [second, other]) await each.waitFor("return typeof tauri === 'object'")
      await run(`const shared = await store.load("shared.json")
        window.heard = []
        await shared.onChange((...change) => heard.push(change))`)
      await run(`await (await store.load("shared.json")).set("from", "second")`, second)
      await page.waitFor("return heard.length === 1")
      assert.deepEqual(await page.evaluate("return heard"), [["from", "second"]])
      assert.match(await run(`return throws(() => store.load("shared.json"))`, other), /not allowed on window "other"/)
      assert.match(
        await run(`return throws(() => fs.readFile("text", app))`, other),
        /^forbidden path: .*allow-read-file/,
      )
      await second.close()
      await other.close()
      assert.equal(await run(`return (await store.load("shared.json")).get("from")`), "second")
    })

    test("a store outlasts the app", async () => {
      await run(`await (await store.load("kept.json", { autoSave: false })).set("kept", true)`)
      await testApp.app.close()
      assert.deepEqual(JSON.parse(await readFile(join(data, "kept.json"), "utf8")), { kept: true })
    })
  })
}
