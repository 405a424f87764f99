import assert from "node:assert/strict"
import { existsSync, writeFileSync } from "node:fs"
import { readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { eventually, startTestPlugin, TestPage, type TestPlugin } from "../plugin.fixture.ts"
import { Budget } from "./budget.ts"
import { store } from "./index.ts"
import { OpenStore, type StoreOptions } from "./open-store.ts"
import { readStoreFile, storeText, writeStoreFile } from "./store-file.ts"
import { StoreLocks } from "./store-lock.ts"

let plugin: TestPlugin
let page: TestPage
let file: string
const content = async (): Promise<unknown> => JSON.parse(await readFile(file, "utf8"))
const load = (options: object = { autoSave: false }): Promise<unknown> =>
  page.call("load", { path: "settings.json", options })
const end = async (): Promise<void> => plugin.instance.close?.()

beforeEach(async () => {
  plugin = await startTestPlugin(store())
  page = plugin.page()
  file = join(plugin.appData, "settings.json")
})
afterEach(() => plugin.close())

test("a file is not written again for its format alone, by whatever may save it", async () => {
  const text = '{ "b": 1,\n"a": {"y":1, "x":[1]} }'
  await writeFile(file, text)
  const rid = await load({ autoSave: 1 })
  await page.call("save", { rid })
  await page.call("set", { rid, key: "a", value: { x: [1], y: 1 } })
  await page.call("save", { rid })
  await page.resources.close(rid)
  await load()
  await end()
  assert.equal(await readFile(file, "utf8"), text)
})

test("a file that is edited by hand keeps the edits, and its pages hear of them", async () => {
  await writeFile(file, '{"mine":1,"theirs":1,"gone":1}')
  const rid = await load()
  await page.call("set", { rid, key: "mine", value: 2 })
  await writeFile(file, '{"mine":9,"theirs":2,"new":3}')
  plugin.emitted.length = 0
  await page.call("save", { rid })
  assert.deepEqual(await content(), { mine: 2, theirs: 2, new: 3 })
  assert.deepEqual(await page.call("entries", { rid }), Object.entries({ mine: 2, theirs: 2, new: 3 }))
  assert.deepEqual(
    plugin.emitted.map(([, payload]) => payload),
    [
      ["gone", null, false],
      ["theirs", 2, true],
      ["new", 3, true],
    ].map(([key, value, exists]) => ({ path: file, resourceId: rid, key, value, exists })),
  )
})

test("a change after the last save is one of this instance, whatever the saves before have merged", async () => {
  await writeFile(file, '{"a":1,"b":1}')
  const rid = await load()
  await page.call("set", { rid, key: "a", value: 2 })
  await page.call("save", { rid })
  // Saved, it is no change of this instance's any more.
  await writeFile(file, '{"a":3,"b":1}')
  await page.call("delete", { rid, key: "b" })
  await page.call("save", { rid })
  assert.deepEqual(await content(), { a: 3 })
})

test("defaults are no changes: they alone are no reason to write a file", async () => {
  await load({ autoSave: 1, defaults: { a: "default" } })
  await end()
  assert.equal(existsSync(file), false)
})

test("another writer's value wins over a default, and defaults are saved along with a change", async () => {
  const rid = await load({ autoSave: false, defaults: { a: "default", b: "default" } })
  await writeFile(file, '{"a":"by hand"}')
  await page.call("set", { rid, key: "c", value: 1 })
  await page.call("save", { rid })
  assert.deepEqual(await content(), { a: "by hand", b: "default", c: 1 })
})

test("a default that a page has set is a change", async () => {
  const rid = await load({ autoSave: false, defaults: { a: "default" } })
  await page.call("set", { rid, key: "a", value: "default" })
  await writeFile(file, '{"a":"by hand"}')
  await end()
  assert.deepEqual(await content(), { a: "default" })
})

test("a file that is deleted meanwhile stays deleted if nothing has changed", async () => {
  await writeFile(file, '{"a":1}')
  await load()
  await rm(file)
  await end()
  assert.equal(existsSync(file), false)
})

test("a file that is deleted meanwhile is written whole with the next change: its entries are only here by then", async () => {
  await writeFile(file, '{"a":1,"b":1}')
  const rid = await load()
  await page.call("set", { rid, key: "a", value: 2 })
  await rm(file)
  await end()
  assert.deepEqual(await content(), { a: 2, b: 1 })
})

for (const [name, text] of [
  ["no JSON", "{"],
  ["empty", ""],
  ["a list", "[]"],
] as const)
  test(`a file that has become ${name} stays as it is: saving is an error, and all is saved when it is fixed`, async () => {
    await writeFile(file, '{"a":1}')
    const rid = await load()
    await page.call("set", { rid, key: "b", value: 2 })
    await writeFile(file, text)
    await assert.rejects(page.call("save", { rid }), /cannot be saved: it is .* and stays as it is/)
    await assert.rejects(page.call("reload", { rid }), /cannot be reloaded: it is .* and stays as it is/)
    assert.equal(await readFile(file, "utf8"), text)
    await writeFile(file, '{"c":3}')
    await page.call("save", { rid })
    assert.deepEqual(await content(), { c: 3, b: 2 })
    assert.deepEqual(await readdir(plugin.appData), ["settings.json"])
  })

test("entries that cannot be saved at the end replace no file that is beside the store", async () => {
  await writeFile(file, "{}")
  await writeFile(`${file}.unsaved`, "of the last time")
  const rid = await load()
  await page.call("set", { rid, key: "a", value: 1 })
  await writeFile(file, "{")
  await end()
  assert.equal(await readFile(`${file}.unsaved`, "utf8"), "of the last time")
  assert.deepEqual(JSON.parse(await readFile(`${file}.unsaved-2`, "utf8")), { a: 1 })
  assert.match(plugin.logged.join(), /its entries are in .*settings\.json\.unsaved-2/)
})

test("reload takes deletions, too, and keeps what is not saved yet", async () => {
  await writeFile(file, '{"a":1,"gone":1}')
  const rid = await load({ autoSave: false, defaults: { d: 1 } })
  await page.call("set", { rid, key: "mine", value: 1 })
  await page.call("set", { rid, key: "a", value: 2 })
  await writeFile(file, '{"a":3}')
  await page.call("reload", { rid })
  assert.deepEqual(await page.call("entries", { rid }), Object.entries({ d: 1, mine: 1, a: 3 }))
  await writeFile(file, '{"a":4}')
  await end()
  // `a` is not a change any more since it was reloaded.
  assert.deepEqual(await content(), { a: 4, d: 1, mine: 1 })
})

test("reset undoes what this instance knows of, and leaves what was added meanwhile", async () => {
  await writeFile(file, '{"a":1,"b":1}')
  const rid = await load({ autoSave: false, defaults: { a: 0 } })
  await writeFile(file, '{"a":2,"b":2,"added":1}')
  await page.call("reset", { rid })
  await page.call("save", { rid })
  assert.deepEqual(await content(), { a: 0, added: 1 })
})

test("createNew replaces the entries that there are then, and not those that come later", async () => {
  await writeFile(file, '{"old":1}')
  await load({ createNew: true, autoSave: false, defaults: { b: 1 } })
  await writeFile(file, '{"old":2,"later":1}')
  await end()
  assert.deepEqual(await content(), { later: 1, b: 1 })
})

test("createNew replaces a file that is no store, but not one that has become another since", async () => {
  await writeFile(file, "[1]")
  let rid = await load({ createNew: true, autoSave: false })
  await page.call("save", { rid })
  assert.deepEqual(await content(), {})
  await writeFile(file, "[2]")
  rid = await load({ createNew: true, autoSave: false })
  await writeFile(file, "[3, 4]")
  await assert.rejects(page.call("save", { rid }), /cannot be saved: it is JSON, but no object/)
  assert.equal(await readFile(file, "utf8"), "[3, 4]")
})

test("createNew also replaces an open store that cannot be saved", async () => {
  const rid = await load({ autoSave: 60_000 })
  await page.call("set", { rid, key: "a", value: 1 })
  await writeFile(file, "{")
  const again = await load({ createNew: true, autoSave: false })
  await page.call("save", { rid: again })
  assert.deepEqual(await content(), {})
  assert.match(plugin.logged.join(), /cannot be saved, and a new store replaces it: it is no JSON/)
})

test("a file that changes between being read and being replaced is read and merged again", async () => {
  const path = { lexical: file, real: file }
  await writeFile(file, '{"a":1}')
  const edits = ['{"a":2,"b":1}', '{"a":2,"b":2,"c":1}']
  const edit = (): void => {
    const text = edits.shift()
    if (text !== undefined) writeFileSync(file, text)
  }
  const options: StoreOptions = { defaults: null, autoSaveMs: null, createNew: false, overrideDefaults: false }
  const parts = { changed: edit, budget: new Budget(), locks: new StoreLocks(join(plugin.folder, "l")), log: () => {} }
  const opened = new OpenStore(path, await readStoreFile(path), options, parts)
  // Told of a change between reading and writing: then the other one writes.
  opened.set("mine", 1)
  await opened.save()
  assert.deepEqual(edits, [])
  assert.deepEqual(await content(), { a: 2, b: 2, c: 1, mine: 1 })
})

test("a file is not put in the place of another one than was read", async () => {
  const path = { lexical: file, real: file }
  await writeFile(file, '{"a":1}')
  const { version = null } = (await readStoreFile(path)) ?? {}
  await writeFile(file, '{"a":2}')
  assert.equal(await writeStoreFile(path, "{}", version), false)
  assert.equal(await writeStoreFile(path, "{}", null), false)
  assert.equal(await readFile(file, "utf8"), '{"a":2}')
  await rm(file)
  assert.equal(await writeStoreFile(path, "{}", version), false)
  assert.deepEqual(await readdir(plugin.appData), [])
})

test("a store is not written while another process has its lock", async () => {
  const locks = new StoreLocks(join(plugin.folder, "state", "org.sallyport.test", "store-locks"))
  const rid = await load()
  await page.call("set", { rid, key: "a", value: 1 })
  let saved: Promise<unknown> | undefined
  await locks.hold(file, async () => {
    saved = page.call("save", { rid })
    // Meanwhile others are saved, each as long as this one would take.
    const other = await page.call("load", { path: "other.json", options: { autoSave: false } })
    for (let value = 0; value < 5; value++) {
      await page.call("set", { rid: other, key: "a", value })
      await page.call("save", { rid: other })
    }
    assert.equal(existsSync(file), false)
  })
  await saved
  assert.deepEqual(await content(), { a: 1 })
})

test("two stores of one process with one path lose nothing", async () => {
  const { identifier, folder } = { identifier: "org.sallyport.test", folder: plugin.folder }
  const silent = {
    config: undefined,
    appName: "Test",
    version: "1.0.0",
    emit: () => {},
    emitTo: () => {},
    trigger: () => {},
  }
  const second = await store().setup({ ...silent, identifier, folder, listen: () => () => {}, log: () => {} })
  const pages = [page, new TestPage("store", second.commands, "main")]
  await Promise.all(
    pages.map(async (each, owner) => {
      const rid = await each.call("load", { path: "settings.json", options: { autoSave: 0 } })
      for (let key = 0; key < 20; key++) {
        await each.call("set", { rid, key: `${owner}-${key}`, value: key })
        await each.call("save", { rid })
      }
    }),
  )
  await second.close?.()
  await end()
  assert.equal(Object.keys((await content()) as object).length, 40)
})

test("what a file could not give back is not written", () => {
  assert.throws(() => storeText(new Map([["a", "€".repeat(23 * 1024 * 1024)]])), /its file would have \d+ bytes/)
})

test("a change that comes while a save runs is saved with the next one", async () => {
  const rid = await load({ autoSave: 1 })
  for (let value = 0; value < 30; value++) {
    await page.call("set", { rid, key: "a", value })
    void page.call("save", { rid })
    await page.call("set", { rid, key: `k${value}`, value })
  }
  await eventually("all is in the file", async () => {
    const entries = existsSync(file) ? ((await content()) as Record<string, unknown>) : {}
    return Object.keys(entries).length === 31 && entries.a === 29
  })
})
