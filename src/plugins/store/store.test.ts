import assert from "node:assert/strict"
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { eventually, startTestPlugin, type TestPage, type TestPlugin } from "../plugin.fixture.ts"
import { store } from "./index.ts"

let plugin: TestPlugin
let page: TestPage
const file = (name = "settings.json"): string => join(plugin.appData, name)
const content = async (name?: string): Promise<unknown> => JSON.parse(await readFile(file(name), "utf8"))
const load = (options?: object, path = "settings.json", by = page): Promise<unknown> =>
  by.call("load", { path, options })

beforeEach(async () => {
  plugin = await startTestPlugin(store())
  page = plugin.page()
})
afterEach(() => plugin.close())

test("keeps what is set, says whether it is there, and forgets what is deleted", async () => {
  const rid = await load()
  assert.deepEqual(await page.call("get", { rid, key: "a" }), [null, false])
  assert.equal(await page.call("set", { rid, key: "a", value: { b: [1, null] } }), null)
  await page.call("set", { rid, key: "n", value: null })
  assert.deepEqual(await page.call("get", { rid, key: "a" }), [{ b: [1, null] }, true])
  assert.deepEqual(await page.call("get", { rid, key: "n" }), [null, true])
  assert.equal(await page.call("has", { rid, key: "a" }), true)
  assert.deepEqual(await page.call("keys", { rid }), ["a", "n"])
  assert.deepEqual(await page.call("values", { rid }), [{ b: [1, null] }, null])
  assert.deepEqual(await page.call("entries", { rid }), [
    ["a", { b: [1, null] }],
    ["n", null],
  ])
  assert.equal(await page.call("length", { rid }), 2)
  assert.equal(await page.call("delete", { rid, key: "a" }), true)
  assert.equal(await page.call("delete", { rid, key: "a" }), false)
  assert.equal(await page.call("has", { rid, key: "a" }), false)
})

test("saves by itself soon after a change, as pretty JSON that its user alone can read", async () => {
  const rid = await load({ autoSave: 1 })
  await page.call("set", { rid, key: "a", value: 1 })
  await eventually("the file is there", async () => (await readdir(plugin.appData)).includes("settings.json"))
  assert.equal(await readFile(file(), "utf8"), '{\n  "a": 1\n}\n')
  assert.equal((await stat(file())).mode & 0o777, 0o600)
})

test("without auto save it saves when it is told to, and when the app ends", async () => {
  const rid = await load({ autoSave: false })
  await page.call("set", { rid, key: "a", value: 1 })
  assert.deepEqual(await readdir(plugin.appData), [])
  await page.call("save", { rid })
  assert.deepEqual(await content(), { a: 1 })
  await page.call("set", { rid, key: "a", value: 2 })
  page.leave()
  await plugin.instance.close?.()
  assert.deepEqual(await content(), { a: 2 })
})

test("makes the folders that a store lies in", async () => {
  const rid = await load({}, "deep/er/store.json")
  await page.call("save", { rid })
  assert.deepEqual(await content("deep/er/store.json"), {})
})

test("defaults stand under what the file holds, unless that is to replace them", async () => {
  await writeFile(file(), '{"a":"file"}')
  const defaults = { a: "default", b: "default" }
  const rid = await load({ defaults })
  assert.deepEqual(await page.call("entries", { rid }), [
    ["a", "file"],
    ["b", "default"],
  ])
  await page.resources.close(rid)
  assert.deepEqual(await page.call("entries", { rid: await load({ defaults, overrideDefaults: true }) }), [
    ["a", "file"],
  ])
  const missing = await load({ defaults, overrideDefaults: true }, "missing.json")
  assert.equal(await page.call("length", { rid: missing }), 2)
})

test("createNew begins with the defaults, and the store that was open is gone", async () => {
  await writeFile(file(), '{"a":"file"}')
  const old = await load()
  const rid = await load({ defaults: { b: 1 }, createNew: true })
  assert.notEqual(rid, old)
  assert.deepEqual(await page.call("entries", { rid }), [["b", 1]])
  await assert.rejects(page.call("get", { rid: old, key: "a" }), { message: `The resource id ${old} is invalid.` })
  await plugin.instance.close?.()
  assert.deepEqual(await content(), { b: 1 })
})

