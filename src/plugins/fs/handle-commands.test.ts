import assert from "node:assert/strict"
import { readdir, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, beforeEach, test } from "node:test"
import { at, startFs } from "./fs.fixture.ts"

const fs = await startFs({ maxReadBytes: 1000 })
after(() => fs.close())
const file = join(fs.appData, "file")
beforeEach(() => writeFile(file, "Hello world"))

const text = (bytes: unknown): string => Buffer.from((bytes as Uint8Array).subarray(0, -8)).toString()
const count = (bytes: unknown): number =>
  Number(Buffer.from(bytes as Uint8Array).readBigUInt64BE((bytes as Uint8Array).length - 8))
const bytesOf = (written: string): number[] => [...Buffer.from(written)]

test("reads on from where it is, and says with each read how many bytes there were", async () => {
  const rid = await fs.call("open", at("file"))
  const first = await fs.call("read", { rid, len: 5 })
  assert.equal(text(first), "Hello")
  assert.equal(count(first), 5)
  assert.equal(text(await fs.call("read", { rid, len: 100 })), " world")
  const end = await fs.call("read", { rid, len: 100 })
  assert.deepEqual(end, new Uint8Array(8))
})

test("seeks from the start, from where it is, and from the end", async () => {
  const rid = await fs.call("open", at("file"))
  assert.equal(await fs.call("seek", { rid, offset: 6, whence: 0 }), 6)
  assert.equal(await fs.call("seek", { rid, offset: 2, whence: 1 }), 8)
  assert.equal(await fs.call("seek", { rid, offset: -2, whence: 2 }), 9)
  assert.equal(text(await fs.call("read", { rid, len: 9 })), "ld")
  await assert.rejects(fs.call("seek", { rid, offset: -1, whence: 0 }), {
    message: "failed to seek file with error: Invalid argument (os error 22)",
  })
  await assert.rejects(fs.call("seek", { rid, offset: 0, whence: 3 }), /invalid args `whence` for command `seek`/)
  await assert.rejects(fs.call("seek", { rid, offset: 2 ** 53, whence: 0 }), /invalid args `offset`/)
})

test("writes where it is, and what was there before stays behind it", async () => {
  const rid = await fs.call("open", at("file", { read: true, write: true }))
  await fs.call("seek", { rid, offset: 6, whence: 0 })
  assert.equal(await fs.call("write", { rid, data: bytesOf("WORLD") }), 5)
  await fs.call("seek", { rid, offset: 0, whence: 0 })
  assert.equal(text(await fs.call("read", { rid, len: 99 })), "Hello WORLD")
})

test("create empties a file, and its handle writes", async () => {
  const rid = await fs.call("create", at("file"))
  assert.equal((await stat(file)).size, 0)
  await fs.call("write", { rid, data: bytesOf("new") })
  assert.equal(await readFile(file, "utf8"), "new")
  await assert.rejects(fs.call("read", { rid, len: 1 }), /Bad file descriptor \(os error 9\)/)
})

for (const [name, options, expected] of [
  ["append", { append: true }, "Hello world!"],
  ["truncate", { write: true, truncate: true }, "!"],
  ["write", { write: true }, "!ello world"],
  ["create", { write: true, create: true }, "!ello world"],
] as const)
  test(`opens to ${name}`, async () => {
    const rid = await fs.call("open", at("file", options))
    await fs.call("write", { rid, data: bytesOf("!") })
    assert.equal(await readFile(file, "utf8"), expected)
  })

for (const [name, options] of [
  ["nothing", { read: false }],
  ["create without write", { create: true }],
  ["truncate without write", { truncate: true }],
  ["append and truncate", { append: true, truncate: true }],
] as const)
  test(`refuses to open with ${name}, as the system does, and changes nothing`, async () => {
    await assert.rejects(fs.call("open", at("file", options)), { message: /Invalid argument \(os error 22\)$/ })
    assert.equal(await readFile(file, "utf8"), "Hello world")
  })

test("createNew makes a file that was not there, with the permissions it is given, and no other", async () => {
  await fs.call("open", at("fresh", { write: true, createNew: true, mode: 0o4600 }))
  assert.equal((await stat(join(fs.appData, "fresh"))).mode & 0o7777, 0o600)
  await assert.rejects(fs.call("open", at("fresh", { write: true, createNew: true })), /File exists \(os error 17\)/)
})

