import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { test } from "node:test"
import { descendants, nameOf, type Process, parseStat, taken, ticksOf } from "./processes.ts"

test("a process's name may hold blanks and brackets", () => {
  const fields = Array.from({ length: 20 }, (_, index) => index + 3).join(" ")
  assert.deepEqual(parseStat(`12 (Web) Content (x)) S ${fields}`), { name: "Web) Content (x)", parent: 3, ticks: 27 })
})

test("a process is named by what its arguments say it is, or else by itself", () => {
  const rows = [
    [["chromium", "--type=renderer", "--lang=en"], "renderer"],
    [["chromium --type=utility --utility-sub-type=network.mojom.NetworkService --lang=en"], "NetworkService"],
    [["chromium", "--headless=new"], "chromium"],
    [[""], "chromium"],
  ] as const
  for (const [command, expected] of rows) assert.equal(nameOf(command, "chromium"), expected)
})

test("what a thread took is what it took since the first look, or since it was there", () => {
  const process = (threads: readonly (readonly [id: string, ticks: number])[]): Map<number, Process> =>
    new Map([[7, { pid: 7, name: "p", threads: new Map(threads.map(([id, ticks]) => [id, { name: "t", ticks }])) }]])
  const [difference] = taken(
    process([
      ["7", 100],
      ["8", 5],
    ]),
    process([
      ["7", 130],
      ["9", 4],
    ]),
  )
  assert.equal(difference && ticksOf(difference), 34)
})

test("processes of this one's descent are found, and no others", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume(); console.log('up')"], { stdio: "pipe" })
  try {
    await once(child.stdout, "data")
    const found = descendants()
    assert.ok(found.has(process.pid))
    assert.ok(found.has(child.pid ?? 0))
    assert.ok(!found.has(process.ppid))
    assert.equal(found.get(process.pid)?.threads.has(String(process.pid)), true)
  } finally {
    child.kill()
  }
})
