import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as fc from "fast-check"
import { verifyAuditLog } from "../../src/core/audit-chain.ts"
import { olderFiles } from "../../src/core/audit-file-names.ts"
import { resolveAuditOptions } from "../../src/core/audit-options.ts"
import { AuditWriter } from "../../src/core/audit-writer.ts"
import { property, type Target } from "../property.ts"
import { mutate, mutation } from "../values.ts"

/** What somebody does to a log who can write its file and does not make its chain anew. */
const move = fc.oneof(
  fc.record({ does: fc.constant("bytes" as const), mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    does: fc.constant("edit" as const),
    at: fc.nat(11),
    column: fc.nat(130),
    character: fc.constantFrom(..."01af x"),
  }),
  fc.record({ does: fc.constant("remove" as const), at: fc.nat(11), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ does: fc.constant("exchange" as const), at: fc.nat(11), other: fc.nat(11) }),
  fc.record({ does: fc.constant("repeat" as const), at: fc.nat(11), before: fc.nat(12) }),
  fc.record({ does: fc.constant("add" as const), before: fc.nat(12), text: fc.string() }),
)
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never

/** A log as docs/audit-log.md says, from its words alone. */
function logOf(commands: readonly string[]): string[] {
  const lines: string[] = []
  for (const [index, command] of commands.entries()) {
    const last = lines.at(-1)
    const previous = last === undefined ? null : createHash("sha256").update(last).digest("hex")
    lines.push(JSON.stringify({ entry: index + 1, previous, kind: "call", command }))
  }
  return lines
}

function done(log: Buffer, move: Move): Buffer {
  if (move.does === "bytes") return Buffer.from(mutate(log, move.mutations))
  const lines = log.toString("latin1").split("\n").slice(0, -1)
  const at = (index: number): number => index % Math.max(1, lines.length)
  if (move.does === "edit") {
    const line = lines[at(move.at)] ?? ""
    const column = move.column % Math.max(1, line.length)
    lines[at(move.at)] = line.slice(0, column) + move.character + line.slice(column + 1)
  }
  if (move.does === "remove") lines.splice(at(move.at), move.count)
  if (move.does === "repeat") lines.splice(at(move.before), 0, lines[at(move.at)] ?? "")
  if (move.does === "add") lines.splice(at(move.before), 0, move.text.replaceAll("\n", ""))
  if (move.does === "exchange") {
    const [one, other] = [lines[at(move.at)] ?? "", lines[at(move.other)] ?? ""]
    lines[at(move.at)] = other
    lines[at(move.other)] = one
  }
  return Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1")
}

/** What no chain shows by itself: whole lines cut off at the end, and a change of the last line behind its link. */
function isBeyondTheChain(log: Buffer, lines: readonly string[]): boolean {
  const found = log.toString().split("\n")
  if (found.pop() !== "" || found.length === 0 || found.length > lines.length) return false
  const last = found.pop() ?? ""
  if (!found.every((line, index) => line === lines[index])) return false
  const original = lines[found.length] ?? ""
  return last === original || linkOf(last) === linkOf(original)
}

function linkOf(line: string): string | null {
  try {
    const { entry, previous } = JSON.parse(line)
    return JSON.stringify({ entry, previous })
  } catch {
    return null
  }
}

async function inFolder(act: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-fuzz-"))
  try {
    await act(join(folder, "audit.jsonl"))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const run = fc.record({
  texts: fc.array(fc.nat(3000), { maxLength: 12 }),
  /** How much of the last line a crash has cut off; `null`: the app was closed. */
  cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
})

export const auditChain: Target = {
  name: "audit-chain",
  properties: [
    property(
      "whatever is done to a log shows, but for whole lines cut off at its end and a changed last line",
      fc.tuple(
        fc.array(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 12 }),
        fc.array(move, { maxLength: 3 }),
      ),
      ([commands, moves]) =>
        inFolder(async (file) => {
          const lines = logOf(commands)
          const log = moves.reduce(done, Buffer.from(lines.map((line) => `${line}\n`).join("")))
          writeFileSync(file, log)
          const { problems } = await verifyAuditLog([file])
          assert.equal(problems.length === 0, isBeyondTheChain(log, lines), JSON.stringify(problems))
        }),
    ),
    property(
      "a log has no problems and all its entries, whatever its runs wrote, wherever it was rotated, and wherever a crash cut its last line",
      fc.array(run, { minLength: 1, maxLength: 4 }),
      (runs) =>
        inFolder(async (file) => {
          const written: string[] = []
          const options = resolveAuditOptions({ file, maxBytes: 4096, maxFiles: Number.POSITIVE_INFINITY, chain: true })
          for (const [number, { texts, cut }] of runs.entries()) {
            const writer = new AuditWriter(options, () => {})
            for (const [index, length] of texts.entries()) {
              const id = `${number}.${index}`
              writer.append(JSON.stringify({ kind: "call", id, text: "x".repeat(length) }))
              written.push(id)
            }
            writer.close()
            if (cut === null) continue
            // The last line closes the log: none of what was written is in it.
            const log = readFileSync(file)
            const start = log.lastIndexOf(10, log.length - 2) + 1
            writeFileSync(file, log.subarray(0, start + Math.floor(cut * (log.length - start))))
          }
          new AuditWriter(options, () => {}).close()
          const files = [...olderFiles(file).map(({ path }) => path), file]
          assert.deepEqual((await verifyAuditLog(files)).problems, [])
          const found = files.flatMap((path) => readFileSync(path, "utf8").match(/(?<="id":")[\d.]+/g) ?? [])
          assert.deepEqual(found, written)
        }),
      20,
    ),
  ],
}
