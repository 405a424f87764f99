import assert from "node:assert/strict"
import { lstat, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, beforeEach, test } from "node:test"
import { APP_DATA, at, startFs } from "./fs.fixture.ts"

const fs = await startFs()
after(() => fs.close())
const path = (name: string): string => join(fs.appData, name)

beforeEach(async () => {
  await rm(fs.appData, { recursive: true })
  await mkdir(path("folder/sub"), { recursive: true })
  await writeFile(path("file"), "contents")
  await writeFile(path("folder/inner"), "inner")
  await symlink("file", path("link"))
  await symlink("folder", path("folder-link"))
})

const rename = (oldPath: string, newPath: string): Promise<unknown> =>
  fs.call("rename", { oldPath, newPath, options: { oldPathBaseDir: APP_DATA, newPathBaseDir: APP_DATA } })
const copy = (fromPath: string, toPath: string): Promise<unknown> =>
  fs.call("copy_file", { fromPath, toPath, options: { fromPathBaseDir: APP_DATA, toPathBaseDir: APP_DATA } })

test("stat follows a link within the scope, lstat looks at the link", async () => {
  const info = async (command: string, name: string): Promise<unknown[]> => {
    const { isFile, isDirectory, isSymlink } = (await fs.call(command, at(name))) as Record<string, unknown>
    return [isFile, isDirectory, isSymlink]
  }
  assert.deepEqual(await info("stat", "file"), [true, false, false])
  assert.deepEqual(await info("stat", "link"), [true, false, false])
  assert.deepEqual(await info("lstat", "link"), [false, false, true])
  assert.deepEqual(await info("stat", "folder-link"), [false, true, false])
  assert.deepEqual(await info("lstat", ""), [false, true, false])
  await assert.rejects(
    fs.call("stat", at("missing")),
    /failed to get metadata of path: .*missing with error: No such file/,
  )
})

test("exists says whether, and no to what the system has against a path", async () => {
  await symlink("nowhere", path("dangling"))
  const exists = (name: string): Promise<unknown> => fs.call("exists", at(name))
  for (const name of ["file", "link", "folder", ""]) assert.equal(await exists(name), true, name)
  for (const name of ["missing", "a/b/c", "file/x", "dangling", "x".repeat(300)])
    assert.equal(await exists(name), false, name)
  await assert.rejects(fs.call("exists", { path: "/etc/passwd" }), /^Error: forbidden path: \/etc\/passwd/)
})

test("read_dir lists what a directory holds, links as links", async () => {
  const entries = (await fs.call("read_dir", at(""))) as { name: string }[]
  assert.deepEqual(
    entries.sort((a, b) => (a.name < b.name ? -1 : 1)),
    [
      { name: "file", isDirectory: false, isFile: true, isSymlink: false },
      { name: "folder", isDirectory: true, isFile: false, isSymlink: false },
      { name: "folder-link", isDirectory: false, isFile: false, isSymlink: true },
      { name: "link", isDirectory: false, isFile: false, isSymlink: true },
    ],
  )
  await assert.rejects(
    fs.call("read_dir", at("file")),
    /failed to read directory at path: .* Not a directory \(os error 20\)/,
  )
})

test("size adds up the files of a directory, and neither follows links nor counts what is denied", async () => {
  await truncate(path("folder/sub/../inner"), 5)
  await writeFile(path("folder/sub/deep"), "123")
  await symlink("/", path("folder/root"))
  assert.equal(await fs.call("size", at("file")), 8)
  assert.equal(await fs.call("size", at("folder")), 8)
  assert.equal(await fs.call("size", at("folder"), { deny: ["$APPDATA/folder/sub/**"] }), 5)
})

test("mkdir makes one directory, or all that are missing", async () => {
  await fs.call("mkdir", at("new", { mode: 0o700 }))
  assert.equal((await stat(path("new"))).mode & 0o7777, 0o700)
  await assert.rejects(fs.call("mkdir", at("new")), /failed to create directory at path: .* File exists/)
  await assert.rejects(fs.call("mkdir", at("a/b/c")), /No such file or directory/)
  await fs.call("mkdir", at("a/b/c", { recursive: true }))
  await fs.call("mkdir", at("a/b/c", { recursive: true }))
  assert.ok((await stat(path("a/b/c"))).isDirectory())
  await assert.rejects(fs.call("mkdir", at("file", { recursive: true })), /File exists/)
  await assert.rejects(fs.call("mkdir", at("file/x", { recursive: true })), /Not a directory/)
})

