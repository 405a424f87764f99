import { readdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Attack, Replacement } from "../attack.ts"
import { auditLogOf } from "../victim-process.ts"

const NO_OWN_FILES: Replacement = {
  off: "the list of files that the Core keeps for itself",
  file: "directories/own-files.ts",
  find: "for (const own of kept) if (judge(own)) return true",
  replace: "",
}

/** Without it the log would be saved by chance: it grows between being read and being replaced. */
const ANY_STORE: Replacement = {
  off: "the look at what `createNew` replaces",
  file: "plugins/store/open-store.ts",
  find: "file === null || file.version === this.#replaces ?",
  replace: "file === null || this.#options.createNew ?",
}

/** The scopes are as wide as careless authors make them. */
const FILES = {
  hasFiles: true,
  security: {
    capabilities: [
      {
        identifier: "files",
        windows: ["main"],
        permissions: [
          "store:default",
          "fs:read-all",
          "fs:write-all",
          { identifier: "fs:scope", allow: ["$RESOURCE", "$RESOURCE/**", "$APPDATA", "$APPDATA/**"] },
        ],
      },
    ],
  },
}

/** What a page does to a file, `ours` being one that it may write. */
const REPLACE = `
  const write = (path, text, more = {}) => attacker.call("plugin:fs|write_text_file", new TextEncoder().encode(text), {
    headers: { path: encodeURIComponent(path), options: JSON.stringify(more) },
  })
  const replace = async (path, text, ours) => {
    await write(path, text)
    await write(ours, text)
    await attacker.call("plugin:fs|copy_file", { fromPath: ours, toPath: path })
    await attacker.call("plugin:fs|rename", { oldPath: ours, newPath: path })
    await attacker.call("plugin:fs|truncate", { path, len: 0 })
    await attacker.call("plugin:fs|remove", { path })
    await write(path, text)
  }`

/** The text of all of an app's logs. */
async function tracesIn(folder: string): Promise<string> {
  const texts: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) texts.push(await readFile(join(entry.parentPath, entry.name), "utf8"))
  return texts.join("")
}

/** P35: the Core's own files, replaced through a plugin. */
export const ownFiles: readonly Attack[] = [
  {
    id: "P35",
    name: "the audit log, replaced by a store of its name",
    stoppedBy: "no plugin opens a file that the Core keeps for itself",
    defence: "core",
    control: [NO_OWN_FILES, ANY_STORE],
    victim: FILES,
    alone: true,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await attacker.call("forbidden")
        for (const path of ["logs/audit.jsonl", "./logs//audit.jsonl", "logs/../logs/audit.jsonl"]) {
          const { value: rid } = await attacker.call("plugin:store|load", { path, options: { createNew: true } })
          await attacker.call("plugin:store|set", { rid, key: "kind", value: "nothing" })
          await attacker.call("plugin:store|save", { rid })
        }`)
      await victim.launchUrl("other")
      return !(await tracesIn(dirname(auditLogOf(victim.folder)))).includes('"call-refused"')
    },
  },
  {
    id: "P35",
    name: "the audit log, its lock and older files, overwritten, moved and removed by the plugin fs, with their folder, too",
    stoppedBy: "no plugin opens, moves or removes a file that the Core keeps for itself, nor a folder that holds one",
    defence: "core",
    control: NO_OWN_FILES,
    victim: FILES,
    alone: true,
    steps: async ({ page, victim }) => {
      const log = auditLogOf(victim.folder)
      const folder = dirname(log)
      await writeFile(join(folder, "audit.000001.jsonl"), '{"kind":"older"}\n')
      await page.evaluate(`${REPLACE}
        await attacker.call("forbidden")
        const folder = ${JSON.stringify(folder)}
        for (const name of ["audit.jsonl", "audit.000001.jsonl", "audit.jsonl.lock", "audit.jsonl.new", "audit.000002.jsonl"])
          await replace(folder + "/" + name, "nothing", folder + "/ours.txt")
        await attacker.call("plugin:fs|rename", { oldPath: folder, newPath: folder + "-moved" })
        await attacker.call("plugin:fs|remove", { path: folder + "-moved", options: { recursive: true } })
        await attacker.call("plugin:fs|remove", { path: folder, options: { recursive: true } })`)
      await victim.launchUrl("other")
      const traces = await tracesIn(dirname(folder))
      return !traces.includes('"call-refused"') || !traces.includes('"older"')
    },
  },
  {
    id: "P35",
    name: "what decides the next start, overwritten by the plugin fs: hook, lock, configuration, capabilities, key, port",
    stoppedBy: "no plugin opens, moves or removes a file that the Core keeps for itself",
    defence: "core",
    control: NO_OWN_FILES,
    victim: {
      ...FILES,
      files: {
        "capabilities/none.toml.off": "KEPT",
        "isolation-app.key": "KEPT",
      },
    },
    alone: true,
    steps: async ({ page, victim: { folder } }) => {
      const names = [
        "isolation/index.js",
        "isolation/isolation.lock.json",
        "capabilities/none.toml.off",
        "isolation-app.key",
        "tauri.conf.json",
        "state/org.sallyport.victim/port",
      ].map((name) => join(folder, name))
      // A lock that does not exist is one that a page may make: it is empty here.
      const read = (name: string): Promise<string> => readFile(name, "utf8").catch(() => "")
      const before = await Promise.all(names.map(read))
      await page.evaluate(`${REPLACE}
        for (const name of ${JSON.stringify(names)}) await replace(name, "nothing", ${JSON.stringify(join(folder, "ours"))})
        await attacker.call("plugin:fs|remove", { path: ${JSON.stringify(join(folder, "isolation"))}, options: { recursive: true } })`)
      const after = await Promise.all(names.map(read))
      return after.join("\n") !== before.join("\n")
    },
  },
]