test("reset goes back to the defaults, clear to nothing, and each change is told once", async () => {
  const rid = await load({ defaults: { a: 1, b: 2 } })
  await page.call("set", { rid, key: "a", value: 9 })
  await page.call("set", { rid, key: "c", value: 3 })
  plugin.emitted.length = 0
  await page.call("reset", { rid })
  assert.deepEqual(await page.call("entries", { rid }), [
    ["a", 1],
    ["b", 2],
  ])
  await page.call("clear", { rid })
  assert.equal(await page.call("length", { rid }), 0)
  const told = plugin.emitted.map(([event, payload]) => [event, payload] as [string, Record<string, unknown>])
  const path = file()
  assert.deepEqual(told, [
    ["store://change", { path, resourceId: rid, key: "c", value: null, exists: false }],
    ["store://change", { path, resourceId: rid, key: "a", value: 1, exists: true }],
    ["store://change", { path, resourceId: rid, key: "a", value: null, exists: false }],
    ["store://change", { path, resourceId: rid, key: "b", value: null, exists: false }],
  ])
})

test("reload takes the file beside what is there, or instead of it, and says nothing of it", async () => {
  const rid = await load({ autoSave: false })
  await page.call("set", { rid, key: "mine", value: 1 })
  await writeFile(file(), '{"file":2}')
  plugin.emitted.length = 0
  await page.call("reload", { rid })
  assert.deepEqual(await page.call("keys", { rid }), ["mine", "file"])
  await page.call("reload", { rid, ignoreDefaults: true })
  assert.deepEqual(await page.call("keys", { rid }), ["file"])
  assert.deepEqual(plugin.emitted, [])
  const missing = await load({}, "missing.json")
  await assert.rejects(
    page.call("reload", { rid: missing }),
    /cannot be reloaded: No such file or directory \(os error 2\)/,
  )
})

test("all windows share a store, under one number; a page that is gone leaves it to the others", async () => {
  const other = plugin.page("other")
  const rid = await load()
  assert.equal(await load({}, "settings.json", other), rid)
  assert.equal(await load(), rid)
  await page.call("set", { rid, key: "a", value: 1 })
  assert.deepEqual(await other.call("get", { rid, key: "a" }), [1, true])
  page.leave()
  // What leaving might have begun has been done by then.
  for (let round = 0; round < 3; round++) await other.call("save", { rid })
  assert.deepEqual(await other.call("get", { rid, key: "a" }), [1, true])
  const again = plugin.page()
  assert.equal(await again.call("get_store", { path: "./settings.json" }), rid)
  assert.equal(await again.call("get_store", { path: "none.json" }), null)
})

test("a window that never asked for a store cannot use its number", async () => {
  const rid = await load()
  await assert.rejects(plugin.page("other").call("keys", { rid }), { message: `The resource id ${rid} is invalid.` })
})

test("closing saves what waits, and closes for all", async () => {
  const other = plugin.page("other")
  const rid = await load({ autoSave: 60_000 })
  await load({}, "settings.json", other)
  await page.call("set", { rid, key: "a", value: 1 })
  await page.resources.close(rid)
  assert.deepEqual(await content(), { a: 1 })
  await assert.rejects(other.call("get", { rid, key: "a" }), /is invalid/)
  assert.equal(await other.call("get_store", { path: "settings.json" }), null)
  assert.notEqual(await load({}, "settings.json", other), rid)
})

for (const [name, text, expected] of [
  ["half a file", '{"a": 1', /cannot be loaded: it is no JSON .*stays as it is/],
  ["an empty file", "", /it is no JSON/],
  ["a list", "[1]", /no object of keys and values/],
  ["null", "null", /no object of keys and values/],
] as const)
  test(`${name} is an error, and stays as it is, whatever comes after`, async () => {
    await writeFile(file(), text)
    await assert.rejects(load({ defaults: { a: 1 } }), expected)
    await plugin.instance.close?.()
    assert.equal(await readFile(file(), "utf8"), text)
    assert.deepEqual(await readdir(plugin.appData), ["settings.json"])
  })

test("what cannot be saved is an error that leaves the file whole, and is saved when it can be", async () => {
  const rid = await load({ autoSave: 60_000 })
  await page.call("set", { rid, key: "a", value: 1 })
  await page.call("save", { rid })
  await page.call("set", { rid, key: "a", value: 2 })
  // A folder in place of the file, as nobody's permissions stop the superuser.
  const { rename, rmdir } = await import("node:fs/promises")
  await rename(file(), file("aside"))
  await mkdir(join(file(), "full"), { recursive: true })
  await assert.rejects(page.call("save", { rid }), /cannot be saved: Is a directory/)
  await assert.rejects(page.resources.close(rid), /./)
  assert.deepEqual((await readdir(plugin.appData)).sort(), ["aside", "settings.json"])
  assert.deepEqual(await content("aside"), { a: 1 })
  await rmdir(join(file(), "full"))
  await rmdir(file())
  await plugin.instance.close?.()
  assert.deepEqual(await content(), { a: 2 })
})

