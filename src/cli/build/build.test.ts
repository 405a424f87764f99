import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { readIsolationApp } from "../../isolation-app/isolation-app.ts"
import { readPublicKey } from "../../isolation-app/signing-key.ts"
import { keygen } from "../keygen/command.ts"
import { runCommand } from "../run-command.ts"
import { rememberingTerminal } from "../terminal.fixture.ts"
import { build } from "./command.ts"

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-build-")))
after(() => rmSync(temporary, { recursive: true }))

const HOOK = "(window as any).__TAURI_ISOLATION_HOOK__ = (payload: object) => payload\n"
const SOURCE = { "index.html": '<script src="hook.ts"></script>', "hook.ts": HOOK }
const config = (dir: string, security = {}): string =>
  JSON.stringify({
    identifier: "a.b.c",
    app: { security: { ...security, pattern: { use: "isolation", options: { dir } } } },
  })

/** A project with these files; `src-isolation/*` are those of a working isolation app, unless it says otherwise. */
function project(files: Readonly<Record<string, string>>, source = "src-isolation"): string {
  const root = mkdtempSync(join(temporary, "projekt ü "))
  const sources = Object.entries(SOURCE).map(([name, text]) => [join(source, name), text] as const)
  for (const [name, text] of [...sources, ...Object.entries(files)]) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

async function run(...words: readonly string[]) {
  const terminal = rememberingTerminal()
  const status = await runCommand(build, words, "sallyport", terminal)
  return { status, out: terminal.printed.join("\n"), err: terminal.said.join("\n") }
}

test("builds a Tauri project from beside src-tauri, into the folder that its configuration names", async () => {
  const root = project({ "src-tauri/tauri.conf.json": config("../dist-isolation"), "src-tauri/Cargo.toml": "" })
  for (const start of [root, join(root, "src-tauri"), join(root, "src-tauri", "tauri.conf.json")]) {
    const { status, out, err } = await run(start)
    assert.deepEqual([status, err], [0, ""])
    assert.match(out, /dist-isolation: (built|as it was): 2 files of .*src-isolation in \d+ bytes, locked$/)
  }
  await readIsolationApp(join(root, "dist-isolation"))
})

const written: readonly [promise: string, files: Readonly<Record<string, string>>, source?: string][] = [
  [
    "comments, a byte order mark and CR LF",
    { "tauri.conf.json": `\uFEFF${config("dist").replace("{", "{ // here\r\n")}\r\n` },
  ],
  ["JSON5", { "tauri.conf.json5": config("dist").replace('"identifier"', "identifier") }],
  ["a file for this platform", { "tauri.conf.json": '{"identifier": "a.b.c"}', [platformFile()]: config("dist") }],
  ["Windows separators", { "src-tauri/tauri.conf.json": config("..\\dist") }],
  ["its source beside it", { "src-tauri/tauri.conf.json": config("../dist") }, "src-tauri/src-isolation"],
]

function platformFile(): string {
  return `tauri.${{ win32: "windows", darwin: "macos" }[process.platform as string] ?? "linux"}.conf.json`
}

for (const [promise, files, source] of written) {
  test(`reads a configuration with ${promise}`, async () => {
    const root = project(files, source)
    const { status, err } = await run(root)
    assert.deepEqual([status, err], [0, ""])
    await readIsolationApp(join(root, "dist"))
  })
}

test("with --src, builds from another folder", async () => {
  const root = project({ "tauri.conf.json": config("dist") }, "somewhere else")
  assert.equal((await run(root, "--src", join(root, "somewhere else"))).status, 0)
  const { status, err } = await run(root, "--src", join(root, "nowhere"))
  assert.equal(status, 1)
  assert.match(err, /nowhere: this folder does not exist\. To do: name the folder/)
})

test("with --sign, what is built is signed by the key that keygen made", async () => {
  const root = project({ "tauri.conf.json": config("dist") })
  const keyFile = join(root, "my.key")
  const keys = rememberingTerminal()
  await runCommand(keygen, [keyFile], "sallyport", keys)
  const publicKey = keys.printed.join()
  const { status, out } = await run(root, "--sign", keyFile)
  assert.equal(status, 0)
  assert.ok(out.endsWith(`locked and signed by ${publicKey}`), out)
  await readIsolationApp(join(root, "dist"), { publicKey: readPublicKey(publicKey) })

  chmodSync(keyFile, 0o644)
  const { err } = await run(root, "--sign", keyFile)
  if (process.platform !== "win32")
    assert.match(err, /^warning: .*my\.key: others than you may read this key: chmod 600/)
})

test("with --json, prints what was built as one line, and what is wrong with its place", async () => {
  const security = { csp: "frame-src 'self'" }
  const root = project({ "tauri.conf.json": config("dist", security), "Cargo.toml": "" })
  const result = JSON.parse((await run(root, "--json")).out)
  const { files } = await readIsolationApp(join(root, "dist"))
  assert.equal(result.warnings.length, 1)
  assert.deepEqual(result, {
    ok: true,
    source: join(root, "src-isolation"),
    dir: join(root, "dist"),
    sources: ["hook.ts", "index.html"].map((name) => join(root, "src-isolation", name)),
    files,
    signedBy: null,
    changed: true,
    warnings: result.warnings,
  })
  writeFileSync(join(root, "src-isolation", "hook.ts"), `${HOOK}let a: =`)
  const wrong = await run(root, "--json")
  assert.equal(wrong.status, 1)
  const { ok, error } = JSON.parse(wrong.out)
  const { code, file, line, column } = error
  const place = [join(root, "src-isolation", "hook.ts"), 2, 8]
  assert.deepEqual([ok, code, file, line, column], [false, "SCRIPT_SYNTAX", ...place])
})

const isolation = { use: "isolation", options: { dir: "dist" } }
const without = (pattern: unknown, build = {}): Readonly<Record<string, string>> => ({
  "tauri.conf.json": JSON.stringify({ identifier: "a.b.c", build, app: { security: { pattern } } }),
})
const useless: readonly [promise: string, files: Readonly<Record<string, string>>, says: RegExp, source?: string][] = [
  ["no configuration", { ".git/HEAD": "" }, /found no tauri\.conf\.json here, in src-tauri, or in the folders above/],
  ["a configuration that is none", { "tauri.conf.json": "{" }, /tauri\.conf\.json: /],
  [
    "no pattern",
    without(undefined),
    /app\.security\.pattern\.use: found nothing, so no isolation app would be used: set/,
  ],
  ["brownfield", without({ use: "brownfield" }), /app\.security\.pattern\.use: is "brownfield"/],
  [
    "no folder",
    without({ use: "isolation" }),
    /app\.security\.pattern\.options\.dir: found no folder to build into: set/,
  ],
  ["the frontend's folder", without(isolation, { frontendDist: "dist" }), /this is build\.frontendDist: .* of its own/],
  [
    "no source",
    without(isolation),
    /found no source to build from: looked for .*src-isolation\. Make one with/,
    "other",
  ],
  [
    "two sources",
    { "src-tauri/tauri.conf.json": config("../dist"), "src-tauri/src-isolation/index.html": "" },
    /could both be the source: choose with --src/,
  ],
]

for (const [promise, files, says, source] of useless) {
  test(`says what to do about a project with ${promise}`, async () => {
    const root = project(files, source)
    const { status, out, err } = await run(root)
    assert.deepEqual([status, out], [2, ""])
    assert.match(err, says)
    assert.doesNotMatch(err, /\n +at /)
    assert.equal(readdirSync(root).includes("dist"), false)
  })
}

test("says what to do about a folder that is none, a key that is none, and words too many", async () => {
  const root = project({ "tauri.conf.json": config("dist") })
  const wrong: readonly [words: string[], says: RegExp][] = [
    [[join(root, "nowhere")], /nowhere: there is no such file or folder$/],
    [[root, "--sign", join(root, "no.key")], /no\.key: there is no such file: make a key with "sallyport keygen"/],
    [[root, "--sign", join(root, "tauri.conf.json")], /this is no Ed25519 private key in PEM/],
    [[root, "b"], /"b" is too much: one project is built/],
  ]
  for (const [words, says] of wrong) {
    const { status, err } = await run(...words)
    assert.equal(status, 2)
    assert.match(err, says)
    assert.doesNotMatch(err, /\n +at /)
  }
})

test("with --watch, builds again, a line each, keeps the last good build, and ends when it is interrupted", async () => {
  const root = project({ "tauri.conf.json": config("dist") })
  const main = fileURLToPath(new URL("../main.ts", import.meta.url))
  const child = spawn(process.execPath, [main, "build", root, "--watch", "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  after(() => child.kill("SIGKILL"))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => JSON.parse(String((await lines.next()).value))
  assert.equal((await next()).ok, true)
  writeFileSync(join(root, "src-isolation", "hook.ts"), "let a: =")
  while ((await next()).ok);
  assert.match(readFileSync(join(root, "dist", "index.html"), "utf8"), /__TAURI_ISOLATION_HOOK__/)
  writeFileSync(join(root, "src-isolation", "hook.ts"), `${HOOK}// again\n`)
  while (!(await next()).ok);
  assert.match(readFileSync(join(root, "dist", "index.html"), "utf8"), /\/\/ again/)
  child.kill("SIGINT")
  assert.deepEqual(await once(child, "exit"), [0, null])
})
