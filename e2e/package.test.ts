import assert from "node:assert/strict"
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"
import { after, before, test } from "node:test"
import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"
import { launch } from "./drivers/driver.ts"
import { linkIn, pack, shell } from "./package.fixture.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const project = mkdtempSync(join(tmpdir(), "sallyport-package-"))
let packed: readonly string[] = []
/** Absolute path of the package. */
let tarball = ""

/** The whole Core of a user's first app. It prints its launch link: the test is the window. */
const APP = `import { command, createApp } from "sallyport"
import { fs } from "sallyport/plugins/fs"
import { store } from "sallyport/plugins/store"
const commands = { greet: command((args) => "Hello, " + args.name + "!") }
const app = await createApp({ config: "src-tauri/tauri.conf.json", commands, requireIsolation: true, plugins: [fs(), store()] })
await app.open("main", (url) => console.log(url))
`
const FILES: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ name: "first", private: true, type: "module" }),
  "app.js": APP,
  "app.ts": `${APP.replace("(args)", "(args: unknown)").replace("args.name", "String(args)")}const name: string = app.origin\nexport { name }\n`,
  // A frontend's bundler and compiler have no types of Node.
  "frontend.ts": `import { createClient } from "sallyport/client"
import type { Command } from "sallyport"
type Commands = { greet: Command<{ name: string }, string, { name: string }> }
export const greeting: Promise<string> = createClient<Commands>().greet({ name: "you" })
`,
  "dist/index.html": "<!doctype html><title>First</title><p>First</p>",
  "isolation/index.html": `<script src="index.js"></script>`,
  "isolation/index.js": "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload",
  "src-tauri/tauri.conf.json": JSON.stringify({
    identifier: "org.example.first",
    build: { frontendDist: "../dist" },
    app: { security: { pattern: { use: "isolation", options: { dir: "../isolation" } } } },
  }),
}

const inProject = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })

before(() => {
  ;({ tarball, files: packed } = pack(project))
  for (const folder of ["dist", "isolation", "src-tauri"]) mkdirSync(join(project, folder))
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(project, file), text)
  inProject("npm", ["install", "--no-fund", "--no-audit", "--loglevel=error", "--prefer-offline", tarball])
})

after(() => rmSync(project, { recursive: true, force: true }))

test("the package holds what users need, and nothing of its making", () => {
  for (const file of [
    "dist/index.js",
    "dist/index.d.ts",
    "dist/client.js",
    "dist/client.d.ts",
    "dist/plugins/fs/index.js",
    "dist/plugins/store/index.js",
    "dist/vite.js",
    "dist/vite.d.ts",
    "dist/embedded/bridge.js",
    "README.md",
    "SECURITY.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
  ])
    assert.ok(packed.includes(file), `${file} is missing`)
  const strange = packed.filter(
    (file) =>
      !/^(?:dist\/|docs\/|README\.md$|SECURITY\.md$|LICENSE-|package\.json$)/.test(file) ||
      /\.test\.|\.fixture\./.test(file),
  )
  assert.deepEqual(strange, [])
})

test("its types resolve for a strict TypeScript project", () => {
  const options = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--types",
    "node",
    "--typeRoots",
    join(root, "node_modules/@types"),
  ]
  inProject(join(root, "node_modules/.bin/tsc"), [...options, "app.ts", "frontend.ts"])
})

test("its Vite plugin is there without bringing Vite", () => {
  const name = `import { sallyport } from "sallyport/vite"; console.log(sallyport().name)`
  assert.equal(inProject(process.execPath, ["--input-type=module", "-e", name]), "sallyport\n")
  assert.equal(existsSync(join(project, "node_modules/vite")), false)
})

test("what a frontend imports brings none of the Core's code, and nothing of Node", () => {
  const { outputFiles } = buildSync({
    entryPoints: [join(project, "node_modules/sallyport/dist/client.js")],
    bundle: true,
    write: false,
    platform: "browser",
    format: "esm",
  })
  assert.ok((outputFiles[0]?.contents.length ?? Infinity) < 8192)
})

