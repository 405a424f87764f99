import assert from "node:assert/strict"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { CommandError } from "../run-command.ts"
import { RunningCommand, readBeforeCommand } from "./before-command.ts"

const root = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-before-")))
mkdirSync(join(root, "web"))
mkdirSync(join(root, "src-tauri"))
after(() => rmSync(root, { recursive: true, force: true }))

const read = (beforeDevCommand: unknown): ReturnType<typeof readBeforeCommand> =>
  readBeforeCommand(
    { root, config: join(root, "src-tauri", "tauri.conf.json"), settings: { build: { beforeDevCommand } } },
    "beforeDevCommand",
  )

const RIGHT: readonly (readonly [written: unknown, read: object | null])[] = [
  [undefined, null],
  [null, null],
  ["", null],
  ["npm run dev", { script: "npm run dev", cwd: root, wait: false }],
  [{ script: "a" }, { script: "a", cwd: root, wait: false }],
  [
    { script: "a", cwd: "../web", wait: true },
    { script: "a", cwd: join(root, "web"), wait: true },
  ],
  [
    { script: "a", cwd: "..\\web" },
    { script: "a", cwd: join(root, "web"), wait: false },
  ],
]
for (const [written, expected] of RIGHT)
  test(`${JSON.stringify(written)} is understood`, async () => assert.deepEqual(await read(written), expected))

const WRONG: readonly (readonly [written: unknown, message: RegExp])[] = [
  [1, /build\.beforeDevCommand: found 1, expected a command/],
  [["a"], /build\.beforeDevCommand: found \["a"\], expected/],
  [{}, /build\.beforeDevCommand\.script: found nothing, expected/],
  [{ script: "a", cwd: 1 }, /\.cwd: found 1, expected a folder/],
  [{ script: "a", cwd: "../nowhere" }, /\.cwd: found "\.\.\/nowhere", expected a folder: there is none at .*nowhere/],
  [{ script: "a", wait: "yes" }, /\.wait: found "yes", expected true or false/],
]
for (const [written, message] of WRONG)
  test(`${JSON.stringify(written)} is an error that says what is expected`, () =>
    assert.rejects(read(written), (error) => error instanceof CommandError && message.test(error.message)))

test("reads what goes before a build, by both of its names", async () => {
  const project = { root, config: join(root, "src-tauri", "tauri.conf.json") }
  for (const name of ["beforeBuildCommand", "before-build-command"]) {
    const settings = { build: { [name]: "a", beforeDevCommand: "b" } }
    assert.equal((await readBeforeCommand({ ...project, settings }, "beforeBuildCommand"))?.script, "a")
  }
  const settings = { build: { beforeBuildCommand: 1 } }
  await assert.rejects(
    readBeforeCommand({ ...project, settings }, "beforeBuildCommand"),
    /build\.beforeBuildCommand: found 1, expected a command, such as "npm run build"/,
  )
})

test("says how a command ended", async () => {
  assert.equal(await new RunningCommand({ script: "exit 3", cwd: root, wait: false }).ended, "ended with exit status 3")
})

test("ends what the command has started, even after the command itself", async () => {
  const command = new RunningCommand({ script: "sleep 60 & echo $! > pid; exit 0", cwd: root, wait: false })
  await command.ended
  const pid = readFileSync(join(root, "pid"), "utf8").trim()
  assert.ok(existsSync(`/proc/${pid}`))
  await command.end()
  // Its parent has gone: until another has taken note of its end it may stand there as a zombie.
  assert.ok(!existsSync(`/proc/${pid}`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8")))
})
