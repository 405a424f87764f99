import assert from "node:assert/strict"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { Readable } from "node:stream"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
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
    // A lock that was made just now may be written yet.
    utimesSync(`${file}.lock`, 0, 0)
    lockFile(file)()
    assert.ok(!existsSync(`${file}.lock`))
  }
})

test("a process that has died while it took a dead one's lock over keeps no other out", () => {
  const file = newFile()
  for (const name of [".lock", ".lock.lock"])
    writeFileSync(`${file}${name}`, JSON.stringify({ pid: 2 ** 22 + 1, started: null }))
  lockFile(file)()
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(`${count}.`)),
    [],
  )
})

/** A process of `file-lock-steps.fixture.ts`. */
class SteppedProcess {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(lock: string) {
    const program = fileURLToPath(new URL("file-lock-steps.fixture.ts", import.meta.url))
    this.#child = spawn(process.execPath, [program, lock], { stdio: ["pipe", "pipe", "inherit"] })
    children.push(this.#child)
    this.#lines = createInterface({ input: this.#child.stdout as Readable })[Symbol.asyncIterator]()
  }

  /** Lets it go on, and returns before what it stops next. */
  async step(): Promise<string> {
    this.#child.stdin?.write("x")
    return (await this.#lines.next()).value
  }
}

test("of three processes that find a dead one's lock, one has it, in whatever order their operations happen", async () => {
  const steps = mkdtempSync(join(folder, "steps-"))
  const lock = join(steps, "lock")
  const processes = [1, 2, 3].map(() => new SteppedProcess(lock))
  // A linear congruential generator (Numerical Recipes): the same orders in every run.
  let random = 1
  const pick = (below: number): number => {
    random = (random * 1_664_525 + 1_013_904_223) % 2 ** 32
    return Math.floor((random / 2 ** 32) * below)
  }
  for (let order = 0; order < 100; order++) {
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, started: `${order}` }))
    const running = [...processes]
    const outcomes: string[] = []
    const trace: string[] = []
    // In long runs of one process, so that another's operation comes between two of its own.
    for (let at = 0; running.length > 0; ) {
      if (pick(4) === 0 || at >= running.length) at = pick(running.length)
      const process = running[at] as SteppedProcess
      const said = await process.step()
      trace.push(`${processes.indexOf(process)} ${said}`)
      if (said !== "held" && said !== "refused") continue
      outcomes.push(said)
      running.splice(at, 1)
    }
    assert.deepEqual(outcomes.toSorted(), ["held", "refused", "refused"], trace.join("\n"))
    for (const process of processes) assert.equal(await process.step(), "left")
    assert.deepEqual(readdirSync(steps), [])
  }
})
