import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, test } from "node:test"
import { auditLogForTests } from "./audit.fixture.ts"
import { type ChainReport, verifyAuditLog } from "./audit-chain.ts"
import { lineHash } from "./audit-link.ts"
import type { AuditOptions } from "./audit-options.ts"

const log = auditLogForTests()

/** One run of an app that writes so many entries, or ends without closing its log. */
function run(count: number, options: Partial<AuditOptions> = {}, end: "closed" | "killed" = "closed"): void {
  const writer = log.open({ chain: true, ...options })
  for (let n = 1; n <= count; n++) writer.append(JSON.stringify({ kind: "call", command: `command ${n}` }))
  writer.close()
  if (end === "killed") write(lines().slice(0, -1))
}

const lines = (): string[] => readFileSync(log.file, "utf8").trimEnd().split("\n")
const write = (all: readonly string[]): void => writeFileSync(log.file, all.map((line) => `${line}\n`).join(""))
const files = (): string[] => log.files().map((name) => join(log.folder, name))
const found = ({ problems }: ChainReport): (string | number | null)[][] =>
  problems.map(({ code, line, column }) => [code, line, column])

test("a log that is as it was written has no problems, and says where it ends", async () => {
  run(8)
  const { entries, first, last, problems, notes } = await verifyAuditLog([log.file])
  assert.deepEqual([entries, first, problems, notes], [10, 1, [], []])
  const [line = ""] = lines().slice(-1)
  assert.deepEqual(last, { entry: 10, hash: lineHash(line) })
  assert.deepEqual(log.said, [`audit: ${log.file} ends at entry 10, sha256 ${lineHash(line)}`])
})

test("each entry names the one before by what sha256sum prints of its line", () => {
  run(1)
  const [first = "", second = ""] = lines()
  assert.match(first, /^\{"entry":1,"previous":null,"time":".*","kind":"audit-opened","pid":\d+\}$/)
  const printed = execFileSync("sha256sum", { input: first, encoding: "utf8" }).slice(0, 64)
  assert.ok(second.startsWith(`{"entry":2,"previous":"${printed}","kind":"call"`))
})

test("the chain goes on over restarts and into new files; a file by itself says what it follows", async () => {
  for (const count of [100, 100]) run(count, { maxBytes: 4096, maxFiles: Number.POSITIVE_INFINITY })
  const all = files()
  assert.ok(all.length > 5)
  const { entries, problems, notes } = await verifyAuditLog(all)
  assert.deepEqual([problems, notes], [[], []])
  assert.equal(entries, 200 + 2 + 2 + all.length - 1)
  const newest = await verifyAuditLog(all.slice(-1))
  assert.deepEqual(newest.problems, [])
  assert.match(
    newest.notes.join(),
    /audit\.jsonl begins with entry \d+ and follows audit\.0000\d\d\.jsonl: the entries before it/,
  )
  const rotated = JSON.parse(lines()[0] ?? "")
  assert.deepEqual(
    [rotated.kind, `audit.${String(all.length - 1).padStart(6, "0")}.jsonl`],
    ["audit-rotated", rotated.follows],
  )
})

test("files that were deleted for their age are no problem, one from the middle is", async () => {
  run(300, { maxBytes: 4096, maxFiles: 4 })
  assert.equal(files().length, 4)
  assert.deepEqual((await verifyAuditLog(files())).problems, [])
  const [first = "", , ...rest] = files()
  const { problems } = await verifyAuditLog([first, ...rest])
  assert.deepEqual(
    problems.map(({ code, file, line }) => [code, file, line]),
    [["MISSING", rest[0], 1]],
  )
})

