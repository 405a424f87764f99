import assert from "node:assert/strict"
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { RememberedPort } from "./remembered-port.ts"

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-port-"))
})
after(() => rm(folder, { recursive: true }))

test("remembers a port for each app", async () => {
  const notes = new RememberedPort("org.example.notes", folder)
  assert.deepEqual(await notes.read(), [])
  await notes.write(40_123)
  assert.deepEqual(await new RememberedPort("org.example.notes", folder).read(), [40_123])
  assert.deepEqual(await new RememberedPort("org.example.other", folder).read(), [])
})

test("remembers further ports behind the first, each once, and no more than eight", async () => {
  const port = new RememberedPort("several", folder)
  for (const next of [40_001, 40_002, 40_001, 40_003, 40_004, 40_005, 40_006, 40_007, 40_008, 40_009])
    await port.write(next)
  assert.deepEqual(await port.read(), [40_001, 40_002, 40_003, 40_004, 40_005, 40_006, 40_007, 40_009])
  assert.deepEqual(await readdir(join(folder, "several")), ["port"])
})

test("keeps it from other users", { skip: process.platform === "win32" && "files have no mode here" }, async () => {
  await new RememberedPort("private", folder).write(40_123)
  assert.equal((await stat(join(folder, "private"))).mode & 0o777, 0o700)
  assert.equal((await stat(join(folder, "private", "port"))).mode & 0o777, 0o600)
})

for (const text of ["", "x", "80", "65536", "4e9", "-1", "40123.5"]) {
  test(`takes ${JSON.stringify(text)} for no port`, async () => {
    const port = new RememberedPort("broken", folder)
    await port.write(40_123)
    await writeFile(join(folder, "broken", "port"), text)
    assert.deepEqual(await port.read(), [])
  })
}

test("leaves out lines that are no ports", async () => {
  const port = new RememberedPort("lines", folder)
  await port.write(40_123)
  await writeFile(join(folder, "lines", "port"), "x\n40124\n80\r\n40125\r\n")
  assert.deepEqual(await port.read(), [40_124, 40_125])
})

test("throws where nothing can be written, and has no ports then", async () => {
  await writeFile(join(folder, "file"), "")
  const port = new RememberedPort("org.example.notes", join(folder, "file"))
  await assert.rejects(port.write(40_123), { code: "ENOTDIR" })
  assert.deepEqual(await port.read(), [])
})
