import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, beforeEach, describe, test } from "node:test"
import { replaced } from "./audit.fixture.ts"
import { lineHash } from "./audit-link.ts"
import { resolveAuditOptions } from "./audit-options.ts"
import { AuditWriter } from "./audit-writer.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-recovery-"))
after(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, "audit.jsonl")
beforeEach(() => rmSync(file, { force: true }))

const open = (chain: boolean): AuditWriter => new AuditWriter(resolveAuditOptions({ file, chain }), () => {})
const lines = (): string[] => {
  const text = readFileSync(file, "utf8")
  assert.ok(text.endsWith("\n"))
  return text.slice(0, -1).split("\n")
}

/** Starts on a log that a crash has left so, and writes one entry more. */
function restart(left: string | Uint8Array, chain = false): string[] {
  writeFileSync(file, left, { mode: 0o600 })
  const writer = open(chain)
  writer.append('{"n":2}')
  writer.close()
  return lines()
}

const WHOLE = '{"time":"2026-01-01T00:00:00.000Z","n":1}'

describe("a line that a crash has cut off", () => {
  for (const [where, torn] of [
    ["behind its first byte", "{"],
    ["in the middle", WHOLE.slice(0, 20)],
    ["before its last byte", WHOLE.slice(0, -1)],
    ["before its line feed", WHOLE],
    ["in a character of several bytes", Buffer.from('{"window":"\u{1f6aa}"}').subarray(0, 13)],
    ["by a power failure, in zeros", new Uint8Array(1000)],
    ["when it was very long", "x".repeat(3_000_000)],
  ] as const) {
    test(`${where}: stays as a line of its own, an entry says so, and the next ones are whole`, () => {
      const [first, second, recovered = "{}", next, ...more] = restart(
        Buffer.concat([Buffer.from(`${WHOLE}\n`), Buffer.from(torn)]),
      )
      assert.deepEqual([first, next, more], [WHOLE, '{"n":2}', []])
      assert.equal(second, Buffer.from(torn).toString())
      const { time, ...rest } = JSON.parse(recovered)
      assert.deepEqual(rest, { kind: "audit-recovered", bytes: torn.length })
      assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000)
    })
  }

  test("is the only one of its file", () => {
    const [first, recovered, next] = restart("{")
    assert.deepEqual([first, next], ["{", '{"n":2}'])
    assert.match(recovered ?? "", /"kind":"audit-recovered","bytes":1\}$/)
  })

  test("there is none: nothing is said", () => {
    for (const left of ["", `${WHOLE}\n`, `${WHOLE}\n\n`]) assert.deepEqual(restart(left).slice(-1), ['{"n":2}'])
    assert.equal(lines().length, 3)
  })

  test("is linked to by its hash, and the entry before it named, where entries are linked", () => {
    const writer = open(true)
    writer.append('{"n":1}')
    writer.close()
    const whole = readFileSync(file, "utf8")
    const torn = '{"entry":4,"previous":"00'
    const all = restart(`${whole}${torn}`, true)
    const before = lineHash(whole.trimEnd().split("\n").at(-1) ?? "")
    const recovered = JSON.parse(all[4] ?? "")
    assert.deepEqual(
      [all[3], recovered.entry, recovered.previous, recovered.kind, recovered.after],
      [torn, 4, lineHash(torn), "audit-recovered", before],
    )
  })

  test("that lacks its line feed only is an entry of the chain like others", () => {
    const writer = open(true)
    writer.append('{"n":1}')
    writer.close()
    const all = restart(readFileSync(file, "utf8").slice(0, -1), true)
    const recovered = JSON.parse(all[3] ?? "")
    const hash = lineHash(all[2] ?? "")
    assert.deepEqual([recovered.entry, recovered.previous, recovered.after], [4, hash, hash])
  })
})

test("a disk that is full at the start: an error that says so, and the line stays as it was", async () => {
  writeFileSync(file, "{", { mode: 0o600 })
  const writeSync = (original: (...args: unknown[]) => number, ...args: unknown[]): number => {
    if (String(args[1]) === "\n") throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" })
    return original(...args)
  }
  await replaced({ writeSync }, async () =>
    assert.throws(() => open(false), /audit\.jsonl ends in mid-line, and cannot be written: ENOSPC/),
  )
  assert.equal(readFileSync(file, "utf8"), "{")
  assert.equal(restart("{").length, 3, "it is not locked")
})

test("a file without lines is no audit log", async () => {
  const size = 70 * 1024 * 1024
  writeFileSync(file, Buffer.alloc(size, "x"))
  assert.throws(() => open(false), /audit\.jsonl is no audit log: its last line is longer than any entry/)
})
