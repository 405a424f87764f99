import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { leaseProfiles } from "./profile-lease.ts"

let folder: string
const saved = { ...process.env }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-lease-"))
  process.env.XDG_DATA_HOME = folder
})
afterEach(() => {
  process.env = { ...saved }
  rmSync(folder, { recursive: true, force: true })
})
const onLinux = { skip: process.platform !== "linux" }

test("the first app has the app's own profiles, others that run beside it have others", onLinux, async () => {
  const log = (line: string): void => assert.fail(line)
  const first = await leaseProfiles("org.example.app", log)
  const second = await leaseProfiles("org.example.app", log)
  const third = await leaseProfiles("org.example.app", log)
  const other = await leaseProfiles("org.example.other", log)
  assert.deepEqual(
    [first, second, third, other].map(({ profiles }) => profiles),
    ["", "@2", "@3", ""],
  )
  await second.release()
  assert.equal((await leaseProfiles("org.example.app", log)).profiles, "@2")
  await first.release()
  assert.equal((await leaseProfiles("org.example.app", log)).profiles, "")
})

test("where no socket can be made, the app's own profiles are used, and the log says why", onLinux, async () => {
  process.env.XDG_DATA_HOME = join(folder, "file")
  writeFileSync(process.env.XDG_DATA_HOME, "")
  const logged: string[] = []
  assert.equal((await leaseProfiles("org.example.app", (line) => logged.push(line))).profiles, "")
  assert.match(logged.join("\n"), /^cannot tell whether the browser profiles of org\.example\.app are in use: ENOTDIR/)
})
