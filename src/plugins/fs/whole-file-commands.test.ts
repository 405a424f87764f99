import assert from "node:assert/strict"
import { readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, beforeEach, test } from "node:test"
import { pathToFileURL } from "node:url"
import { APP_DATA, at, startFs } from "./fs.fixture.ts"

const fs = await startFs({ maxReadBytes: 100_000 })
after(() => fs.close())
const file = join(fs.appData, "file")
beforeEach(() => writeFile(file, "before"))

const headers = (path: string, options: unknown = { baseDir: APP_DATA }): { headers: Record<string, string> } => ({
  headers: { path: encodeURIComponent(path), options: String(JSON.stringify(options)) },
})

test("reads a file's bytes, as text and as they are", async () => {
  for (const command of ["read_file", "read_text_file"]) {
    assert.equal(Buffer.from((await fs.call(command, at("file"))) as Uint8Array).toString(), "before")
    await writeFile(file, "")
    assert.equal(((await fs.call(command, at("file"))) as Uint8Array).length, 0)
    await writeFile(file, "before")
  }
})

test("a file is read up to the limit, and one that is longer is an error that says what to do", async () => {
  await writeFile(file, Buffer.alloc(100_000, 1))
  assert.equal(((await fs.call("read_file", at("file"))) as Uint8Array).length, 100_000)
  await writeFile(file, Buffer.alloc(100_001, 1))
  await assert.rejects(fs.call("read_file", at("file")), {
    message: `failed to read file at path: ${file} with error: it has 100001 bytes, and at most 100000 are read at once: open() it, and read() it in parts`,
  })
})

test("a file URL is a path, and any other URL is not", async () => {
  const url = pathToFileURL(file).href
  assert.equal(Buffer.from((await fs.call("read_file", { path: url })) as Uint8Array).toString(), "before")
  await assert.rejects(fs.call("read_file", { path: "file://elsewhere/file" }), { message: "URL is not a valid path" })
  await assert.rejects(fs.call("read_file", { path: "https://example.org/" }), /is relative/)
})

test("writes what a page sends raw, in place of what was there", async () => {
  assert.equal(await fs.call("write_file", Uint8Array.of(0, 255), headers("file")), null)
  assert.deepEqual(await readFile(file), Buffer.of(0, 255))
  await fs.call("write_text_file", Buffer.from("ä"), headers("new file ü"))
  assert.equal(await readFile(join(fs.appData, "new file ü"), "utf8"), "ä")
  await fs.call("write_file", new Uint8Array(), headers("file"))
  assert.equal((await stat(file)).size, 0)
})

test("writes with the options of the header: append, create, createNew, mode", async () => {
  await fs.call("write_file", Buffer.from("!"), headers("file", { baseDir: APP_DATA, append: true }))
  assert.equal(await readFile(file, "utf8"), "before!")
  const write = (path: string, options: object): Promise<unknown> =>
    fs.call("write_file", Buffer.from("x"), headers(path, { baseDir: APP_DATA, ...options }))
  await assert.rejects(write("missing", { create: false }), /No such file or directory/)
  await assert.rejects(write("file", { createNew: true }), /File exists/)
  await write("private", { mode: 0o600 })
  assert.equal((await stat(join(fs.appData, "private"))).mode & 0o777, 0o600)
})

test("without options the header says undefined, and the path is absolute", async () => {
  await fs.call("write_file", Buffer.from("x"), { headers: { path: encodeURIComponent(file), options: "undefined" } })
  await fs.call("write_file", Buffer.from("y"), { headers: { path: encodeURIComponent(file) } })
  assert.equal(await readFile(file, "utf8"), "y")
})

for (const [name, data, sent, expected] of [
  ["no path", Buffer.of(1), {}, /missing file path/],
  ["a path that is no UTF-8", Buffer.of(1), { path: "%ff" }, /path is not a valid UTF-8/],
  ["options that are no JSON", Buffer.of(1), { path: encodeURIComponent(file), options: "{append" }, /is not JSON/],
  ["options of the wrong kind", Buffer.of(1), { path: encodeURIComponent(file), options: "[]" }, /expected a map/],
  ["append that is no boolean", Buffer.of(1), { path: file, options: '{"append":"no"}' }, /expected a boolean/],
  ["contents that are no bytes", { text: "x" }, { path: encodeURIComponent(file) }, /unexpected invoke body/],
] as const)
  test(`a write with ${name} is refused, and the file stays what it is`, async () => {
    await assert.rejects(fs.call("write_file", data, { headers: sent }), expected)
    assert.equal(await readFile(file, "utf8"), "before")
  })
