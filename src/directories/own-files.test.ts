import assert from "node:assert/strict"
import { constants } from "node:fs"
import { link, mkdir, mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { Directories } from "./directories.ts"
import { keepOwnFiles } from "./own-files.ts"
import { PathScope } from "./path-scope.ts"
import { inParent, openRegularFile } from "./pinned.ts"

let folder: string
let logs: string
let release: () => void
let scope: PathScope
const forbidden = /forbidden path/

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "sallyport-own-")))
  logs = join(folder, "logs")
  await mkdir(join(folder, "app", "below"), { recursive: true })
  await mkdir(logs)
  await writeFile(join(logs, "audit.jsonl"), "kept")
  await writeFile(join(logs, "other.jsonl"), "open")
  await writeFile(join(folder, "app", "below", "hook.js"), "kept")
  release = keepOwnFiles([
    { folder: logs, names: /^audit(?:\.\d+)?\.jsonl(?:\..*)?$/iu },
    { folder: join(folder, "app"), names: "all" },
  ])
  const directories = new Directories({ identifier: "org.sallyport.test", resources: folder })
  scope = new PathScope({ allow: ["**"], deny: [] }, directories, { requireLiteralLeadingDot: false })
})
afterEach(async () => {
  release()
  await rm(folder, { recursive: true })
})

/** Opens a file as plugins do. */
async function read(path: string): Promise<string> {
  const handle = await openRegularFile(await scope.resolve(path), constants.O_RDONLY)
  try {
    return await handle.readFile("utf8")
  } finally {
    await handle.close()
  }
}
const at = (...names: string[]): string => join(folder, ...names)

for (const name of [
  "logs/audit.jsonl",
  "logs/Audit.JSONL",
  "logs/audit.j\u017fonl",
  "LOGS/audit.jsonl",
  "logs/audit.jsonl.lock",
  "logs/audit.jsonl.new",
  "logs/audit.000007.jsonl",
  "app",
  "app/new.js",
  "app/below/hook.js",
  "app/below",
])
  test(`no scope opens ${name}, whether it exists or not`, async () => {
    await assert.rejects(scope.resolve(at(name)), forbidden)
    await assert.rejects(scope.resolve(at(name), { follow: false }), forbidden)
  })

test("what stands beside own files is open, and so are they when the app has ended", async () => {
  assert.equal(await read(at("logs", "other.jsonl")), "open")
  await scope.resolve(at("logs", "audit-2.txt"))
  await scope.resolve(at("application.js"))
  release()
  assert.equal(await read(at("logs", "audit.jsonl")), "kept")
})

test("links lead to no own file: to the file, to its folder, to one that does not exist yet", async () => {
  await symlink(at("logs", "audit.jsonl"), at("file"))
  await symlink(at("logs"), at("folder"))
  for (const path of [at("file"), at("folder", "audit.jsonl"), at("folder", "audit.000001.jsonl")])
    await assert.rejects(read(path), forbidden)
  assert.equal(await read(at("folder", "other.jsonl")), "open")
})

test("a hard link to an own file is not opened, by any name and anywhere", async () => {
  await link(at("logs", "audit.jsonl"), at("settings.json"))
  await link(at("app", "below", "hook.js"), at("hook.txt"))
  await link(at("logs", "other.jsonl"), at("logs", "linked.txt"))
  for (const name of ["settings.json", "hook.txt"]) await assert.rejects(read(at(name)), forbidden)
  assert.equal(await read(at("logs", "linked.txt")), "open")
  assert.equal(await readFile(at("logs", "audit.jsonl"), "utf8"), "kept")
})

test("opening with O_TRUNC empties no own file that a hard link leads to", async () => {
  await link(at("logs", "audit.jsonl"), at("settings.json"))
  const path = await scope.resolve(at("settings.json"))
  await assert.rejects(openRegularFile(path, constants.O_RDWR | constants.O_TRUNC), forbidden)
  assert.equal(await readFile(at("logs", "audit.jsonl"), "utf8"), "kept")
})

test("own files stay closed when their folder is renamed", async () => {
  await rename(logs, at("renamed"))
  await assert.rejects(read(at("renamed", "audit.jsonl")), forbidden)
  const later = await scope.resolve(at("renamed", "audit.000001.jsonl"))
  await assert.rejects(openRegularFile(later, constants.O_WRONLY | constants.O_CREAT), forbidden)
  await assert.rejects(
    inParent(later, async () => assert.fail("it is reached")),
    forbidden,
  )
  assert.equal(await read(at("renamed", "other.jsonl")), "open")
})

test("the file that is open stays closed to others when it is renamed", async () => {
  const { stat } = await import("node:fs/promises")
  const open = await stat(at("logs", "audit.jsonl"), { bigint: true })
  const releaseOpen = keepOwnFiles([{ folder: logs, names: /^audit/u, open: () => open }])
  await rename(at("logs", "audit.jsonl"), at("moved.txt"))
  await assert.rejects(read(at("moved.txt")), forbidden)
  releaseOpen()
  assert.equal(await read(at("moved.txt")), "kept")
})

test("a folder that holds own files is not to be moved, nor removed with all it holds", async () => {
  await mkdir(at("plain"))
  for (const path of [folder, logs, at("app"), at("LOGS")])
    assert.equal(await scope.holdsDenied({ lexical: path, real: path }), true, path)
  assert.equal(await scope.holdsDenied({ lexical: at("plain"), real: at("plain") }), false)
  await rename(logs, at("renamed"))
  assert.equal(await scope.holdsDenied({ lexical: at("renamed"), real: at("renamed") }), true)
})
