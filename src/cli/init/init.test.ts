import assert from "node:assert/strict"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after, test } from "node:test"
import { resolveLimits } from "../../boundary/wire/limits.ts"
import { readConfig } from "../../config/config.ts"
import { readIsolationApp } from "../../isolation-app/isolation-app.ts"
import { findProject } from "../project/find-project.ts"
import { runCommand } from "../run-command.ts"
import { rememberingTerminal } from "../terminal.fixture.ts"
import { hookScripts } from "../test/hook-scripts.ts"
import { NodeHook } from "../test/node-hook.ts"
import { init } from "./command.ts"

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-init-")))
after(() => rmSync(temporary, { recursive: true }))

/** A Tauri project as people have it: comments, a development server, a Core in Rust. */
const TAURI = {
  "package.json": "{}",
  "src-tauri/Cargo.toml": "",
  "src-tauri/src/lib.rs": "fn run() { builder.invoke_handler(tauri::generate_handler![greet, notes::read_note]) }",
  "src/main.ts": `import { invoke } from "@tauri-apps/api/core"\nawait invoke("greet", { name: "you" })\n`,
  "src-tauri/tauri.conf.json": `{
  // the app
  "identifier": "org.example.app",
  "build": {
    "frontendDist": "../src",
    "beforeBuildCommand": "npm run build", // with Vite
  },
  "app": { "security": { "csp": null } }
}
`,
}

function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(temporary, "projekt ü "))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

async function run(...words: readonly string[]) {
  const terminal = rememberingTerminal()
  const status = await runCommand(init, words, "sallyport", terminal)
  return { status, out: terminal.printed.join("\n"), err: terminal.said.join("\n") }
}

/** Every file of a folder, with its text and when it was written. */
function snapshot(root: string): readonly unknown[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .sort()
    .filter((name) => statSync(join(root, name)).isFile())
    .map((name) => [name, readFileSync(join(root, name), "utf8"), statSync(join(root, name)).mtimeMs])
}

test("a Tauri project gets pattern, hook and build step, and keeps its comments", async () => {
  const root = project(TAURI)
  const { status, out, err } = await run(root)
  assert.equal(status, 0, err)
  assert.equal(
    readFileSync(join(root, "src-tauri/tauri.conf.json"), "utf8"),
    `{
  // the app
  "identifier": "org.example.app",
  "build": {
    "frontendDist": "../src",
    "beforeBuildCommand": "npx sallyport build && npm run build", // with Vite
    "beforeDevCommand": "npx sallyport build",
  },
  "app": { "security": { "csp": null, "pattern": { "use": "isolation", "options": { "dir": "../dist-isolation" } } } }
}
`,
  )
  assert.match(out, /changed .*tauri\.conf\.json: app\.security\.pattern is isolation/)
  assert.match(err, /Found 2 commands/)
  const hook = readFileSync(join(root, "src-isolation/index.js"), "utf8")
  assert.match(hook, / {2}\/\/ greet: \(args\) => \{\}, \/\/ called in src\/main\.ts:2\n/)
  assert.match(hook, / {2}\/\/ read_note: .* \/\/ offered in src-tauri\/src\/lib\.rs:1, and never called\n/)
  await readConfig(root)
  await readIsolationApp(join(root, "dist-isolation"))
})

test("running it twice changes nothing", async () => {
  const root = project(TAURI)
  await run(root)
  const before = snapshot(root)
  const { status, out } = await run(root)
  assert.equal(status, 0)
  assert.match(out, /all is there already/)
  assert.deepEqual(snapshot(root), before)
})

for (const flag of [[], ["--ts"]])
  test(`the hook refuses all until it allows something: ${flag.join() || "--js"}`, async () => {
    const root = project(TAURI)
    assert.equal((await run(root, ...flag)).status, 0)
    const script = join(root, "src-isolation", flag.length > 0 ? "index.ts" : "index.js")
    assert.deepEqual(await asked(root), ["greet is not allowed", "other is not allowed"])
    writeFileSync(script, readFileSync(script, "utf8").replace("// greet: (args", "greet: (args"))
    const { buildIsolationApp } = await import("../../isolation-app/build.ts")
    await buildIsolationApp({ source: join(root, "src-isolation"), dir: join(root, "dist-isolation"), key: undefined })
    assert.deepEqual(await asked(root), ["passed", "other is not allowed"])
  })

