import assert from "node:assert/strict"
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { type TestContext, test } from "node:test"
import { auditLogForTests } from "./audit.fixture.ts"
import { verifyAuditLog } from "./audit-chain.ts"
import { olderFiles } from "./audit-file-names.ts"
import type { AuditWriter } from "./audit-writer.ts"

const log = auditLogForTests()

async function write(writer: AuditWriter, ...numbers: number[]): Promise<void> {
  for (const n of numbers) writer.append(JSON.stringify({ n }))
  await null
}

type Entry = Readonly<Record<string, unknown>>
const entries = (path = log.file): Entry[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Entry)
const withoutTime = (path?: string): Entry[] => entries(path).map(({ time: _, ...entry }) => entry)
const verify = (): ReturnType<typeof verifyAuditLog> =>
  verifyAuditLog([...olderFiles(log.file).map(({ path }) => path), log.file])

test("a log whose file is deleted goes on in a new one, which only its user can read, and says so", async () => {
  const writer = log.open()
  await write(writer, 1)
  rmSync(log.file)
  await write(writer, 2)
  await write(writer, 3)
  writer.close()
  assert.deepEqual(withoutTime(), [{ kind: "audit-replaced", was: "deleted" }, { n: 2 }, { n: 3 }])
  if (process.platform !== "win32") assert.equal(statSync(log.file).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(log.folder), ["audit.jsonl"])
  assert.match(log.said.join("\n"), /audit\.jsonl was deleted while the app ran: .* goes on in a new file/)
  assert.equal(log.said.length, 1)
})

for (const [name, replace] of [
  ["another file", () => writeFileSync(`${log.file}.other`, '{ "a": 1 }\n')],
  ["a copy of itself", () => copyFileSync(log.file, `${log.file}.other`)],
  ["a link to another file", () => symlinkSync("aim", `${log.file}.other`)],
  ["a folder", () => mkdirSync(`${log.file}.other`)],
] as const)
  test(`a log whose file is replaced by ${name} goes on in a new one, and keeps what it has found`, async () => {
    const writer = log.open()
    await write(writer, 1)
    writeFileSync(join(log.folder, "aim"), "x")
    replace()
    rmSync(log.file)
    renameSync(`${log.file}.other`, log.file)
    await write(writer, 2)
    writer.close()
    const moved = join(log.folder, "audit.000001.jsonl")
    assert.deepEqual(withoutTime(), [
      { kind: "audit-replaced", was: "replaced", moved: "audit.000001.jsonl" },
      { n: 2 },
    ])
    assert.match(
      log.said.join("\n"),
      /was replaced while the app ran: .*; what was found in its place is audit\.000001\.jsonl now/,
    )
    if (name === "another file") assert.equal(readFileSync(moved, "utf8"), '{ "a": 1 }\n')
    if (name === "a copy of itself") assert.deepEqual(withoutTime(moved), [{ n: 1 }])
    if (name === "a folder") assert.ok(statSync(moved).isDirectory())
    if (name === "a link to another file") {
      assert.equal(readlinkSync(moved), "aim")
      assert.equal(readFileSync(join(log.folder, "aim"), "utf8"), "x")
    }
  })

test("a log that is moved away is told apart from it, and both are one chain", async () => {
  const writer = log.open({ chain: true })
  await write(writer, 1, 2)
  renameSync(log.file, join(log.folder, "kept.jsonl"))
  await write(writer, 3)
  writer.close()
  const report = await verifyAuditLog([join(log.folder, "kept.jsonl"), log.file])
  assert.deepEqual(report.problems, [])
  assert.match(report.notes.join("\n"), /deleted or replaced while the app ran/)
  assert.equal(report.first, 1)
  assert.equal(report.last?.entry, 6)
})

test("the chain goes on in the new file: it shows how many entries are gone, also after the next start", async () => {
  const writer = log.open({ chain: true })
  await write(writer, 1, 2)
  rmSync(log.file)
  await write(writer, 3)
  writer.close()
  const second = log.open({ chain: true })
  second.close()
  assert.deepEqual(
    entries().map(({ entry, kind, n }) => [entry, kind ?? n]),
    [
      [4, "audit-replaced"],
      [5, 3],
      [6, "audit-closed"],
      [7, "audit-opened"],
      [8, "audit-closed"],
    ],
  )
  const { problems } = await verify()
  assert.deepEqual(
    problems.map(({ code, line }) => [code, line]),
    [["BEGINNING_CUT", 1]],
  )
  assert.match(problems[0]?.message ?? "", /begins with entry 4: its file was deleted or replaced/)
})