/** A log of 10 entries: what is done to it, and the code, line and column of each problem. Lines count from 1. */
const TAMPERING: readonly (readonly [what: string, (all: string[]) => unknown, (string | number | null)[][]])[] = [
  ["nothing", () => {}, []],
  ["a line removed from the middle", (all) => all.splice(4, 1), [["MISSING", 5, 10]]],
  ["three lines removed", (all) => all.splice(4, 3), [["MISSING", 5, 10]]],
  ["a byte of a line changed", (all) => edit(all, 4, "command 4", "command 5"), [["CHANGED", 6, 23]]],
  ["a byte's case changed", (all) => edit(all, 4, "command 4", "Command 4"), [["CHANGED", 6, 23]]],
  ["a space added within a line", (all) => edit(all, 4, ',"kind"', ', "kind"'), [["CHANGED", 6, 23]]],
  ["a space added behind a line", (all) => (all[4] += " "), [["CHANGED", 6, 23]]],
  ["a carriage return added", (all) => (all[4] += "\r"), [["CHANGED", 6, 23]]],
  [
    "a link changed",
    (all) => {
      all[4] = (all[4] ?? "").replace(
        /("previous":")(.)/,
        (_match, start, digit) => start + (digit === "0" ? "1" : "0"),
      )
    },
    [
      ["CHANGED", 5, 23],
      ["CHANGED", 6, 23],
    ],
  ],
  [
    "two lines exchanged",
    (all) => ([all[4], all[5]] = [all[5] ?? "", all[4] ?? ""]),
    [
      ["MISSING", 5, 10],
      ["OUT_OF_ORDER", 6, 10],
      ["MISSING", 7, 10],
    ],
  ],
  ["a line repeated", (all) => all.splice(4, 0, all[4] ?? ""), [["OUT_OF_ORDER", 6, 10]]],
  [
    "a line moved to the end",
    (all) => all.push(...all.splice(4, 1)),
    [
      ["MISSING", 5, 10],
      ["OUT_OF_ORDER", 10, 10],
    ],
  ],
  ["a line without a link added", (all) => all.splice(4, 0, '{"kind":"call"}'), [["NOT_CHAINED", 5, 1]]],
  ["an empty line added", (all) => all.splice(4, 0, ""), [["NOT_JSON", 5, 1]]],
  ["a line's link taken out", (all) => (all[4] = withoutLink(all[4] ?? "")), [["NOT_CHAINED", 5, 1]]],
  ["a line made no JSON", (all) => edit(all, 4, '"kind"', "kind"), [["NOT_JSON", 5, 90]]],
  ["a line cut short", (all) => (all[4] = (all[4] ?? "").slice(0, 90)), [["NOT_JSON", 5, 91]]],
  ["a line emptied", (all) => (all[4] = ""), [["NOT_JSON", 5, 1]]],
  ["the first line removed", (all) => all.shift(), [["BEGINNING_CUT", 1, 10]]],
  ["the first line changed", (all) => edit(all, 0, "audit-opened", "audit-closed"), [["CHANGED", 2, 23]]],
  ["the first five lines removed", (all) => all.splice(0, 5), [["BEGINNING_CUT", 1, 10]]],
  ["all lines removed", (all) => all.splice(0), [["NOT_CHAINED", null, null]]],
  ["all links taken out", (all) => all.splice(0, 10, ...all.map(withoutLink)), [["NOT_CHAINED", null, null]]],
  [
    "the links of the first five taken out",
    (all) => all.splice(0, 5, ...all.slice(0, 5).map(withoutLink)),
    [
      ["NOT_CHAINED", 5, 1],
      ["BEGINNING_CUT", 6, 10],
    ],
  ],
  ["a log begun anew in this one", (all) => all.push(all[0] ?? "", all[1] ?? ""), [["OUT_OF_ORDER", 11, 10]]],
]

const withoutLink = (line: string): string => line.replace(/"entry":\d+,"previous":("\w+"|null),/, "")

function edit(all: string[], index: number, from: string, to: string): void {
  const line = all[index] ?? ""
  assert.ok(line.includes(from), line)
  all[index] = line.replace(from, to)
}

describe("a log shows", () => {
  for (const [what, tamper, expected] of TAMPERING) {
    test(what, async () => {
      run(8)
      const all = lines()
      tamper(all)
      write(all)
      assert.deepEqual(found(await verifyAuditLog([log.file])), expected)
    })
  }

  test("every single byte that is changed, but for the last line's", async () => {
    run(2)
    const bytes = readFileSync(log.file)
    const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1
    for (let index = 0; index < lastLine; index++) {
      const changed = Buffer.from(bytes)
      changed[index] = (bytes[index] ?? 0) ^ 1
      writeFileSync(log.file, changed)
      const { problems } = await verifyAuditLog([log.file])
      assert.notDeepEqual(problems, [], `byte ${index}`)
    }
  })

  test("its end cut off within a line, and where", async () => {
    run(8)
    const text = readFileSync(log.file, "utf8").slice(0, -20)
    writeFileSync(log.file, text)
    assert.deepEqual(found(await verifyAuditLog([log.file])), [
      ["END_CUT", 10, (text.split("\n").at(-1)?.length ?? 0) + 1],
    ])
    writeFileSync(log.file, `${lines().slice(0, 9).join("\n")}`)
    assert.equal(found(await verifyAuditLog([log.file]))[0]?.[0], "END_CUT")
  })
})

test("an end that was cut off whole lines at a time is noted, and a problem where a hash from it is expected", async () => {
  run(8)
  const noted = lineHash(lines()[9] ?? "")
  assert.deepEqual((await verifyAuditLog([log.file], [noted])).problems, [])
  write(lines().slice(0, 6))
  const { problems, notes } = await verifyAuditLog([log.file])
  assert.deepEqual(problems, [])
  assert.match(notes.join(), /the last entry does not close the log/)
  assert.deepEqual(found(await verifyAuditLog([log.file], [noted])), [["NOT_AS_EXPECTED", null, null]])
  run(1)
  const later = await verifyAuditLog([log.file])
  assert.deepEqual(later.problems, [])
  assert.match(later.notes.join(), /:7: the run before ended without closing the log/)
  assert.deepEqual(found(await verifyAuditLog([log.file], [noted])), [["NOT_AS_EXPECTED", null, null]])
})

test("a log that was written anew from an entry on is right in itself, and not what a noted hash expects", async () => {
  run(8)
  const noted = lineHash(lines()[7] ?? "")
  const kept = lines().slice(0, 4)
  write(kept)
  run(8)
  assert.deepEqual((await verifyAuditLog([log.file])).problems, [])
  assert.deepEqual(found(await verifyAuditLog([log.file], [lineHash(kept[3] ?? ""), noted])), [
    ["NOT_AS_EXPECTED", null, null],
  ])
})

describe("what is in order", () => {
  test("a line that a crash has cut off, which the next start has recorded", async () => {
    run(8)
    writeFileSync(log.file, readFileSync(log.file, "utf8").slice(0, -20))
    run(3)
    const { problems, notes } = await verifyAuditLog([log.file])
    assert.deepEqual(problems, [])
    assert.match(notes.join(), /:10: a crash cut this line off, and the entry behind it says so/)
  })

  test("and is not where it was changed since, nor where entries before it were removed", async () => {
    run(8)
    writeFileSync(log.file, readFileSync(log.file, "utf8").slice(0, -20))
    run(3)
    const all = lines()
    write(all.map((line, index) => (index === 9 ? `${line} ` : line)))
    assert.deepEqual(found(await verifyAuditLog([log.file])), [["NOT_JSON", 10, (all[9]?.length ?? 0) + 2]])
    write(all.filter((_, index) => index !== 8))
    assert.equal(found(await verifyAuditLog([log.file]))[0]?.[0], "NOT_JSON")
  })

  test("the first line of a new file cut off by a crash", async () => {
    run(100, { maxBytes: 4096 })
    writeFileSync(log.file, (lines()[0] ?? "").slice(0, 30))
    run(3)
    assert.deepEqual((await verifyAuditLog(files())).problems, [])
    const newest = await verifyAuditLog([log.file])
    assert.deepEqual(newest.problems, [])
    assert.match(newest.notes.join(), /follows audit\.000\d+\.jsonl/)
  })

  test("entries from before the chain, of which the last is protected", async () => {
    run(3, { chain: false })
    run(3)
    const { entries, problems, notes } = await verifyAuditLog([log.file])
    assert.deepEqual([entries, problems], [5, []])
    assert.match(notes.join(), /the 3 lines before entry 1 are from before the chain/)
    write(lines().filter((_, index) => index !== 2))
    assert.deepEqual(found(await verifyAuditLog([log.file])), [["CHANGED", 3, 23]])
  })
})

test("entries that were written while the chain was off are problems, and the chain begins anew behind them", async () => {
  run(2)
  run(1, { chain: false })
  run(1)
  assert.deepEqual(found(await verifyAuditLog([log.file])), [
    ["NOT_CHAINED", 5, 1],
    ["OUT_OF_ORDER", 6, 10],
  ])
})

test("a line that is longer than any entry is a problem like others", async () => {
  run(2)
  const all = lines()
  write([...all.slice(0, 2), "x".repeat(5_000_000), ...all.slice(2)])
  assert.deepEqual(found(await verifyAuditLog([log.file])), [["NOT_JSON", 3, 1]])
})
