import assert from "node:assert/strict"
import { type ChildProcessByStdio, spawn } from "node:child_process"
import { once } from "node:events"
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { after, before, test } from "node:test"
import { fileURLToPath } from "node:url"
import { launch } from "./drivers/driver.ts"
import { linkIn, pack, shell } from "./package.fixture.ts"

const OURS = fileURLToPath(new URL("../node_modules/", import.meta.url))
const place = mkdtempSync(join(tmpdir(), "sallyport-built-app-"))
/** What was built, moved away from where it was built. */
const moved = join(place, "elsewhere")
/** A working directory with an app of somebody else in it. */
const strange = join(place, "strange")
/** Where anything would be unpacked to. */
const temporary = join(place, "temporary")

before(() => {
  const { tarball } = pack(place)
  const run = (line: string, cwd: string): string => {
    const { status, stdout, stderr } = shell(line, cwd)
    assert.equal(status, 0, `${line}\n${stdout}\n${stderr}`)
    return stdout
  }
  run(`npx --yes --package=${tarball} sallyport init --new hello`, place)
  const hello = join(place, "hello")
  run(`npm install ${tarball}`, hello)
  // What `npm install --save-dev esbuild postject` would bring.
  for (const name of ["esbuild", "postject"]) symlinkSync(join(OURS, name), join(hello, "node_modules", name))
  const result = JSON.parse(run("npx sallyport build --app --json", hello))
  assert.deepEqual([result.ok, result.warnings], [true, []])
  const licenses = readFileSync(join(hello, "dist-app/executable/LICENSES.txt"), "utf8")
  for (const name of ["sallyport", "valibot", "ws", "parse5"]) assert.match(licenses, new RegExp(`^${name} \\d`, "m"))
  renameSync(join(hello, "dist-app"), moved)
  rmSync(hello, { recursive: true })
  for (const folder of [join(strange, "src-tauri"), temporary]) mkdirSync(folder, { recursive: true })
  const brownfield = { identifier: "org.example.strange", build: { frontendDist: ".." } }
  writeFileSync(join(strange, "src-tauri/tauri.conf.json"), JSON.stringify(brownfield))
})

after(() => rmSync(place, { recursive: true, force: true, maxRetries: 5 }))

/** Starts an app without a display: it prints its link, and the test is the window. */
function start(program: string, ...args: readonly string[]): ChildProcessByStdio<null, null, Readable> {
  const state = { XDG_STATE_HOME: join(place, "state"), DISPLAY: "", WAYLAND_DISPLAY: "" }
  const env = { HOME: place, PATH: "/nowhere", TMPDIR: temporary, ...state }
  return spawn(program, args, { cwd: strange, env, stdio: ["ignore", "ignore", "pipe"] })
}

const FORMS: readonly (readonly [form: string, program: string, ...args: readonly string[]])[] = [
  ["the folder", process.execPath, join(moved, "folder/main.js")],
  ["the executable", join(moved, "executable/hello")],
]
for (const [form, program, ...args] of FORMS)
  test(`${form} runs without its project, from anywhere, with its hook before its Core`, async () => {
    const app = start(program, ...args)
    const driver = await launch("chromium")
    try {
      const page = await driver.open(await linkIn(app.stderr))
      await page.waitFor(`return document.querySelector("h1")?.textContent === "Hello, Ada!"`)
      await page.waitFor(`return document.querySelector("code")?.textContent === "remove_all is not allowed"`)
      assert.deepEqual(readdirSync(temporary), [], "nothing was unpacked")
    } finally {
      await driver.close()
      app.kill("SIGKILL")
    }
  })

test("the folder does not start when its isolation app was changed", async () => {
  appendFileSync(join(moved, "folder/app/isolation/index.html"), "<!-- later -->")
  const app = start(process.execPath, join(moved, "folder/main.js"))
  const [said, [code]] = await Promise.all([text(app.stderr), once(app, "exit")])
  assert.equal(code, 1)
  assert.match(said, /isolation\/index\.html: this file was changed after it was locked/)
})
