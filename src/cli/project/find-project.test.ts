import assert from "node:assert/strict"
import { chmodSync, symlinkSync } from "node:fs"
import { join, relative } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { ConfigError } from "../../config/config.ts"
import { folderWith } from "../../isolation-app/folder.fixture.ts"
import { findCommands } from "./find-commands.ts"
import { findProject, type Project } from "./find-project.ts"

const CONFIG = JSON.stringify({
  identifier: "org.example.app",
  build: { frontendDist: "../dist", beforeBuildCommand: "npm run build" },
  app: { security: { pattern: { use: "isolation", options: { dir: "..\\dist-isolation" } } } },
})
const TAURI = { "src-tauri/tauri.conf.json": CONFIG, "src-tauri/Cargo.toml": "[package]" }

async function projectOf(dir: string): Promise<Project> {
  const project = await findProject(dir)
  assert.ok(project !== null)
  return project
}

/** Called and offered commands, each as `name file:line:column`. */
async function commandsOf(dir: string): Promise<{ called: string[]; offered: string[]; computed: string[] }> {
  const { called, offered, computed } = await findCommands(await projectOf(dir))
  const at = (place: { file: string; line: number; column: number }): string =>
    `${relative(dir, place.file)}:${place.line}:${place.column}`
  return {
    called: called.map((command) => `${command.name} ${at(command)}`),
    offered: offered.map((command) => `${command.name} ${at(command)}`),
    computed: computed.map(at),
  }
}

test("a Tauri project is told by its Cargo.toml, and found from any folder in it", async () => {
  const dir = folderWith({ ...TAURI, "dist-isolation/index.html": "", "src/deep/a.ts": "" })
  for (const start of [dir, join(dir, "src-tauri"), join(dir, "dist-isolation"), join(dir, "src/deep")]) {
    const { root, target, isolationDir, frontendDist, pattern } = await projectOf(start)
    assert.deepEqual({ root, target, pattern }, { root: dir, target: "tauri", pattern: "isolation" })
    assert.deepEqual([isolationDir, frontendDist], [join(dir, "dist-isolation"), join(dir, "dist")])
  }
})

test("a configuration without Cargo.toml is Sallyport's", async () => {
  assert.equal((await projectOf(folderWith({ "src-tauri/tauri.conf.json": CONFIG }))).target, "sallyport")
  const flat = folderWith({ "tauri.conf.json": CONFIG })
  assert.deepEqual([(await projectOf(flat)).root, (await projectOf(flat)).target], [flat, "sallyport"])
})

test("JSON5, TOML, byte order marks and line ends of Windows are read", async () => {
  const json5 = `\uFEFF// a comment\r\n{\r\n  app: { security: { pattern: { use: "isolation", options: { dir: "ä b" } } } },\r\n}\r\n`
  const dir = folderWith({ "src-tauri/tauri.conf.json5": json5 })
  assert.equal((await projectOf(dir)).isolationDir, join(dir, "src-tauri", "ä b"))
  const toml = `[app.security.pattern]\nuse = "isolation"\n[app.security.pattern.options]\ndir = "../iso"\n`
  const other = folderWith({ "src-tauri/Tauri.toml": toml })
  assert.equal((await projectOf(other)).isolationDir, join(other, "iso"))
})

test("a configuration that cannot be read is an error with its place", async () => {
  await assert.rejects(findProject(folderWith({ "tauri.conf.json": "{" })), (error) => {
    assert.ok(error instanceof ConfigError)
    assert.match(error.message, /line 1, column 2/)
    return true
  })
})

test("no configuration, no project; and none from above a repository", async () => {
  assert.equal(await findProject(folderWith({ "a.js": "" })), null)
  const dir = folderWith({ "tauri.conf.json": CONFIG, "other/.git/HEAD": "", "other/a.js": "" })
  assert.equal(await findProject(join(dir, "other")), null)
})

test("finds the commands of a Tauri project: called in sources, not in what was built, fetched, or tests itself", async () => {
  const dir = folderWith({
    ...TAURI,
    "src/main.ts": `import { read } from "./api"\nimport { invoke } from "@tauri-apps/api/core"\n  invoke("greet")`,
    "src/api.ts": "export const call = (cmd: string) => invoke(cmd)",
    "src/use.tsx": `import { call } from "./api"; call("read"); invoke(x)`,
    "src/main.test.ts": 'invoke("no")',
    "dist/main.js": 'invoke("no")',
    "dist-app/folder/main.js": 'invoke("no")',
    "dist-isolation/index.js": 'invoke("no")',
    "node_modules/a/index.js": 'invoke("no")',
    ".cache/a.js": 'invoke("no")',
    "src-tauri/src/lib.rs": "fn run() { b.invoke_handler(tauri::generate_handler![greet,\n  fs::read]) }",
    "src-tauri/target/a.rs": "generate_handler![no]",
  })
  assert.deepEqual(await commandsOf(dir), {
    called: ["greet src/main.ts:3:10", "read src/use.tsx:1:36"],
    offered: ["greet src-tauri/src/lib.rs:1:54", "read src-tauri/src/lib.rs:2:7"],
    computed: ["src/use.tsx:1:45"],
  })
})

test("a frontend that nothing builds is read where it is", async () => {
  const config = JSON.stringify({ build: { frontendDist: "../dist" } })
  const dir = folderWith({ "src-tauri/tauri.conf.json": config, "dist/main.js": '__TAURI__.core.invoke("a")' })
  assert.deepEqual((await commandsOf(dir)).called, ["a dist/main.js:1:23"])
})

test("links, circles and folders that may not be read do not stop it", async () => {
  const dir = folderWith({ ...TAURI, "src/a.js": 'invoke("a")', "closed/a.js": "", "outside.js": "" })
  symlinkSync(dir, join(dir, "src/circle"))
  symlinkSync("b.js", join(dir, "src/b.js"))
  chmodSync(join(dir, "closed"), 0)
  try {
    assert.deepEqual((await commandsOf(dir)).called, ["a src/a.js:1:8"])
  } finally {
    chmodSync(join(dir, "closed"), 0o700)
  }
})

test("finds the commands of createApp, wherever their object is written", async () => {
  const dir = folderWith({
    "tauri.conf.json": CONFIG,
    "core/main.ts": `import { createApp, type App } from "sallyport"
import { notes } from "./notes.ts"
import rest, * as all from "./rest.ts"
const own = { a: command((x: number) => x), ["b"]: command(f), 'plugin c': g } as const
const app: App = await createApp({ config: "x", commands: { ...own, ...notes(1), ...rest, d } })`,
    "core/notes.ts": "export function notes(n: number): Commands { return Object.freeze({ e: 1, f: 2 }) }",
    "core/rest.ts": "export default { g: 1 }",
    "core/broken.ts": "createApp({ commands: { no: 1 }",
  })
  const { offered } = await commandsOf(dir)
  assert.deepEqual(
    offered.map((command) => command.split(" core")[0]),
    ["a", "b", "plugin c", "e", "f", "g", "d"],
  )
  assert.equal(offered[3], "e core/notes.ts:1:69")
})

test("the example of this repository: what its frontend calls, its Core offers", async () => {
  const { called, offered } = await findCommands(
    await projectOf(fileURLToPath(new URL("../../../examples/notes", import.meta.url))),
  )
  const names = (list: readonly { name: string }[]): string[] => [...new Set(list.map(({ name }) => name))].sort()
  assert.ok(names(offered).includes("delete_all_notes"), String(names(offered)))
  assert.ok(names(called).includes("read_note"), String(names(called)))
})
