import type { PackageCall } from "./package-call.ts"

/** Of `@tauri-apps/plugin-store`. */
export const STORE: readonly PackageCall[] = [
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
