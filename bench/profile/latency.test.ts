import assert from "node:assert/strict"
import { test } from "node:test"
import type { Mark } from "../core/core-process.ts"
import { type Marks, readLatency } from "./latency.ts"

/** How far the Core's clock is ahead, in ms. */
const AHEAD = 1.5
const CALLS = 100

/** Calls of which number n takes n µs longer in the hook; each step takes 10 µs, and a message to the Core and one back 100. */
function isolatedCalls(): { page: Mark[]; sandbox: Mark[]; core: Mark[] } {
  const [page, sandbox, core]: [Mark[], Mark[], Mark[]] = [[], [], []]
  for (let call = 0, now = 0; call < CALLS; call++, now += 50) {
    const after = (us: number): number => {
      now += us / 1000
      return now
    }
    page.push(["invoke", after(0)], ["posted", after(10)])
    sandbox.push(["heard", after(10)], ["hook", after(10)], ["hooked", after(10 + call)], ["encrypt", after(10)])
    sandbox.push(["sealed", after(10)], ["posted", after(10)])
    page.push(["heard", after(10)], ["sent", after(10)])
    // A header in a piece of its own.
    core.push(["bytes", now + AHEAD], ["bytes", after(100) + AHEAD], ["message", after(10) + AHEAD])
    core.push(["opened", after(10) + AHEAD], ["command", after(10) + AHEAD], ["answered", after(10) + AHEAD])
    page.push(["replied", after(100)], ["settled", after(10)])
  }
  return { page, sandbox, core }
}

const near = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 0.01, `${actual} is not ${expected}`)

test("stages add up to the mean of the calls in the middle, whatever the Core's clock says", () => {
  const { stages, meanUs, p50Us, coreClock, calls } = readLatency("isolation", isolatedCalls())
  assert.equal(calls, CALLS)
  near(coreClock.offsetUs, -AHEAD * 1000)
  near(coreClock.fastestUs, 100)
  near(p50Us, 390)
  near(
    stages.reduce((sum, { us }) => sum + us, 0),
    meanUs,
  )
  const of = (name: string): number | undefined => stages.find(({ stage }) => stage === name)?.us
  near(of("hook"), 10 + 49.5)
  near(of("socket: page to Core"), 100)
  near(of("socket: Core to page"), 100)
  near(of("seal"), 10)
  assert.equal(stages.length, 16)
})

test("without a sandbox a call goes from the page to the socket", () => {
  const { page, core } = isolatedCalls()
  const { stages, meanUs } = readLatency("brownfield", { page, core })
  assert.deepEqual(
    stages.map(({ realm }) => realm),
    ["page", "core", "core", "core", "core", "page", "page"],
  )
  near(
    stages.reduce((sum, { us }) => sum + us, 0),
    meanUs,
  )
})

test("a moment that is missing is an error that names it", () => {
  const { page, sandbox, core } = isolatedCalls()
  const without = (marks: readonly Mark[], name: string): Mark[] => marks.filter(([mark]) => mark !== name)
  const rows: [Marks, RegExp][] = [
    [{ page, sandbox: without(sandbox, "encrypt"), core }, /call 1 has no moment "encrypt" in the sandbox/],
    [{ page, sandbox: without(sandbox, "hook"), core }, /the page made 100 calls, and the sandbox saw 0/],
    [{ page: without(page, "settled"), sandbox, core }, /call 1 has no moment "settled" in the page/],
    [{ page, sandbox, core: without(core, "opened") }, /call 1 has no moment "opened" in the core/],
  ]
  for (const [marks, expected] of rows) assert.throws(() => readLatency("isolation", marks), expected)
})

test("one call's moment is not taken for the next one's", () => {
  const { page, sandbox, core } = isolatedCalls()
  const [first] = sandbox.splice(3, 1)
  assert.equal(first?.[0], "encrypt")
  assert.throws(() => readLatency("isolation", { page, sandbox, core }), /call 1 has no moment "encrypt"/)
})
