import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { channel } from "node:diagnostics_channel"
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { openAuditLog } from "./audit-log.ts"
import { DIAGNOSTICS_CHANNEL, decided } from "./decisions.ts"

const folder: string = await mkdtemp(join(tmpdir(), "sallyport-audit-"))
after(() => rm(folder, { recursive: true }))
const shouldBeSilent = (line: string): void => assert.fail(line)

test("appends each decision as a line of JSON with its time, until it is closed, for its owner's eyes only", async () => {
  const file = join(folder, "audit.jsonl")
  for (const window of ["first", "second"]) {
    const log = await openAuditLog(file, shouldBeSilent)
    decided({ kind: "window-opened", window })
    await log.close()
    decided({ kind: "window-opened", window: "unheard" })
  }
  const lines = (await readFile(file, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ kind, window }) => [kind, window]),
    [
      ["window-opened", "first"],
      ["window-opened", "second"],
    ],
  )
  for (const { time } of lines) assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
})

test("a line break in what a page sent makes no second line", async () => {
  const file = join(folder, "breaks.jsonl")
  const log = await openAuditLog(file, shouldBeSilent)
  decided({ kind: "window-opened", window: 'a\n{"kind":"call"}\u2028' })
  await log.close()
  assert.equal((await readFile(file, "utf8")).split("\n").length, 2)
})

test("a file that cannot be opened is an error at once", async () => {
  await assert.rejects(openAuditLog(join(folder, "missing", "audit.jsonl"), shouldBeSilent), {
    code: "ENOENT",
    message: /has no folder .*missing: make it first/,
  })
})

test("a file that is none, and options that there are not, are errors at once", async () => {
  await assert.rejects(openAuditLog(folder, shouldBeSilent), /is a folder: the audit log needs a file of its own/)
  await assert.rejects(openAuditLog("/dev/null", shouldBeSilent), /is no regular file/)
  const file = join(folder, "unused.jsonl")
  for (const [options, message] of [
    [{ file: "" }, /audit\.file is "": expected a file's path/],
    [{ file, maxBytes: 100 }, /audit\.maxBytes is 100: expected a number of bytes from 4096, or Infinity/],
    [{ file, maxBytes: "1 MB" }, /audit\.maxBytes is "1 MB"/],
    [{ file, maxFiles: 1 }, /audit\.maxFiles is 1: expected a number of files from 2, or Infinity/],
    [{ file, chain: "yes" }, /audit\.chain is "yes": expected true or false/],
    [{ file, maxSize: 1 }, /audit\.maxSize: there is no such option; there are file, maxBytes, maxFiles, chain/],
    [null, /audit is null: expected a file's path, or \{ file/],
  ] as const)
    await assert.rejects(openAuditLog(options as never, shouldBeSilent), { name: "TypeError", message })
  await assert.rejects(readFile(file), { code: "ENOENT" })
})

test("a file that others can read is said to be so, and left as it is", async () => {
  const file = join(folder, "open.jsonl")
  await writeFile(file, "")
  await chmod(file, 0o644)
  const said: string[] = []
  const log = await openAuditLog(file, (line) => said.push(line))
  await log.close()
  assert.deepEqual(said, [`audit: ${file} can be read by other users of this machine: chmod 600 ${file}`])
})

test("a text that a page made long is cut, and what is no decision stops nothing", async () => {
  const file = join(folder, "long.jsonl")
  const said: string[] = []
  const log = await openAuditLog(file, (line) => said.push(line))
  const call = { kind: "call", window: "main", session: "s", id: 1 } as const
  decided({ ...call, command: "x".repeat(4_000_000) })
  channel(DIAGNOSTICS_CHANNEL).publish({ kind: 1n })
  decided({ ...call, command: "y".repeat(60_000) })
  await log.close()
  const [long, whole] = (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).command)
  assert.equal(long, `${"x".repeat(1000)}… (4000000 characters)`)
  assert.equal(whole.length, 60_000)
  assert.match(said.join(), /^audit: a decision cannot be written down: .*BigInt/)
})

test("an entry is in the file as soon as the work at hand is done", async () => {
  const file = join(folder, "soon.jsonl")
  const log = await openAuditLog(file, shouldBeSilent)
  decided({ kind: "window-opened", window: "main" })
  await null
  assert.match(await readFile(file, "utf8"), /^\{.*"window":"main"\}\n$/)
  await log.close()
})

test("a process that exits without closing its app has written what it decided", async () => {
  const file = join(folder, "exit.jsonl")
  const program = `
    import { openAuditLog } from ${JSON.stringify(new URL("audit-log.ts", import.meta.url).href)}
    import { DIAGNOSTICS_CHANNEL, decided } from ${JSON.stringify(new URL("decisions.ts", import.meta.url).href)}
    await openAuditLog(${JSON.stringify(file)}, console.error)
    setTimeout(() => {
      for (const window of ["a", "b"]) decided({ kind: "window-opened", window })
      throw new Error("crash")
    })`
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" })
  assert.equal(status, 1, stderr)
  assert.match(stderr, /Error: crash/)
  assert.equal((await readFile(file, "utf8")).split("\n").length, 3)
  await assert.rejects(readFile(`${file}.lock`), { code: "ENOENT" })
})
