import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { openAuditLog } from "../../core/audit-log.ts"
import { decided } from "../../core/decisions.ts"
import { COMMANDS } from "../commands.ts"
import { runProgram } from "../program.ts"
import { rememberingTerminal } from "../terminal.fixture.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-verify-"))
after(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, "audit.jsonl")
let text = ""
let lastHash = ""
before(async () => {
  const said: string[] = []
  const log = await openAuditLog({ file, chain: true, maxBytes: 4096 }, (line) => said.push(line))
  for (let n = 1; n <= 50; n++) decided({ kind: "window-opened", window: `window ${n}` })
  await log.close()
  text = readFileSync(file, "utf8")
  lastHash = /sha256 (\w+)/.exec(said.at(-1) ?? "")?.[1] ?? ""
})

async function run(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const terminal = rememberingTerminal()
  const program = { name: "sallyport", about: "", version: "0", commands: COMMANDS }
  const status = await runProgram(program, ["audit", "verify", ...words], terminal)
  return { status, out: terminal.printed.join("\n"), err: terminal.said.join("\n") }
}

test("a log that is as it was written: 0, with the older files beside it, and the hash that its app has said", async () => {
  const { status, out, err } = await run(file)
  assert.deepEqual([status, err], [0, ""])
  assert.match(
    out,
    /^✓ \d+ entries in \d files, each linked to the one before\n {2}the last: entry \d+, sha256 \w{64}$/,
  )
  assert.ok(out.endsWith(lastHash))
  assert.equal((await run(file, "--expect", lastHash.toUpperCase())).status, 0)
  assert.deepEqual(await run(join(folder, "audit.000001.jsonl"), join(folder, "audit.000002.jsonl"), file), {
    status,
    out,
    err,
  })
})

test("a line that was changed: 1, with file, line, column and what is wrong, in words and as JSON", async () => {
  writeFileSync(file, text.replace("window 50", "window 51"))
  const { status, out } = await run(file)
  assert.equal(status, 1)
  const line = text.split("\n").findIndex((entry) => entry.includes("window 50")) + 2
  assert.match(
    out,
    new RegExp(`^${file}:${line}:24: this entry names \\w{64} as the hash of entry \\d+, and line ${line - 1} of`),
  )
  assert.match(out, /\n✗ 1 problem, \d+ entries in 3 files\n/)
  const report = JSON.parse((await run(file, "--json")).out)
  assert.deepEqual([report.ok, report.files.length, report.first], [false, 3, 1])
  const [{ code, file: where, line: at, column }] = report.problems
  assert.deepEqual([code, where, at, column], ["CHANGED", file, line, 24])
  writeFileSync(file, text)
  assert.deepEqual(JSON.parse((await run(file, "--json")).out).problems, [])
})

test("an end that was cut off: noted, and 1 where its hash is expected", async () => {
  writeFileSync(
    file,
    text
      .split("\n")
      .slice(0, -3)
      .map((line) => `${line}\n`)
      .join(""),
  )
  const noted = await run(file)
  assert.equal(noted.status, 0)
  assert.match(noted.out, /^note: the last entry does not close the log/)
  const { status, out } = await run(file, "--expect", lastHash)
  assert.equal(status, 1)
  assert.match(out, new RegExp(`^no entry has the expected hash ${lastHash}: it was cut off or changed\n`))
  writeFileSync(file, text)
})

test("many problems: the first are shown, and how many there are", async () => {
  const other = join(folder, "other.jsonl")
  writeFileSync(other, `${text.split("\n", 1)[0]}\n${"x\n".repeat(80)}`)
  const { out } = await run(other)
  assert.match(out, /… and 30 more: --json lists them\n/)
})

for (const [what, words, says] of [
  ["no file", [], /^name the audit log: its newest file, or all of them\nsallyport audit verify --help/],
  ["a file that is not there", [join(folder, "missing.jsonl")], /missing\.jsonl: there is no such file$/],
  ["a folder that is not there", [join(folder, "no", "a.jsonl")], /a\.jsonl: there is no such file$/],
  ["a folder", [folder], /^the log cannot be read: EISDIR/],
  [
    "a hash that is none",
    [file, "--expect", "9f86"],
    /^--expect 9f86: expected the 64 hexadecimal digits of a SHA-256\n/,
  ],
] as const)
  test(`${what}: 2, and what to do`, async () => {
    const { status, out, err } = await run(...words)
    assert.deepEqual([status, out], [2, ""])
    assert.match(err, says)
  })
