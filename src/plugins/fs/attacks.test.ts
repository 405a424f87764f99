import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, beforeEach, test } from "node:test"
import type { TestCall } from "../plugin.fixture.ts"
import { APP_DATA, at, startFs } from "./fs.fixture.ts"

const fs = await startFs()
after(() => fs.close())
const path = (name: string): string => join(fs.appData, name)
const outside = (name: string): string => join(fs.folder, "outside", name)

beforeEach(async () => {
  await rm(fs.appData, { recursive: true })
  await rm(outside(""), { recursive: true, force: true })
  await mkdir(path("folder"), { recursive: true })
  await mkdir(outside(""))
  await writeFile(path("file"), "mine")
  await writeFile(outside("secret"), "secret")
})

/** Every command that takes a path, made to touch one. */
const COMMANDS: Readonly<Record<string, (path: string) => readonly [args: unknown, call?: TestCall]>> = {
  create: (path) => [{ path }],
  open: (path) => [{ path }],
  read_file: (path) => [{ path }],
  read_text_file: (path) => [{ path }],
  read_text_file_lines: (path) => [{ path }],
  write_file: (path) => [Buffer.from("x"), { headers: { path: encodeURIComponent(path) } }],
  write_text_file: (path) => [Buffer.from("x"), { headers: { path: encodeURIComponent(path) } }],
  truncate: (path) => [{ path }],
  stat: (path) => [{ path }],
  lstat: (path) => [{ path }],
  exists: (path) => [{ path }],
  size: (path) => [{ path }],
  read_dir: (path) => [{ path }],
  mkdir: (path) => [{ path, options: { recursive: true } }],
  remove: (path) => [{ path, options: { recursive: true } }],
}
const BOTH: Readonly<Record<string, readonly [from: string, to: string]>> = {
  rename: ["oldPath", "newPath"],
  copy_file: ["fromPath", "toPath"],
}

for (const [command, argumentsOf] of Object.entries(COMMANDS))
  test(`${command} touches nothing outside its scope: by path, through a link, through a folder's link, by a file URL`, async () => {
    await symlink(outside("secret"), path("to-file"))
    await symlink(outside(""), path("to-folder"))
    const paths = [outside("secret"), path("to-folder/secret"), path("to-folder/new"), `file://${outside("secret")}`]
    // What acts on a link itself stays within.
    if (!["lstat", "remove"].includes(command)) paths.push(path("to-file"))
    for (const target of paths)
      await assert.rejects(fs.call(command, ...argumentsOf(target)), (error: Error) => {
        assert.match(error.message, /^forbidden path: /)
        assert.ok(
          error.message.endsWith(`for \`allow-${command.replaceAll("_", "-")}\` permission in your capability file`),
        )
        return true
      })
    assert.deepEqual(await readdir(outside("")), ["secret"])
    assert.equal(await readFile(outside("secret"), "utf8"), "secret")
  })

for (const [command, [from, to]] of Object.entries(BOTH))
  test(`${command} touches nothing outside its scope, neither from there nor to there`, async () => {
    await symlink(outside(""), path("to-folder"))
    const into = { [from]: outside("secret"), [to]: path("stolen") }
    const out = { [from]: path("file"), [to]: path("to-folder/new") }
    for (const args of [into, out]) await assert.rejects(fs.call(command, args), /^Error: forbidden path: /)
    assert.deepEqual(await readdir(outside("")), ["secret"])
    assert.equal(await readFile(path("file"), "utf8"), "mine")
  })

for (const [command, argumentsOf] of Object.entries(COMMANDS))
  test(`${command} opens nothing without a scope`, () =>
    assert.rejects(
      fs.call(command, argumentsOf(path("file"))[0], { ...argumentsOf(path("file"))[1], allow: [] }),
      /forbidden path/,
    ))

for (const [name, made, expected] of [
  ["..", `folder/../../outside/secret`, /cannot traverse directory, rewrite the path without the use of/],
  [".. at the end", "folder/..", /cannot traverse directory/],
  ["NUL", "file\0.txt", /cannot hold a NUL character/],
  ["half a character", "\ud800", /lone surrogate/],
  ["a name without end", "x".repeat(100_000), /too long/],
] as const)
  test(`${name} in a path is refused`, async () => {
    for (const command of ["read_file", "stat", "mkdir", "remove", "exists"])
      await assert.rejects(fs.call(command, at(made)), expected)
  })

test("a name that is too long for the system is its error", () =>
  assert.rejects(fs.call("create", at("x".repeat(300))), /File name too long \(os error 36\)/))

test("an escaped .. in a file URL is one", () =>
  assert.rejects(
    fs.call("read_file", { path: `file://${fs.appData}/%2e%2e/%2e%2e/outside/secret` }),
    /forbidden path|cannot traverse/,
  ))

