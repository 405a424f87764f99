import assert from "node:assert/strict"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { lockFile } from "./file-lock.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-lock-"))
const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill("SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})
let count = 0
const newFile = (): string => join(folder, `${++count}.jsonl`)

/** A process that locks a file, says so or why not, and lives on. */
async function lockElsewhere(file: string): Promise<{ child: ChildProcess; word: string }> {
  const program = `
    import { lockFile } from ${JSON.stringify(new URL("file-lock.ts", import.meta.url).href)}
    try { lockFile(process.argv[1]); console.log("locked") } catch (error) { console.log(error.message) }
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, file], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  children.push(child)
  const [chunk] = (await once(child.stdout, "data")) as [Buffer]
  return { child, word: chunk.toString().trim() }
}

test("one process has a file; another is told which, and what to do; given up, it is free and nothing is left", async () => {
  const file = newFile()
  const unlock = lockFile(file)
  assert.equal(statSync(`${file}.lock`).mode & 0o777, 0o600)
  const { child, word } = await lockElsewhere(file)
  child.kill("SIGKILL")
  assert.equal(
    word,
    `${file} is written by process ${process.pid}: give each app a file of its own; if that process is no app of yours, delete ${count}.jsonl.lock`,
  )
  unlock()
  assert.ok(!existsSync(`${file}.lock`))
  assert.equal((await lockElsewhere(file)).word, "locked")
})

test("the same process cannot have it twice, by whatever path", () => {
  const file = newFile()
  const unlock = lockFile(file)
  assert.throws(() => lockFile(join(folder, "x", "..", `${count}.jsonl`)), /is already written by this process/)
  unlock()
  lockFile(file)()
})

test("what a killed process has left is taken over", async () => {
  const file = newFile()
  const { child } = await lockElsewhere(file)
  assert.throws(() => lockFile(file), new RegExp(`is written by process ${child.pid}:`))
  child.kill("SIGKILL")
  await once(child, "exit")
  assert.ok(existsSync(`${file}.lock`))
  lockFile(file)()
})

test("of several that find a dead one's lock at once, one has the file", async () => {
  const file = newFile()
  writeFileSync(`${file}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, started: null }))
  const words = await Promise.all([1, 2, 3, 4].map(() => lockElsewhere(file)))
  assert.equal(words.filter(({ word }) => word === "locked").length, 1, JSON.stringify(words.map(({ word }) => word)))
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(`${count}.`)),
    [`${count}.jsonl.lock`],
  )
})

test("a process that has the id of a dead one is not taken for it", () => {
  const file = newFile()
  const unlock = lockFile(file)
  const mine = JSON.parse(readFileSync(`${file}.lock`, "utf8"))
  unlock()
  for (const started of [null, "another boot 123"]) {
    const other = newFile()
    writeFileSync(`${other}.lock`, JSON.stringify({ pid: mine.pid, started }))
    lockFile(other)()
  }
})

test("a lock that a crash has left empty, or that holds something else, is none", () => {
  for (const text of ["", "{", "null", '{"pid":"1"}']) {
    const file = newFile()
    writeFileSync(`${file}.lock`, text)
    lockFile(file)()
    assert.ok(!existsSync(`${file}.lock`))
  }
})