test("the app's own directory can be made before anything of it exists", async () => {
  await rm(fs.appData, { recursive: true })
  await fs.call("mkdir", at("", { recursive: true }), { allow: ["$APPDATA"] })
  assert.ok((await stat(fs.appData)).isDirectory())
})

test("remove takes a file, an empty directory, a link and not what it leads to, and with recursive all of a directory", async () => {
  await fs.call("remove", at("link"))
  await fs.call("remove", at("folder-link", { recursive: true }))
  assert.equal(await readFile(path("file"), "utf8"), "contents")
  await fs.call("remove", at("file"))
  await fs.call("remove", at("folder/sub"))
  await assert.rejects(fs.call("remove", at("folder")), /failed to remove path: .* Directory not empty/)
  await fs.call("remove", at("folder", { recursive: true }))
  assert.deepEqual(await readdir(fs.appData), [])
  await assert.rejects(fs.call("remove", at("file")), /failed to get metadata of path: .* No such file/)
})

test("remove with recursive takes links in a directory, and not what they lead to", async () => {
  await mkdir(join(fs.folder, "outside"), { recursive: true })
  await writeFile(join(fs.folder, "outside", "kept"), "")
  await symlink(join(fs.folder, "outside"), path("folder/sub/out"))
  await fs.call("remove", at("folder", { recursive: true }))
  assert.deepEqual(await readdir(join(fs.folder, "outside")), ["kept"])
})

test("rename moves files and directories, and a link itself", async () => {
  await rename("file", "moved")
  await rename("folder", "folder2")
  await rename("link", "link2")
  assert.equal(await readFile(path("moved"), "utf8"), "contents")
  assert.equal(await readFile(path("folder2/inner"), "utf8"), "inner")
  assert.ok((await lstat(path("link2"))).isSymbolicLink())
  await assert.rejects(
    rename("missing", "x"),
    /failed to rename old path: .*missing to new path: .*x with error: No such/,
  )
})

test("copy_file copies contents and permissions, over what was there, and never a file onto itself", async () => {
  await fs.call("mkdir", at("target"))
  await writeFile(path("script"), "#!/bin/sh\n", { mode: 0o700 })
  await copy("script", "file")
  assert.equal(await readFile(path("file"), "utf8"), "#!/bin/sh\n")
  assert.equal((await stat(path("file"))).mode & 0o777, 0o700)
  await assert.rejects(copy("file", "link"), /they are the same file/)
  await assert.rejects(copy("file", "file"), /they are the same file/)
  await assert.rejects(copy("folder", "x"), /Is a directory/)
  assert.equal(await readFile(path("file"), "utf8"), "#!/bin/sh\n")
  const large = Buffer.alloc(3 * 1024 * 1024 + 7, 5)
  await writeFile(path("large"), large)
  await copy("large", "target/copy")
  assert.ok((await readFile(path("target/copy"))).equals(large))
})

test("truncate shortens a file by its path", async () => {
  await fs.call("truncate", { ...at("file"), len: 3 })
  assert.equal(await readFile(path("file"), "utf8"), "con")
  await fs.call("truncate", at("file"))
  assert.equal(await readFile(path("file"), "utf8"), "")
  await assert.rejects(fs.call("truncate", { ...at("file"), len: 1.5 }), /invalid args `len`/)
  await assert.rejects(fs.call("truncate", at("missing")), /failed to open file at path: .* No such file/)
})

for (const [name, args, expected] of [
  ["no path", {}, /invalid args `path` for command `stat`: command stat missing required key path/],
  [
    "a path that is no text",
    { path: 7 },
    /invalid args `path` for command `stat`: invalid type: integer `7`, expected a string/,
  ],
  ["options that are none", { path: "x", options: "y" }, /invalid args `options` for command `stat`/],
  ["a base directory that is none", at("x", { baseDir: 99 }), /expected the number of a base directory \(1 to 23\)/],
  ["a relative path", { path: "x" }, /the path "x" is relative: say to what with options.baseDir/],
] as const)
  test(`${name} is an error that says so`, () => assert.rejects(fs.call("stat", args), expected))

test("what iOS asks for is taken, and nothing happens", async () => {
  assert.equal(await fs.call("start_accessing_security_scoped_resource", { path: "/x" }), null)
  assert.equal(await fs.call("stop_accessing_security_scoped_resource", { path: "/x" }), null)
})
