import assert from "node:assert/strict"
import { test } from "node:test"
import type { Process } from "../profile/processes.ts"
import { busyThreads } from "./observe.ts"
import { type Busy, type Line, type Point, whatSaturates } from "./sweep.ts"

const point = (x: number, processors: number, ...busiest: readonly Busy[]): Point => ({
  x,
  calls: 1,
  perSecond: 1,
  p99Us: 1,
  busiest,
  processors,
  others: 0,
})
const busy = (name: string, share: number): Busy => ({ name, share })
const line = (...points: readonly Point[]): Line => ({ name: "isolated", points })
const saturates = (...points: readonly Point[]): string => whatSaturates(line(...points), (x) => `${x} calls`, 2)

test("the first thread without time left saturates first, not the one that is busiest later", () => {
  const points = [point(1, 1.2, busy("page", 0.5)), point(2, 1.5, busy("sandbox", 0.9)), point(3, 1.9, busy("Core", 1))]
  assert.equal(saturates(...points), "sandbox (90 % at 2 calls)")
})

test("where no thread is busy enough, all processors may be", () => {
  const points = [point(1, 1.2, busy("page", 0.5)), point(2, 1.8, busy("sandbox", 0.7))]
  assert.equal(saturates(...points), "all 2 processors (90 % at 2 calls; busiest: sandbox, 70 %)")
})

test("where nothing saturates, what came closest is named", () => {
  const points = [point(1, 1.2, busy("page", 0.5)), point(2, 1.3, busy("sandbox", 0.7)), point(3, 1, busy("Core", 0.2))]
  assert.equal(saturates(...points), "nothing; busiest is sandbox (70 % at 2 calls)")
  assert.equal(saturates(), "nothing")
})

test("threads are named by their process's role, and are as busy as the time that they took", () => {
  const process = (pid: number, ticks: readonly (readonly [id: number, name: string, ticks: number])[]): Process => ({
    pid,
    name: "renderer",
    threads: new Map(ticks.map(([id, name, count]) => [String(id), { name, ticks: count }])),
  })
  const processes = [
    process(7, [
      [7, "chromium", 90],
      [8, "ThreadPool", 10],
      [9, "idle", 0],
    ]),
    process(17, [[17, "node", 50]]),
  ]
  // A tick is 10 ms: 100 in a second are one processor.
  assert.deepEqual(busyThreads(processes, new Map([[7, "page"]]), 1_000_000), {
    busiest: [
      { name: "page, main thread", share: 0.9 },
      { name: "renderer, main thread", share: 0.5 },
      { name: "page, thread ThreadPool", share: 0.1 },
    ],
    processors: 1.5,
  })
})
