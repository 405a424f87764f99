import assert from "node:assert/strict"
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { auditLogForTests, replaced } from "./audit.fixture.ts"
import type { AuditOptions } from "./audit-options.ts"
import { resolveAuditOptions } from "./audit-options.ts"
import type { AuditWriter } from "./audit-writer.ts"

const log = auditLogForTests()

/** One whose files are small. */
const open = (options: Partial<AuditOptions> = {}): AuditWriter => log.open({ maxBytes: 4096, ...options })

/** Writes entries that are numbered, about 40 to a file. */
async function write(writer: AuditWriter, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) writer.append(JSON.stringify({ n, text: "x".repeat(80) }))
  // They are written when the work at hand is done.
  await null
}

/** The numbers in all files, as they stand there, the oldest file first. */
function numbers(): number[] {
  return log.files().flatMap((name) => {
    const text = readFileSync(join(log.folder, name), "utf8")
    assert.ok(text === "" || text.endsWith("\n"), `${name} ends in mid-line`)
    return text
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line).n as number)
  })
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test("an entry that would be more than a file may have begins a new one: all are there, whole and in order", async () => {
  const writer = open({ maxFiles: Number.POSITIVE_INFINITY })
  await write(writer, 1, 1000)
  writer.close()
  assert.ok(log.files().length > 20)
  assert.deepEqual(log.files().slice(0, 2), ["audit.000001.jsonl", "audit.000002.jsonl"])
  assert.equal(log.files().at(-1), "audit.jsonl")
  assert.deepEqual(numbers(), range(1, 1000))
  for (const name of log.files()) {
    const { size, mode } = statSync(join(log.folder, name))
    assert.ok(size <= 4096, `${name} has ${size} bytes`)
    assert.equal(mode & 0o777, 0o600)
  }
  assert.deepEqual(log.said, [])
})

test("as many files are kept as asked for, the newest ones", async () => {
  const writer = open({ maxFiles: 3 })
  await write(writer, 1, 1000)
  writer.close()
  assert.equal(log.files().length, 3)
  const kept = numbers()
  assert.deepEqual(kept, range(kept[0] ?? 0, 1000))
})

test("by default 64 MiB and ten files", async () => {
  assert.deepEqual(resolveAuditOptions("a"), { file: "a", maxBytes: 67_108_864, maxFiles: 10, chain: false })
})

test("a restart goes on in the newest file, and counts on from the older ones", async () => {
  for (const start of [1, 101, 201]) {
    const writer = open({ maxFiles: Number.POSITIVE_INFINITY })
    await write(writer, start, start + 99)
    writer.close()
  }
  assert.deepEqual(numbers(), range(1, 300))
})

test("exactly as large as it may be is not too large", async () => {
  const writer = open()
  const line = (bytes: number): string => JSON.stringify({ t: "x".repeat(bytes - 9) })
  writer.append(line(2048))
  writer.append(line(2048))
  writer.close()
  assert.equal(statSync(log.file).size, 4096)
  assert.deepEqual(log.files(), ["audit.jsonl"])
})

for (const chain of [false, true])
  test(`an entry that is larger than a file may be has one of its own${chain ? ", with its link" : ""}`, async () => {
    const writer = open({ chain })
    await write(writer, 1, 1)
    writer.append(JSON.stringify({ n: 2, text: "x".repeat(10_000) }))
    await write(writer, 3, 3)
    writer.close()
    assert.equal(log.files().length, 3)
    assert.deepEqual(
      numbers().filter((n) => n !== undefined),
      [1, 2, 3],
    )
  })

test("files of others keep their names and their contents", async () => {
  const others = [
    "audit.2024.jsonl",
    "audit.000001x.jsonl",
    "audit.0000001.jsonl",
    "audit.backup.jsonl",
    "other.000001.jsonl",
  ]
  for (const name of others) writeFileSync(join(log.folder, name), "")
  const writer = open({ maxFiles: 2 })
  await write(writer, 1, 500)
  writer.close()
  for (const name of others) assert.equal(readFileSync(join(log.folder, name), "utf8"), "", name)
})

test("a file that came to have the next number meanwhile is not overwritten", async () => {
  const writer = open({ maxFiles: Number.POSITIVE_INFINITY })
  writeFileSync(join(log.folder, "audit.000001.jsonl"), '{"n":0}\n')
  await write(writer, 1, 100)
  writer.close()
  assert.deepEqual(numbers(), range(0, 100))
})

test("while no new file can be begun the old one grows on, which is said once; then there is a new one again", async () => {
  const writer = open({ maxFiles: Number.POSITIVE_INFINITY })
  // Nothing can be opened under this name.
  mkdirSync(join(log.folder, "audit.jsonl.new", "in-the-way"), { recursive: true })
  await write(writer, 1, 200)
  assert.deepEqual(log.files(), ["audit.jsonl"])
  assert.match(log.said.join("\n"), /^audit: .*audit\.jsonl grows on, for no new file can be begun: [^\n]*$/)
  rmSync(join(log.folder, "audit.jsonl.new"), { recursive: true })
  await write(writer, 201, 400)
  writer.close()
  assert.ok(log.files().length > 2)
  assert.deepEqual(numbers(), range(1, 400))
  assert.equal(log.said.length, 1)
})

for (const failing of [1, 2])
  test(`rename number ${failing} of a rotation fails: nothing is lost, and the file has its name`, async () => {
    const writer = open({ maxFiles: Number.POSITIVE_INFINITY })
    await write(writer, 1, 30)
    let count = 0
    await replaced(
      {
        renameSync: (original: (...paths: string[]) => void, ...paths: string[]) => {
          if (++count === failing) throw Object.assign(new Error("EIO: broken"), { code: "EIO" })
          original(...paths)
        },
      },
      () => write(writer, 31, 60),
    )
    assert.match(log.said.join("\n"), /grows on, for no new file can be begun: EIO: broken$/)
    assert.ok(existsSync(log.file))
    await write(writer, 61, 100)
    writer.close()
    assert.deepEqual(numbers(), range(1, 100))
    assert.ok(!existsSync(`${log.file}.new`))
  })

test("a crash between the two renames: the next start begins a new file, behind the older ones", async () => {
  const writer = open({ chain: true })
  await write(writer, 1, 10)
  writer.close()
  // As they are then: the newest has its number already, the new one not its name.
  writeFileSync(join(log.folder, "audit.000001.jsonl"), readFileSync(log.file))
  writeFileSync(`${log.file}.new`, "")
  rmSync(log.file)
  const next = open({ chain: true })
  await write(next, 11, 20)
  next.close()
  assert.deepEqual(
    numbers().filter((n) => n !== undefined),
    range(1, 20),
  )
  const [first] = readFileSync(log.file, "utf8")
    .split("\n")
    .map((line) => JSON.parse(line || "{}"))
  assert.equal(first.follows, "audit.000001.jsonl")
})

test("an older file that cannot be deleted is said to be so, and stops nothing", async () => {
  const writer = open({ maxFiles: 2 })
  const rmSync = (original: (path: string, options: object) => void, path: string, options: object): void => {
    if (path.endsWith("audit.000001.jsonl")) throw new Error("EPERM: not yours")
    original(path, options)
  }
  await replaced({ rmSync }, () => write(writer, 1, 200))
  writer.close()
  assert.deepEqual(log.said, [
    `audit: ${join(log.folder, "audit.000001.jsonl")} is too old and cannot be deleted: EPERM: not yours`,
  ])
  assert.equal(log.files().length, 3)
})
