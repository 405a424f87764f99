import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { readIsolationApp } from "../../../isolation-app/isolation-app.ts"
import { readPublicKey } from "../../../isolation-app/signing-key.ts"
import { keygen } from "../../keygen/command.ts"
import { runCommand } from "../../run-command.ts"
import { rememberingTerminal } from "../../terminal.fixture.ts"
import { build } from "../command.ts"

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-app-")))
after(() => rmSync(temporary, { recursive: true, force: true }))

const OURS = fileURLToPath(new URL("../../../../node_modules/", import.meta.url))
const CONFIG = {
  identifier: "org.example.hello",
  build: { frontendDist: "../web" },
  app: { security: { pattern: { use: "isolation", options: { dir: "../dist-isolation" } } } },
}
const HOOK = "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload\n"
const FILES: Readonly<Record<string, string | null>> = {
  "package.json": `{"type": "module"}`,
  "core.ts": `const line: string = "the Core runs"\nconsole.log(line)\n`,
  "web/index.html": "<p>",
  "src-isolation/index.html": `<script src="hook.js"></script>`,
  "src-isolation/hook.js": HOOK,
}

type Files = Readonly<Record<string, string | null>>

/** A project with these files, `null` for none, and the packages of ours that it has. */
function project(files: Files = {}, config: object = {}, packages = ["esbuild"]): string {
  const root = mkdtempSync(join(temporary, "projekt ü "))
  const conf = { "src-tauri/tauri.conf.json": JSON.stringify({ ...CONFIG, ...config }) }
  for (const [name, text] of Object.entries({ ...FILES, ...conf, ...files })) {
    if (text === null) continue
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  mkdirSync(join(root, "node_modules"))
  for (const name of packages) symlinkSync(join(OURS, name), join(root, "node_modules", name))
  return root
}

async function run(...words: readonly string[]) {
  const terminal = rememberingTerminal()
  const status = await runCommand(build, [...words, "--app"], "sallyport", terminal)
  return { status, out: terminal.printed.join("\n"), err: terminal.said.join("\n") }
}

const withoutExecutable = (root: string, ...words: readonly string[]) => run(root, "--no-executable", ...words)

test("builds a folder that runs without its project, and is the same each time", async () => {
  const root = project()
  const { status, out, err } = await withoutExecutable(root)
  assert.equal(status, 0, err)
  assert.match(out, /dist-app\/folder: built: 6 files; runs with: node .*dist-app\/folder\/main\.js$/)
  assert.match(err, /building the isolation app from .*\nbundling .*core\.ts with esbuild$/)
  const moved = join(temporary, "moved")
  cpSync(join(root, "dist-app"), moved, { recursive: true })
  const hashes = readFileSync(join(moved, "sallyport-build.json"), "utf8")
  rmSync(join(root, "dist-app"), { recursive: true })
  assert.equal((await withoutExecutable(root)).status, 0)
  assert.equal(readFileSync(join(root, "dist-app/sallyport-build.json"), "utf8"), hashes)
  assert.equal((await withoutExecutable(root)).status, 0, "over the build before")
  rmSync(root, { recursive: true })
  const printed = execFileSync(process.execPath, [join(moved, "folder/main.js")], { cwd: temporary, encoding: "utf8" })
  assert.equal(printed, "the Core runs\n")
  await readIsolationApp(join(moved, "folder/app/isolation"))
})

test("runs build.beforeBuildCommand first, which may build the frontend", async () => {
  const build = { frontendDist: "../web", beforeBuildCommand: { script: "mkdir web && echo hi > web/index.html" } }
  const root = project({ "web/index.html": null }, { build })
  const { status, err } = await withoutExecutable(root)
  assert.equal(status, 0, err)
  assert.equal(readFileSync(join(root, "dist-app/folder/app/frontend/index.html"), "utf8"), "hi\n")
})

test("with --json, says as one line what was built, and what is wrong", async () => {
  const root = project({ "core.ts": "await import(process.argv[2])\n" })
  const { status, out } = await withoutExecutable(root, "--json")
  const { warnings, ...result } = JSON.parse(out)
  assert.deepEqual(
    [status, result],
    [
      0,
      {
        ok: true,
        out: join(root, "dist-app"),
        folder: join(root, "dist-app/folder"),
        executable: null,
        core: join(root, "core.ts"),
        files: [
          "app/configuration.json",
          "app/frontend/index.html",
          "app/isolation/index.html",
          "app/isolation/isolation.lock.json",
          "main.js",
          "package.json",
        ],
        signedBy: null,
      },
    ],
  )
  assert.match(warnings.join(), /core\.ts:1:7: what import\(process\.argv\[2\]\) names is known when the app runs/)
  const wrong = await withoutExecutable(project({ "core.ts": "let a: =" }), "--json")
  const { ok, error } = JSON.parse(wrong.out)
  assert.deepEqual([wrong.status, ok, error.code], [1, false, "BUNDLE"])
  const hook = await withoutExecutable(project({ "src-isolation/hook.js": "let a: =" }), "--json")
  assert.deepEqual([hook.status, JSON.parse(hook.out).error.code], [1, "SCRIPT_SYNTAX"])
})

test("with --sign, what is shipped is signed; an isolation app that was written by hand is locked, and one that is locked stays as it is", async () => {
  const keyFile = join(temporary, "my.key")
  const keys = rememberingTerminal()
  await runCommand(keygen, [keyFile], "sallyport", keys)
  const publicKey = keys.printed.join()
  const hand = { "src-isolation/index.html": null, "dist-isolation/index.html": `<script>${HOOK}</script>` }
  for (const files of [{}, hand]) {
    const root = project({ ...files, "src-isolation/hook.js": files === hand ? null : HOOK })
    const { status, out, err } = await withoutExecutable(root, "--sign", keyFile)
    assert.equal(status, 0, err)
    assert.ok(out.includes(`its isolation app signed by ${publicKey}`))
    const dir = join(root, "dist-app/folder/app/isolation")
    assert.ok((await readIsolationApp(dir, { publicKey: readPublicKey(publicKey) })).lock !== null)
    assert.deepEqual(readdirSync(join(root, "dist-isolation")).length, files === hand ? 1 : 2)
    // Without its source, what was signed is shipped with the signature that it has.
    rmSync(join(root, "dist-isolation"), { recursive: true })
    cpSync(dir, join(root, "dist-isolation"), { recursive: true })
    rmSync(join(root, "src-isolation"), { recursive: true, force: true })
    assert.ok((await withoutExecutable(root)).out.includes(publicKey))
  }
})

const isolation = (files: Files): Files => ({
  "src-isolation/index.html": null,
  "src-isolation/hook.js": null,
  ...files,
})
const WRONG: readonly (readonly [
  what: string,
  make: () => string,
  words: readonly string[],
  status: 1 | 2,
  says: RegExp,
])[] = [
  [
    "no Core",
    () => project({ "core.ts": null }),
    [],
    2,
    /found no Core in .*: name the program that calls createApp\(\), with --core FILE/,
  ],
  [
    "two Cores",
    () => project({ "core/main.mts": "" }),
    [],
    2,
    /core\.ts and .*core\/main\.mts could both be the Core: choose with --core/,
  ],
  [
    "a --core that is not there",
    () => project(),
    ["--core", "nowhere.ts"],
    2,
    /--core nowhere\.ts: there is no such file/,
  ],
  ["no bundler", () => project({}, {}, []), [], 2, /found no bundler/],
  [
    "a beforeBuildCommand that fails",
    () => project({}, { build: { ...CONFIG.build, beforeBuildCommand: "exit 3" } }),
    [],
    1,
    /build\.beforeBuildCommand \(exit 3\) ended with exit status 3, so nothing is built/,
  ],
  [
    "a beforeBuildCommand that is none",
    () => project({}, { build: { ...CONFIG.build, beforeBuildCommand: 3 } }),
    [],
    2,
    /beforeBuildCommand: found 3, expected a command, such as "npm run build"/,
  ],
  [
    "no frontend",
    () => project({ "web/index.html": null }),
    [],
    2,
    /build\.frontendDist: .*web, which does not exist: build the frontend first/,
  ],
  [
    "a frontend that is not named",
    () => project({}, { build: {} }),
    [],
    2,
    /build\.frontendDist: found nothing, so there is no page to show/,
  ],
  [
    "a folder for it that is a source",
    () => project(),
    ["--out", "web"],
    2,
    /web: this is .*web, of which the app is made/,
  ],
  [
    "a hand-written isolation app that was changed after it was locked",
    () =>
      project(
        isolation({
          "dist-isolation/index.html": `<script>${HOOK}</script>`,
          "dist-isolation/isolation.lock.json": `{\n  "version": 1,\n  "files": [\n    {\n      "path": "index.html",\n      "sha256": "${"0".repeat(64)}"\n    }\n  ]\n}\n`,
        }),
      ),
    [],
    1,
    /index\.html: this file was changed after it was locked/,
  ],
  [
    "a key and nothing to sign",
    () => project({}, { app: {} }),
    ["--sign", "my.key"],
    2,
    /is not "isolation", so there is nothing to sign/,
  ],
]
for (const [what, make, words, status, says] of WRONG)
  test(`says what to do about a project with ${what}, and builds nothing`, async () => {
    const root = make()
    const paths = words.map((word, index) => {
      const flag = words[index - 1]
      return flag === "--out" ? join(root, word) : flag === "--sign" ? join(temporary, word) : word
    })
    const result = await withoutExecutable(root, ...paths)
    assert.deepEqual([result.status, result.out], [status, ""])
    assert.match(result.err, says)
    assert.doesNotMatch(result.err, /\n +at /)
    assert.equal(existsSync(join(root, "dist-app")), false)
    assert.deepEqual(
      readdirSync(root).filter((name) => name.startsWith(".dist")),
      [],
    )
  })

test("a beforeBuildCommand that builds the app ends, and says what to take out of it", async () => {
  const main = fileURLToPath(new URL("../../main.ts", import.meta.url))
  const beforeBuildCommand = `"${process.execPath}" "${main}" build --app --no-executable 2> said`
  const root = project({}, { build: { ...CONFIG.build, beforeBuildCommand } })
  const { status, err } = await withoutExecutable(root)
  assert.equal(status, 1)
  assert.match(err, /ended with exit status 2/)
  assert.match(
    readFileSync(join(root, "said"), "utf8"),
    /^this runs within .*: take --app out of build\.beforeBuildCommand/,
  )
})

test("says of files that the configuration means that they are not in the build", async () => {
  const scope = { enable: true, scope: ["$RESOURCE/pictures/*"] }
  const root = project({}, { app: { security: { ...CONFIG.app.security, assetProtocol: scope } } })
  const { status, err } = await withoutExecutable(root)
  assert.equal(status, 0, err)
  assert.match(
    err,
    /warning: app\/configuration\.json names \$RESOURCE, the folder of the configuration: in a build it holds nothing/,
  )
})

test("flags of an app go with --app, and watching does not", async () => {
  const terminal = rememberingTerminal()
  assert.equal(await runCommand(build, [project(), "--out", "x"], "sallyport", terminal), 2)
  assert.match(terminal.said.join(), /--out goes with --app/)
  assert.match((await run(project(), "--watch")).err, /--app and --watch: an app is built once/)
})

test("says before it builds anything that an executable cannot be made, and what to do", async () => {
  const { status, err } = await run(project())
  assert.equal(status, 2)
  assert.match(
    err,
    /found no postject, .*"npm install --save-dev postject", or leave the executable out with --no-executable/,
  )
})
