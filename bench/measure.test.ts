import assert from "node:assert/strict"
import { test } from "node:test"
import type { Page } from "../e2e/drivers/driver.ts"
import type { Effort } from "./effort.ts"
import { type Contender, measure } from "./measure.ts"

const EFFORT: Effort = {
  rounds: 2,
  settleMs: 0,
  untilMs: 60_000,
  warmUpCalls: 1,
  burstCalls: 7,
  inflightCalls: 1,
  serialCalls: 1,
  limitMs: 1,
  rawBytes: 1,
  channelMessages: 1,
  navigations: 1,
}

/** A contender that answers each function of in-page.ts with a number of its own, or throws it. */
function contender(name: string, seen: string[], answer: number | Error, more: Partial<Contender> = {}): Contender {
  const evaluate = async (script: string): Promise<unknown> => {
    const [, run = ""] = /async function (\w+)|function (\w+)/.exec(script) ?? []
    // The warm-up makes one call at once.
    if (run !== "" && !script.endsWith("(...[1])")) seen.push(`${run} ${name}`)
    if (answer instanceof Error) throw answer
    return run === "serial" ? [answer, answer] : answer
  }
  const page = { evaluate, bringToFront: async () => {}, waitFor: async () => {}, reload: async () => {} }
  return { name, page: page as unknown as Page, effort: EFFORT, lacks: [], ...more }
}

test("rounds measure everybody in turns, each the other way round than the one before", async () => {
  const seen: string[] = []
  const [a, b] = [contender("a", seen, 6), contender("b", seen, 3)]
  const measured = await measure([a, b], () => {})
  assert.deepEqual(
    seen.filter((run) => run.startsWith("burst")),
    ["burst a", "burst b", "burst b", "burst a"],
  )
  assert.deepEqual(measured.get(a)?.samples.get("burst_per_s"), [6, 6])
  assert.deepEqual(measured.get(b)?.samples.get("serial_p99_us"), [3, 3])
  assert.deepEqual(measured.get(b)?.failures, [])
})

test("who fails is told of, and has no figure; the others go on", async () => {
  const said: string[] = []
  const failing = contender("failing", [], new Error("wrong\n  at a line of the page"))
  const other = contender("other", [], 1)
  const measured = await measure([failing, other], (line) => said.push(line))
  assert.equal(measured.get(failing)?.samples.size, 0)
  assert.equal(measured.get(failing)?.failures[0], "20,000 calls issued at once, calls/s: wrong")
  assert.equal(said[0], "✗  failing: 20,000 calls issued at once, calls/s: wrong")
  assert.deepEqual(measured.get(other)?.samples.get("burst_per_s"), [1, 1])
})

test("nobody is asked for what it lacks, and who takes part in fewer rounds, or is slow, for the first ones only", async () => {
  const seen: string[] = []
  const lacking = contender("lacking", seen, 1, { lacks: ["burst_per_s"] })
  const fewer = contender("fewer", seen, 1, { effort: { ...EFFORT, rounds: 1 } })
  const slow = contender("slow", seen, 1, { effort: { ...EFFORT, untilMs: 0 } })
  const measured = await measure([lacking, fewer, slow], () => {})
  assert.deepEqual(
    seen.filter((run) => run.startsWith("burst")),
    ["burst fewer", "burst slow"],
  )
  assert.equal(measured.get(lacking)?.samples.has("burst_per_s"), false)
  assert.deepEqual(measured.get(fewer)?.samples.get("raw_16mib_ms"), [1])
})

test("what is not a number is no figure", async () => {
  const nothing = contender("nothing", [], Number.NaN)
  const measured = await measure([nothing], () => {})
  assert.match(measured.get(nothing)?.failures[0] ?? "", /was measured as NaN/)
})