test("the permissions of a file stay", async () => {
  await writeFile(file(), "{}")
  await chmod(file(), 0o644)
  const rid = await load()
  await page.call("save", { rid })
  assert.equal((await stat(file())).mode & 0o777, 0o644)
})

test("many saves at once leave one whole file, and nothing beside it", async () => {
  const rid = await load({ autoSave: 0 })
  for (let value = 0; value < 50; value++) {
    void page.call("set", { rid, key: "a", value })
    void page.call("save", { rid })
  }
  await page.call("save", { rid })
  assert.deepEqual(await content(), { a: 49 })
  await page.resources.close(rid)
  assert.deepEqual(await readdir(plugin.appData), ["settings.json"])
})

for (const path of [
  "../x.json",
  "a/../../x.json",
  "/etc/x.json",
  "windows/main/Preferences",
  "out/x.json",
  "",
  ".",
  "a\0b",
])
  test(`the path ${JSON.stringify(path)} leads to no store`, async () => {
    await symlink(plugin.folder, file("out"))
    for (const command of ["load", "get_store"])
      await assert.rejects(page.call(command, { path }), /would not lie in|cannot traverse directory|NUL/)
  })

test("a key named for what objects have by nature is a key like any other", async () => {
  const rid = await load({ autoSave: false, defaults: JSON.parse('{"__proto__": 1}') })
  for (const key of ["constructor", "toString"]) await page.call("set", { rid, key, value: key })
  assert.deepEqual(await page.call("get", { rid, key: "__proto__" }), [1, true])
  assert.deepEqual(await page.call("get", { rid, key: "hasOwnProperty" }), [null, false])
  await page.call("save", { rid })
  assert.equal(
    await readFile(file(), "utf8"),
    '{\n  "__proto__": 1,\n  "constructor": "constructor",\n  "toString": "toString"\n}\n',
  )
})

test("all stores together hold no more than the Core can bear; what was there stays", async () => {
  const rid = await load({ autoSave: false })
  const value = "x".repeat(4 * 1024 * 1024)
  for (let key = 0; key < 15; key++) await page.call("set", { rid, key: String(key), value })
  await assert.rejects(page.call("set", { rid, key: "last", value }), /all stores together hold at most/)
  assert.equal(await page.call("length", { rid }), 15)
  await page.call("delete", { rid, key: "0" })
  await page.call("set", { rid, key: "last", value })
  await page.call("clear", { rid })
  await page.resources.close(rid)
  for (let path = 0; path < 256; path++) await load({}, `${path}.json`)
  await assert.rejects(load({}, "one-more.json"), /at most 256 stores/)
})

for (const [name, args, expected] of [
  ["no path", {}, /missing required key path/],
  ["options that are none", { path: "a", options: [] }, /invalid args `options`/],
  ["defaults that are none", { path: "a", options: { defaults: 1 } }, /defaults: invalid type: integer `1`/],
  ["an auto save that is none", { path: "a", options: { autoSave: "yes" } }, /autoSave/],
  [
    "a function that nobody gave",
    { path: "a", options: { serializeFnName: "mine" } },
    /no function of the name string "mine"/,
  ],
] as const)
  test(`load refuses ${name}`, () => assert.rejects(page.call("load", args), expected))

test("what stores hold is counted as the memory that it takes, not as its text", async () => {
  const rid = await page.call("load", { path: "small.json", options: { autoSave: false } })
  // A megabyte of JSON, and 25 of memory.
  const value = Array.from({ length: 350_000 }, () => ({}))
  for (const key of ["a", "b"]) await page.call("set", { rid, key, value })
  await assert.rejects(page.call("set", { rid, key: "c", value }), /all stores together hold at most/)
  assert.deepEqual(await page.call("keys", { rid }), ["a", "b"])
})

test("keys are texts, and values must be there", async () => {
  const rid = await load()
  await assert.rejects(page.call("set", { rid, key: 1, value: 1 }), /invalid args `key` for command `set`/)
  await assert.rejects(page.call("set", { rid, key: "a" }), /missing required key value/)
  await assert.rejects(page.call("get", { rid: "x", key: "a" }), /The resource id "x" is invalid/)
})

test("default grants every command", () => {
  const granted = store().permissions?.default?.permissions ?? []
  assert.deepEqual(
    granted.toSorted(),
    Object.keys(plugin.instance.commands)
      .map((command) => `allow-${command.replaceAll("_", "-")}`)
      .toSorted(),
  )
})
