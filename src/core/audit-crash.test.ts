import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { verifyAuditLog } from "./audit-chain.ts"
import { olderFiles } from "./audit-file-names.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-crash-"))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Writes entries without end, in bursts, and says on standard output how far they are written. */
const PROGRAM = `
  import { writeSync } from "node:fs"
  import { openAuditLog } from ${JSON.stringify(new URL("audit-log.ts", import.meta.url).href)}
  import { decided } from ${JSON.stringify(new URL("decisions.ts", import.meta.url).href)}
  const [file, run, maxBytes] = process.argv.slice(1)
  await openAuditLog({ file, maxBytes: Number(maxBytes), maxFiles: Infinity, chain: true }, () => {})
  for (let id = 0; ; ) {
    for (let count = 0; count < 50; count++) decided({ kind: "call", window: run, session: "s", id: ++id, command: "c".repeat(id % 300) })
    await null
    writeSync(1, id + "\\n")
    if (id % 1000 === 0) await new Promise(setImmediate)
  }`

test("killed again and again while it writes and rotates: what was written is there, in order, and the chain is whole", async () => {
  const file = join(folder, "audit.jsonl")
  const written: number[] = []
  for (let run = 0; run < 6; run++) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, file, String(run), "100000"], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    let said = ""
    child.stdout.on("data", (chunk) => {
      said += chunk
      if (said.length > 500 + run * 333) child.kill("SIGKILL")
    })
    await once(child, "close")
    written.push(Number(said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1)))
  }
  const files = [...olderFiles(file).map(({ path }) => path), file]
  assert.ok(files.length > 6)
  const { problems } = await verifyAuditLog(files)
  assert.deepEqual(problems, [])
  const ids = new Map<string, number[]>()
  for (const line of files.flatMap((path) => readFileSync(path, "utf8").split("\n"))) {
    if (!line.endsWith("}")) continue
    const { window, id } = JSON.parse(line)
    if (id === undefined) continue
    ids.set(window, ids.get(window) ?? [])
    ids.get(window)?.push(id)
  }
  for (const [run, last] of written.entries()) {
    const there = ids.get(String(run)) ?? []
    assert.ok(there.length >= last, `run ${run}: ${there.length} of ${last}`)
    assert.ok(there.every((id, index) => id === index + 1))
  }
})