test("a seven-line app with two plugins runs from it in an empty project", async () => {
  const app = spawn(process.execPath, ["app.js"], {
    cwd: project,
    env: { ...process.env, XDG_STATE_HOME: join(project, "state"), XDG_DATA_HOME: join(project, "data") },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const driver = await launch("chromium")
  try {
    const [url] = (await once(createInterface({ input: app.stdout }), "line")) as [string]
    const page = await driver.open(url)
    await page.waitFor("return typeof __TAURI_INTERNALS__ === 'object'")
    assert.equal(await page.evaluate(`return __TAURI_INTERNALS__.invoke("greet", { name: "you" })`), "Hello, you!")
    const rid = await page.evaluate(`return __TAURI_INTERNALS__.invoke("plugin:store|load", { path: "a.json" })`)
    assert.equal(typeof rid, "number")
    const read = `return __TAURI_INTERNALS__.invoke("plugin:fs|read_file", { path: "/x" }).catch((error) => error)`
    assert.match(await page.evaluate(read), /^forbidden path: \/x/)
  } finally {
    await driver.close()
    // The last window is closed: after a moment the app ends by itself.
    const [code] = await once(app, "exit", { signal: AbortSignal.timeout(20_000) }).finally(() => app.kill("SIGKILL"))
    assert.equal(code, 0)
  }
})

const readme = readFileSync(join(root, "README.md"), "utf8")

/** The commands of a section of the README, without their comments; the package is the one that was packed. */
function commandsOf(section: string): string[] {
  const text = readme.slice(readme.indexOf(`\n## ${section}`))
  const block = /\n```sh\n(.*?)```/s.exec(text)?.[1] ?? ""
  return block
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/ +#.*$/, "").replaceAll("/path/to/sallyport-0.1.0.tgz", tarball))
}

test("the README's start for a new app works as it is written", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-new-app-"))
  const [make = "", cd, install = "", cases = "", start] = commandsOf("A new app")
  assert.deepEqual([cd, start], ["cd hello", "npm start"])
  const made = shell(make, folder)
  assert.equal(made.status, 0, made.stderr)
  const hello = join(folder, "hello")
  for (const line of [install, cases]) {
    const { status, stdout, stderr } = shell(line, hello)
    assert.equal(status, 0, `${line}\n${stdout}\n${stderr}`)
  }
  assert.ok(readme.includes(readFileSync(join(hello, "src-isolation/index.js"), "utf8")), "the guard that it shows")
  // Without a display the app prints its link: the test is the window.
  const state = { XDG_STATE_HOME: join(folder, "state"), DISPLAY: "", WAYLAND_DISPLAY: "" }
  const app = spawn("npm", ["start"], {
    cwd: hello,
    detached: true,
    env: { ...process.env, ...state },
    stdio: ["ignore", "inherit", "pipe"],
  })
  const driver = await launch("chromium")
  try {
    const page = await driver.open(await linkIn(app.stderr))
    await page.waitFor(`return document.querySelector("h1")?.textContent === "Hello, Ada!"`)
    await page.waitFor(`return document.querySelector("code")?.textContent === "remove_all is not allowed"`)
  } finally {
    await driver.close()
    // npm's own process does not hand the signal on to what it runs.
    if (app.pid !== undefined) process.kill(-app.pid, "SIGKILL")
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

test("the README's start for a Tauri project works as it is written", () => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-tauri-project-"))
  const files = {
    "package.json": JSON.stringify({ name: "tauri-app", private: true }),
    "src/index.html": `<script type="module" src="main.js"></script>`,
    "src/main.js": `import { invoke } from "@tauri-apps/api/core"\nawait invoke("greet", { name: "you" })\n`,
    "src-tauri/Cargo.toml": "[package]\n",
    "src-tauri/src/main.rs": "fn main() { builder().invoke_handler(tauri::generate_handler![greet]) }\n",
    "src-tauri/tauri.conf.json": `{\n  // mine\n  "identifier": "a.b.c",\n  "build": { "frontendDist": "../src" }\n}\n`,
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  try {
    const [install = "", init = "", check = "", cases = ""] = commandsOf("A Tauri project")
    for (const line of [install, init]) {
      const { status, stderr } = shell(line, folder)
      assert.equal(status, 0, stderr)
    }
    assert.match(readFileSync(join(folder, "src-tauri/tauri.conf.json"), "utf8"), /\/\/ mine\n.*"use": "isolation"/s)
    const checked = shell(check, folder)
    assert.equal(checked.status, 1, checked.stderr)
    assert.match(
      checked.stdout,
      /COMMAND_NOT_NAMED\n +the frontend calls "greet"; the hook does not name it, and refuses it/,
    )
    const tested = shell(cases, folder)
    assert.equal(tested.status, 0, tested.stderr)
    assert.match(tested.stdout, /1 passed, 0 failed/)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
