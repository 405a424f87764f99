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
import { FS } from "./fs-calls.ts"
import { PRELUDE } from "./package-call.ts"
import { STORE } from "./store-calls.ts"

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