test("a copy that takes the place of the log is checked as part of it: what was edited shows", async () => {
  const writer = log.open({ chain: true })
  await write(writer, 1, 2, 3)
  // As an editor saves it.
  writeFileSync(`${log.file}.other`, readFileSync(log.file, "utf8").replace('"n":2', '"n":9'))
  renameSync(`${log.file}.other`, log.file)
  await write(writer, 4)
  writer.close()
  const { problems, first, last } = await verify()
  assert.deepEqual(
    problems.map(({ code, file: at }) => [code, at?.endsWith("000001.jsonl")]),
    [["CHANGED", true]],
  )
  assert.deepEqual([first, last?.entry], [1, 7])
})

test("entries that went with a file are missing in the chain where the files before it are there", async () => {
  const writer = log.open({ chain: true, maxBytes: 4096, maxFiles: Number.POSITIVE_INFINITY })
  for (let n = 1; n <= 60; n++) await write(writer, n)
  assert.equal(olderFiles(log.file).length > 0 && entries().length > 1, true)
  rmSync(log.file)
  await write(writer, 41)
  writer.close()
  const { problems, notes } = await verify()
  assert.deepEqual(
    problems.map(({ code }) => code),
    ["MISSING"],
  )
  assert.match(notes.join("\n"), /deleted or replaced while the app ran/)
})

test("a file that is replaced as it becomes full is not taken for a full one", async () => {
  const writer = log.open({ maxBytes: 4096 })
  await write(writer, 1)
  rmSync(log.file)
  writeFileSync(log.file, "x".repeat(5000))
  writer.append(JSON.stringify({ n: 2, text: "y".repeat(4090) }))
  await null
  writer.close()
  const all = ["audit.000001.jsonl", "audit.000002.jsonl", "audit.jsonl"]
  assert.deepEqual(readdirSync(log.folder).sort(), all)
  assert.equal(entries(join(log.folder, "audit.000002.jsonl"))[0]?.kind, "audit-replaced")
})

test("entries wait while the log's folder is gone, and are in the new file when it is there again", async (context: TestContext) => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const writer = log.open()
  await write(writer, 1)
  renameSync(log.folder, `${log.folder}-moved`)
  await write(writer, 2)
  assert.match(log.said.join("\n"), /cannot be written: ENOENT/)
  assert.equal(existsSync(log.folder), false)
  mkdirSync(log.folder)
  context.mock.timers.tick(1000)
  await write(writer, 3)
  writer.close()
  assert.deepEqual(
    withoutTime().map(({ kind, n }) => kind ?? n),
    ["audit-replaced", 2, "audit-resumed", 3],
  )
  assert.deepEqual(withoutTime(join(`${log.folder}-moved`, "audit.jsonl")), [{ n: 1 }])
})

test("a lock that is gone with the file is taken again, and another process's is respected", async (context: TestContext) => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const writer = log.open()
  await write(writer, 1)
  rmSync(log.folder, { recursive: true })
  mkdirSync(log.folder)
  await write(writer, 2)
  assert.ok(existsSync(`${log.file}.lock`))
  rmSync(log.file)
  // A process that lives: this one's parent.
  writeFileSync(`${log.file}.lock`, JSON.stringify({ pid: process.ppid, started: null }))
  await write(writer, 3)
  assert.match(log.said.join("\n"), new RegExp(`is written by process ${process.ppid}`))
  assert.equal(existsSync(log.file), false)
  rmSync(`${log.file}.lock`)
  context.mock.timers.tick(1000)
  writer.close()
  assert.deepEqual(
    withoutTime().map(({ kind, n }) => kind ?? n),
    ["audit-replaced", 3, "audit-resumed"],
  )
})

test("a file that others append to is still the log", async () => {
  const writer = log.open()
  await write(writer, 1)
  appendFileSync(log.file, '{"by":"another"}\n')
  await write(writer, 2)
  writer.close()
  assert.deepEqual(entries(), [{ n: 1 }, { by: "another" }, { n: 2 }])
  assert.deepEqual(log.said, [])
})