test("a missing file is an error in Rust's words, with the path as it was meant", async () => {
  await assert.rejects(fs.call("open", at("missing")), {
    message: `failed to open file at path: ${join(fs.appData, "missing")} with error: No such file or directory (os error 2)`,
  })
  await assert.rejects(fs.call("create", at("a/b")), /^Error: failed to create file at path: .*\(os error 2\)$/)
})

test("fstat tells what stat tells, and null where there is nothing", async () => {
  const rid = await fs.call("open", at("file"))
  const found = (await fs.call("fstat", { rid })) as Record<string, unknown>
  const expected = await stat(file)
  assert.equal(found.isFile, true)
  assert.equal(found.isDirectory, false)
  assert.equal(found.isSymlink, false)
  assert.equal(found.size, 11)
  assert.equal(found.mtime, Math.trunc(expected.mtimeMs))
  assert.equal(found.ino, expected.ino)
  assert.equal(found.mode, expected.mode)
  assert.equal(found.readonly, false)
  assert.equal(found.fileAttributes, null)
})

test("ftruncate shortens, empties without a length, and lengthens with zeros", async () => {
  const rid = await fs.call("open", at("file", { write: true }))
  await fs.call("ftruncate", { rid, len: 5 })
  assert.equal(await readFile(file, "utf8"), "Hello")
  await fs.call("ftruncate", { rid, len: 7 })
  assert.equal(await readFile(file, "utf8"), "Hello\0\0")
  await fs.call("ftruncate", { rid })
  assert.equal(await readFile(file, "utf8"), "")
  await assert.rejects(fs.call("ftruncate", { rid, len: -1 }), /invalid args `len` for command `ftruncate`/)
})

test("what is asked of one file at once is done in order", async () => {
  const rid = await fs.call("create", at("ordered"))
  const letters = Array.from({ length: 26 }, (_, index) => 97 + index)
  await Promise.all(letters.map((letter) => fs.call("write", { rid, data: [letter] })))
  assert.equal(await readFile(join(fs.appData, "ordered"), "utf8"), "abcdefghijklmnopqrstuvwxyz")
})

test("no read takes more than the limit, whatever it asks for", async () => {
  await writeFile(file, "x".repeat(5000))
  const rid = await fs.call("open", at("file"))
  assert.equal(count(await fs.call("read", { rid, len: Number.MAX_SAFE_INTEGER })), 1000)
  await assert.rejects(fs.call("read", { rid, len: -1 }), /invalid args `len`/)
  await assert.rejects(fs.call("read", { rid, len: "9" }), /invalid args `len`/)
  await assert.rejects(fs.call("read", { rid }), /missing required key len/)
})

for (const [name, data] of [
  ["a text", "abc"],
  ["a number that is no byte", [256]],
  ["a fraction", [1.5]],
  ["nothing", undefined],
] as const)
  test(`write takes bytes only: not ${name}`, async () => {
    const rid = await fs.call("open", at("file", { write: true }))
    await assert.rejects(fs.call("write", { rid, data }), /invalid args `data` for command `write`/)
    assert.equal(await readFile(file, "utf8"), "Hello world")
  })

test("a handle is its page's alone, is gone when it is closed, and closed when the page is gone", async () => {
  const other = fs.page("other")
  const rid = await other.call("open", at("file"), { allow: ["$APPDATA/**"] })
  await assert.rejects(fs.call("read", { rid, len: 1 }), { message: `The resource id ${rid} is invalid.` })
  const before = (await readdir("/proc/self/fd")).length
  await other.resources.close(rid)
  await assert.rejects(other.call("read", { rid, len: 1 }), /is invalid/)
  assert.equal((await readdir("/proc/self/fd")).length, before - 1)
})

test("a page holds 512 files at most; another page still opens its own", async () => {
  const greedy = fs.page("greedy")
  const open = (page = greedy): Promise<unknown> => page.call("open", at("file"), { allow: ["$APPDATA/**"] })
  const rids: unknown[] = []
  for (let opened = 0; opened < 512; opened++) rids.push(await open())
  await assert.rejects(open(), /Too many open files: a page may hold 512/)
  await open(fs.page("modest"))
  await greedy.resources.close(rids[0])
  await open()
  greedy.leave()
})
