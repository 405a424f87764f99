import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { constants } from "node:fs"
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, beforeEach, test } from "node:test"
import { inDirectory, inParent, openRegularFile } from "./pinned.ts"
import { type ResolvedPath, resolvePath } from "./real-path.ts"
import { pathsOf } from "./system.ts"

const root = await realpath(await mkdtemp(join(tmpdir(), "sallyport-pinned-")))
after(() => rm(root, { recursive: true, force: true }))

beforeEach(async () => {
  await rm(root, { recursive: true, force: true })
  await mkdir(join(root, "in"), { recursive: true })
  await mkdir(join(root, "out"))
  await writeFile(join(root, "in", "file"), "mine")
  await writeFile(join(root, "out", "file"), "secret")
})

const resolved = (name: string): Promise<ResolvedPath> => resolvePath(join(root, name), pathsOf(process.platform))

test("opens the file that was checked", async () => {
  const handle = await openRegularFile(await resolved("in/file"), constants.O_RDONLY)
  assert.equal(await handle.readFile("utf8"), "mine")
  await handle.close()
})

test("a folder swapped for a link between check and use opens nothing", async () => {
  const path = await resolved("in/file")
  await rename(join(root, "in"), join(root, "moved"))
  await symlink(join(root, "out"), join(root, "in"))
  await assert.rejects(openRegularFile(path, constants.O_RDONLY), /ENOTDIR|ELOOP|was changed while it was opened/)
})

test("a folder above swapped for a link between check and use opens nothing, and makes nothing", async () => {
  await mkdir(join(root, "in", "sub"))
  await mkdir(join(root, "out", "sub"))
  const path = await resolved("in/sub/new")
  await rename(join(root, "in"), join(root, "moved"))
  await symlink(join(root, "out"), join(root, "in"))
  await assert.rejects(openRegularFile(path, constants.O_CREAT | constants.O_WRONLY), /was changed while it was opened/)
  assert.deepEqual(await readdir(join(root, "out", "sub")), [])
})

test("a file swapped for a link between check and use is not followed", async () => {
  const path = await resolved("in/file")
  await rm(join(root, "in", "file"))
  await symlink(join(root, "out", "file"), join(root, "in", "file"))
  await assert.rejects(openRegularFile(path, constants.O_RDWR | constants.O_TRUNC), /was changed while it was opened/)
  assert.equal(await readFile(join(root, "out", "file"), "utf8"), "secret")
})

test("what is done in a folder is done in that folder, wherever its path leads by then", async () => {
  const path = await resolved("in/new")
  await inParent(path, async (at) => {
    await rename(join(root, "in"), join(root, "moved"))
    await symlink(join(root, "out"), join(root, "in"))
    await writeFile(at, "text")
  })
  assert.deepEqual(await readdir(join(root, "out")), ["file"])
  assert.equal(await readFile(join(root, "moved", "new"), "utf8"), "text")
})

test("a directory is listed by what it is, not by what its path leads to by then", async () => {
  const path = await resolved("out")
  const names = await inDirectory(path, async (at) => {
    await rename(join(root, "out"), join(root, "moved"))
    await symlink(join(root, "in"), join(root, "out"))
    await writeFile(join(root, "in", "other"), "")
    return readdir(at)
  })
  assert.deepEqual(names, ["file"])
})

test("a pipe that nobody writes to holds nothing up, and a device is not opened", async () => {
  execFileSync("mkfifo", [join(root, "in", "pipe")])
  await assert.rejects(openRegularFile(await resolved("in/pipe"), constants.O_RDONLY), /is no regular file/)
  await assert.rejects(
    openRegularFile({ lexical: "/dev/zero", real: "/dev/zero" }, constants.O_RDONLY),
    /is no regular file/,
  )
})

test("a directory is not opened for a file", async () => {
  await assert.rejects(openRegularFile(await resolved("in"), constants.O_RDONLY), { code: "EISDIR" })
})

test("nothing stays open", async () => {
  const before = (await readdir("/proc/self/fd")).length
  const path = await resolved("in/file")
  for (let round = 0; round < 20; round++) {
    await (await openRegularFile(path, constants.O_RDONLY)).close()
    await assert.rejects(openRegularFile(await resolved("in"), constants.O_RDONLY))
    await inDirectory(await resolved("in"), async (at) => stat(at))
  }
  assert.equal((await readdir("/proc/self/fd")).length, before)
})