test("denied stays denied by any other name: moved with its folder, copied, removed with its folder", async () => {
  await mkdir(path("folder/private"))
  await writeFile(path("folder/private/key"), "key")
  const deny = ["$APPDATA/folder/private/**"]
  const options = { oldPathBaseDir: APP_DATA, newPathBaseDir: APP_DATA }
  for (const oldPath of ["folder", "folder/private"])
    await assert.rejects(
      fs.call("rename", { oldPath, newPath: "elsewhere", options }, { deny }),
      /it holds what a scope denies/,
    )
  for (const name of ["folder", "folder/private"])
    await assert.rejects(fs.call("remove", at(name, { recursive: true }), { deny }), /it holds what a scope denies/)
  await assert.rejects(
    fs.call("copy_file", { fromPath: path("folder/private/key"), toPath: path("k") }, { deny }),
    /forbidden/,
  )
  assert.equal(await readFile(path("folder/private/key"), "utf8"), "key")
  await fs.call("rename", { oldPath: "folder", newPath: "elsewhere", options }, { deny: ["$APPDATA/folder/other"] })
})

test("a link that a page moves to where a scope begins opens nothing", async () => {
  const notes = ["$APPDATA/notes/**"]
  // What starting an app does with the values of its capabilities.
  fs.instance.readScope?.(notes[0])
  await symlink(outside(""), path("link"))
  await fs.call("rename", { oldPath: path("link"), newPath: path("notes") })
  await assert.rejects(fs.call("read_file", { path: path("notes/secret") }, { allow: notes }), /forbidden path/)
})

for (const [name, make] of [
  ["a pipe", () => execFileSync("mkfifo", [path("special")])],
  ["a device, through a link", () => symlink("/dev/zero", path("special"))],
] as const)
  test(`${name} is opened by no command, and holds none up`, async () => {
    await make()
    const allow = ["**"]
    for (const command of ["open", "create", "read_file", "read_text_file_lines", "truncate"])
      await assert.rejects(fs.call(command, { path: path("special") }, { allow }), /is no regular file/)
    await assert.rejects(
      fs.call("write_file", Buffer.of(1), { headers: { path: path("special") }, allow }),
      /is no regular file/,
    )
    await assert.rejects(
      fs.call("copy_file", { fromPath: path("special"), toPath: path("x") }, { allow }),
      /is no regular/,
    )
    await assert.rejects(
      fs.call("copy_file", { fromPath: path("file"), toPath: path("special") }, { allow }),
      /is no regular/,
    )
    assert.equal(await fs.call("size", { path: path("special") }, { allow }), 0)
  })

test("a directory is no file", async () => {
  for (const command of ["open", "create", "read_file", "read_text_file_lines", "truncate"])
    await assert.rejects(fs.call(command, at("folder")), /Is a directory \(os error 21\)/)
})

test("the files of processes, of which one is the Core's memory, are closed to the widest scope", async () => {
  const allow = ["**"]
  for (const target of ["/proc/self/environ", "/proc/self/mem", `/proc/${process.pid}/maps`, "/proc/self/fd"])
    for (const command of ["read_file", "open", "read_dir"])
      await assert.rejects(fs.call(command, { path: target }, { allow }), /forbidden path/)
})

test("links swapped back and forth while a page reads never give it what is outside", async () => {
  await writeFile(path("folder/file"), "mine")
  await writeFile(outside("file"), "secret")
  await symlink(outside(""), path("swap"))
  let isOver = false
  const swapping = (async () => {
    while (!isOver) {
      await rename(path("folder"), path("aside"))
      await rename(path("swap"), path("folder"))
      await rename(path("folder"), path("swap"))
      await rename(path("aside"), path("folder"))
    }
  })()
  const seen = new Set<string>()
  for (let round = 0; round < 300; round++) {
    const calls = ["folder/file", "swap/file"].map((name) =>
      fs.call("read_file", at(name)).then(
        (bytes) => seen.add(Buffer.from(bytes as Uint8Array).toString()),
        () => {},
      ),
    )
    await Promise.all([
      ...calls,
      fs.call("write_file", Buffer.from("mine"), { headers: { path: path("folder/made") } }).catch(() => {}),
    ])
  }
  isOver = true
  await swapping
  assert.equal(seen.has("secret"), false)
  assert.deepEqual(await fs.call("read_file", at("folder/file")), new Uint8Array(Buffer.from("mine")))
  assert.deepEqual((await readdir(outside(""))).sort(), ["file", "secret"])
})

test("thousands of calls at once do not take the Core's files: each page has its turn", async () => {
  await writeFile(path("file"), Buffer.alloc(100_000))
  let most = 0
  const counting = setInterval(async () => {
    most = Math.max(most, (await readdir("/proc/self/fd")).length)
  }, 1)
  const before = (await readdir("/proc/self/fd")).length
  const results = await Promise.all(Array.from({ length: 3000 }, () => fs.call("read_file", at("file"))))
  clearInterval(counting)
  assert.equal(results.length, 3000)
  assert.ok(most < before + 40, `${most} files were open at once, ${before} before`)
})

test("a page that is gone gets nothing more done", async () => {
  const page = fs.page("gone")
  const waiting = Array.from({ length: 100 }, (_, index) =>
    page.call("create", { path: path(`made-${index}`) }, { allow: ["$APPDATA/**"] }),
  )
  page.leave()
  const settled = await Promise.allSettled(waiting)
  assert.ok(settled.filter(({ status }) => status === "rejected").length >= 90)
  assert.ok((await readdir(fs.appData)).length < 15)
})