/** What the isolation app that was built says of two commands. */
async function asked(root: string): Promise<string[]> {
  const scripts = await hookScripts(join(root, "dist-isolation"))
  const hook = new NodeHook({ scripts, limits: resolveLimits({}), coverage: false, log: () => {} })
  const answers = []
  for (const cmd of ["greet", "other"]) answers.push(await hook.ask({ cmd, payload: {}, headers: null }, "main"))
  await hook.close()
  return answers.map((answer) => (answer.passed ? "passed" : answer.message))
}

test("TOML keeps its form, too", async () => {
  const { "src-tauri/tauri.conf.json": _, ...rest } = TAURI
  const toml = `identifier = "a.b.c" # mine\n\n[build]\nfrontend-dist = "../src"\nbefore-dev-command = "npm run dev"\n`
  const root = project({ ...rest, "src-tauri/Tauri.toml": toml })
  const { status, err } = await run(root)
  assert.equal(status, 0, err)
  const text = readFileSync(join(root, "src-tauri/Tauri.toml"), "utf8")
  assert.match(text, /^identifier = "a\.b\.c" # mine\n/)
  assert.match(text, /\nbefore-dev-command = "npx sallyport build && npm run dev"\n/)
  assert.equal((await findProject(root))?.isolationDir, join(root, "dist-isolation"))
  const before = snapshot(root)
  await run(root)
  assert.deepEqual(snapshot(root), before)
})

test("a build command that is an object keeps its other keys", async () => {
  const config = {
    identifier: "a.b.c",
    build: { frontendDist: "../src", beforeDevCommand: { script: "vite", wait: true } },
  }
  const root = project({ ...TAURI, "src-tauri/tauri.conf.json": JSON.stringify(config) })
  await run(root)
  const { build } = JSON.parse(readFileSync(join(root, "src-tauri/tauri.conf.json"), "utf8"))
  assert.deepEqual(build.beforeDevCommand, { script: "npx sallyport build && vite", wait: true })
})

test("an isolation app that somebody wrote by hand is left as it is", async () => {
  const security = { pattern: { use: "isolation", options: { dir: "../isolation" } } }
  const config = { identifier: "a.b.c", build: { frontendDist: "../src" }, app: { security } }
  const root = project({
    ...TAURI,
    "src-tauri/tauri.conf.json": JSON.stringify(config),
    "isolation/index.html": "<script>window.__TAURI_ISOLATION_HOOK__ = (payload) => payload</script>",
  })
  const before = snapshot(root)
  const { status, out } = await run(root)
  assert.equal(status, 0)
  assert.match(out, /all is there already/)
  assert.deepEqual(snapshot(root), before)
})

test("--dry-run says what it would do, and does nothing", async () => {
  const root = project(TAURI)
  const before = snapshot(root)
  const { out } = await run(root, "--dry-run")
  assert.match(out, /would change .*tauri\.conf\.json/)
  assert.match(out, /would make .*index\.js/)
  assert.deepEqual(snapshot(root), before)
})

test("what cannot be done is said, and nothing is changed", async () => {
  const nothing = project({ ".git/HEAD": "" })
  assert.match((await run(nothing)).err, /found no tauri\.conf\.json .* sallyport init --new DIR/)
  const broken = project({ ...TAURI, "src-tauri/tauri.conf.json": "{ app: " })
  const before = snapshot(broken)
  const { status, err } = await run(broken)
  assert.equal(status, 2)
  assert.match(err, /tauri\.conf\.json: line 1/)
  assert.deepEqual(snapshot(broken), before)
})

test("--new makes an app whose tests pass, and never into a folder that holds something", async () => {
  const dir = join(project({}), "Meine Notizen!")
  const { status, out } = await run("--new", dir, "--json")
  assert.equal(status, 0)
  const { changes } = JSON.parse(out) as { changes: { file: string }[] }
  for (const { file } of changes) assert.ok(existsSync(file))
  const { name } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"))
  assert.equal(name, "meine-notizen")
  const again = await run("--new", dir)
  assert.equal(again.status, 2)
  assert.match(again.err, /is not empty/)
  assert.match((await run("--new", join(dir, "core.ts"))).err, /this is a file/)
})
