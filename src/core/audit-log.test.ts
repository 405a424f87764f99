import assert from "node:assert/strict"
import { mkdtemp, readFile, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { openAuditLog } from "./audit-log.ts"
import { decided } from "./decisions.ts"

const folder: string = await mkdtemp(join(tmpdir(), "sallyport-audit-"))
after(() => rm(folder, { recursive: true }))

test("appends each decision as a line of JSON with its time, until it is closed, for its owner's eyes only", async () => {
  const file = join(folder, "audit.jsonl")
  for (const window of ["first", "second"]) {
    const log = await openAuditLog(file, assert.ifError)
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
  const log = await openAuditLog(file, assert.ifError)
  decided({ kind: "window-opened", window: 'a\n{"kind":"call"}\u2028' })
  await log.close()
  assert.equal((await readFile(file, "utf8")).split("\n").length, 2)
})

test("a file that cannot be opened is an error at once", async () => {
  await assert.rejects(openAuditLog(join(folder, "missing", "audit.jsonl"), assert.ifError), { code: "ENOENT" })
})
