import assert from "node:assert/strict"
import { test } from "node:test"
import { folderWith } from "../../isolation-app/folder.fixture.ts"
import { runCommand } from "../run-command.ts"
import { rememberingTerminal } from "../terminal.fixture.ts"
import { explain } from "./command.ts"
import type { Explanation } from "./explanation.ts"

const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (call) => {
  const { path, text } = call.payload
  if (call.cmd === "list_notes") return call
  if (call.cmd === "read_note") {
    if (typeof path !== "string" || !/^[a-z]+\\.md$/.test(path)) throw new Error("no note")
    return call
  }
  if (call.cmd === "export_note") {
    if (!path.startsWith("/safe/")) throw new Error("no")
    return call
  }
  throw new Error("no")
}`
const security = { pattern: { use: "isolation", options: { dir: "../isolation" } } }
const FILES = {
  "src-tauri/tauri.conf.json": JSON.stringify({
    identifier: "a.b.c",
    build: { frontendDist: "../src" },
    app: { security },
  }),
  "isolation/index.html": `<script src="index.js"></script>`,
  "isolation/index.js": HOOK,
  "src/main.js": `import { invoke } from "@tauri-apps/api/core"
await invoke("list_notes")
await invoke("read_note", { path: "a.md" })
await invoke("format_disk")
`,
  "core.ts": `const app = await createApp({ commands: { list_notes: command(f), read_note: command(f), format_disk: command(f) } })`,
}

async function explained(files: Readonly<Record<string, string>> = {}): Promise<Explanation & { text: string }> {
  const root = folderWith({ ...FILES, ...files })
  const [json, words] = [rememberingTerminal(), rememberingTerminal()]
  assert.equal(await runCommand(explain, [root, "--json"], "sallyport", json), 0, json.said.join())
  assert.equal(await runCommand(explain, [root], "sallyport", words), 0)
  return { ...(JSON.parse(json.printed.join("")) as Explanation), text: words.printed.join("\n") }
}

test("says of each command what the hook does with it, and at what it looks", async () => {
  const { commands, others } = await explained()
  const rows = commands.map(({ name, fate, isNamed, checks }) => [name, fate, isNamed, Object.keys(checks)])
  assert.deepEqual(rows, [
    ["export_note", "passes", true, ["path"]],
    ["format_disk", "refused", false, []],
    ["list_notes", "passes", true, []],
    ["read_note", "passes", true, ["path"]],
  ])
  assert.equal(others, "refused")
  const read = commands.find(({ name }) => name === "read_note")
  assert.deepEqual(
    read?.called.map((place) => place.replace(/.*\//, "")),
    ["main.js:3"],
  )
  assert.deepEqual(
    read?.offered.map((place) => place.replace(/.*\//, "")),
    ["core.ts:1"],
  )
})

test("says what no layer covers", async () => {
  const { open } = await explained()
  assert.ok(open.some((line) => /compares no argument of these with anything: list_notes\./.test(line)))
  assert.ok(open.some((line) => /how an argument begins.*: export_note\./.test(line)))
  assert.ok(open.some((line) => /no capabilities/.test(line)))
})

test("says it in words, too", async () => {
  const { text } = await explained()
  assert.match(text, /A command that the hook does not know is refused\./)
  assert.match(text, /format_disk: refused, not named by the hook/)
  assert.match(text, /export_note: let through\n {6}path: the hook looks at how it begins \(\/safe\/\)/)
})

test("names capabilities, and no longer their absence", async () => {
  const capability = { identifier: "main", windows: ["main"], permissions: ["core:default"] }
  const { capabilities, open, text } = await explained({
    "src-tauri/capabilities/main.json": JSON.stringify(capability),
  })
  assert.deepEqual(capabilities, [capability])
  assert.ok(!open.some((line) => /no capabilities/.test(line)))
  assert.match(text, /main: the windows main may use core:default/)
})

test("a hook that lets all through, and one that is null on purpose, are said to be so", async () => {
  const careless = await explained({ "isolation/index.js": "window.__TAURI_ISOLATION_HOOK__ = (call) => call" })
  assert.equal(careless.others, "passes")
  assert.ok(careless.open.some((line) => /what is added next month/.test(line)))
  const none = await explained({ "isolation/index.js": "window.__TAURI_ISOLATION_HOOK__ = null" })
  assert.equal(none.hook, null)
  assert.ok(none.open.some((line) => /on purpose/.test(line)))
})

test("a project without the pattern is told what to do", async () => {
  const root = folderWith({ "src-tauri/tauri.conf.json": "{}" })
  const terminal = rememberingTerminal()
  assert.equal(await runCommand(explain, [root], "sallyport", terminal), 2)
  assert.match(terminal.said.join(), /sallyport init/)
})
