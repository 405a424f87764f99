import assert from "node:assert/strict"
import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, beforeEach, test } from "node:test"
import { eventually, testChannel } from "../plugin.fixture.ts"
import { APP_DATA, startFs } from "./fs.fixture.ts"
import type { WatchEvent } from "./watch-event.ts"

const fs = await startFs()
after(() => fs.close())
const path = (name: string): string => join(fs.appData, name)
const isOf = (event: WatchEvent, kind: string, name: string): boolean =>
  typeof event.type === "object" && kind in event.type && event.paths[0] === path(name)

beforeEach(async () => {
  await rm(fs.appData, { recursive: true })
  await mkdir(path("folder/sub"), { recursive: true })
  await writeFile(path("file"), "")
})

interface Watch {
  readonly rid: unknown
  /** Waits for a change of that kind. */
  sees(kind: string, name: string): Promise<void>
  readonly events: readonly WatchEvent[]
}

async function watch(paths: readonly string[], options: object = {}, deny: readonly string[] = []): Promise<Watch> {
  const { channel, messages } = testChannel()
  const events = messages as WatchEvent[]
  const rid = await fs.call("watch", { paths, options: { baseDir: APP_DATA, ...options }, onEvent: channel }, { deny })
  return {
    rid,
    events,
    sees: (kind, name) => eventually(`${kind} of ${name}`, () => events.some((event) => isOf(event, kind, name))),
  }
}

test("tells of what is made, changed and removed in a directory, and not below it", async () => {
  const { sees, events, rid } = await watch(["folder"])
  await writeFile(path("folder/new"), "")
  await sees("create", "folder/new")
  await writeFile(path("folder/new"), "more")
  await sees("modify", "folder/new")
  await writeFile(path("folder/sub/deep"), "")
  await rm(path("folder/new"))
  await sees("remove", "folder/new")
  assert.ok(!events.some(({ paths }) => paths.some((changed) => changed.endsWith("deep"))))
  await fs.first.resources.close(rid)
})

test("with recursive, of all below, and of folders that come later", async () => {
  const { sees, rid } = await watch([""], { recursive: true })
  await writeFile(path("folder/sub/deep"), "")
  await sees("create", "folder/sub/deep")
  await mkdir(path("folder/later"))
  await sees("create", "folder/later")
  await writeFile(path("folder/later/file"), "")
  await sees("create", "folder/later/file")
  await rename(path("folder/later"), path("folder/moved"))
  await sees("remove", "folder/later")
  await writeFile(path("folder/moved/again"), "")
  await sees("create", "folder/moved/again")
  await fs.first.resources.close(rid)
})

test("a file is watched by its name: what replaces it is that file", async () => {
  const { sees, events, rid } = await watch(["file"])
  await writeFile(path("file"), "one")
  await sees("modify", "file")
  await writeFile(path("beside"), "two")
  await rename(path("beside"), path("file"))
  await sees("create", "file")
  assert.deepEqual([...new Set(events.flatMap(({ paths }) => paths))], [path("file")])
  await fs.first.resources.close(rid)
})

test("with a delay, changes come together, each path once", async () => {
  const { sees, events, rid } = await watch(["folder"], { delayMs: 1000 })
  await writeFile(path("folder/a"), "1")
  await writeFile(path("folder/a"), "2")
  await sees("create", "folder/a")
  assert.equal(events.filter(({ paths }) => paths[0] === path("folder/a")).length, 1)
  await fs.first.resources.close(rid)
})

test("the end of the directory itself is told of it", async () => {
  const { events, rid, sees } = await watch(["folder/sub"])
  await rm(path("folder/sub"), { recursive: true })
  await sees("remove", "folder/sub")
  assert.deepEqual([...new Set(events.flatMap(({ paths }) => paths))], [path("folder/sub")])
  await fs.first.resources.close(rid)
})

test("what happens to a file is told in order", async () => {
  const { events, rid, sees } = await watch(["folder"])
  for (let round = 0; round < 20; round++) await writeFile(path(`folder/${round}`), "contents")
  await sees("modify", "folder/19")
  for (let round = 0; round < 20; round++) {
    const [first] = events.filter(({ paths }) => paths[0] === path(`folder/${round}`))
    assert.deepEqual(first?.type, { create: { kind: "file" } })
  }
  await fs.first.resources.close(rid)
})

test("nothing is told of what a scope denies, and no link is followed out", async () => {
  await mkdir(join(fs.folder, "outside"), { recursive: true })
  await symlink(join(fs.folder, "outside"), path("folder/out"))
  const { sees, events, rid } = await watch(["folder"], { recursive: true }, ["$APPDATA/folder/private*"])
  await writeFile(path("folder/private"), "")
  await writeFile(join(fs.folder, "outside", "new"), "")
  await writeFile(path("folder/last"), "")
  await sees("create", "folder/last")
  assert.deepEqual([...new Set(events.flatMap(({ paths }) => paths))], [path("folder/last")])
  await fs.first.resources.close(rid)
})

test("nothing is told when it has been unwatched, and nothing stays open", async () => {
  const before = (await readdir("/proc/self/fd")).length
  const { rid, events } = await watch(["folder"], { recursive: true })
  assert.equal(await fs.call("unwatch", { rid }), null)
  const other = await watch(["folder"])
  await writeFile(path("folder/new"), "")
  await other.sees("create", "folder/new")
  await fs.first.resources.close(other.rid)
  assert.deepEqual(events, [])
  await assert.rejects(fs.call("unwatch", { rid }), /is invalid/)
  // The system's own descriptor for all watchers stays.
  assert.ok((await readdir("/proc/self/fd")).length <= before + 1)
})

test("what cannot be watched is an error", async () => {
  await assert.rejects(watch(["missing"]), /failed to watch path: .*missing with error: No such file/)
  await assert.rejects(watch(["/etc"], { baseDir: undefined }), /forbidden path: \/etc.*`allow-watch` permission/)
  await assert.rejects(fs.call("watch", { paths: "x", onEvent: testChannel().channel }), /invalid args `paths`/)
  await assert.rejects(fs.call("watch", { paths: [], onEvent: 7 }), /invalid args `onEvent`/)
  await assert.rejects(watch(Array<string>(1001).fill("file")), /at most 1000 paths/)
})
