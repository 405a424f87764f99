import assert from "node:assert/strict"
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises"
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
  assert.equal(await notes.read(), null)
  await notes.write(40_123)
  assert.equal(await new RememberedPort("org.example.notes", folder).read(), 40_123)
  assert.equal(await new RememberedPort("org.example.other", folder).read(), null)
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
    assert.equal(await port.read(), null)
  })
}

test("goes on where nothing can be written", async () => {
  await writeFile(join(folder, "file"), "")
  const port = new RememberedPort("org.example.notes", join(folder, "file"))
  await port.write(40_123)
  assert.equal(await port.read(), null)
})
