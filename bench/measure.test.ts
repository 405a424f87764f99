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
    const [, run = ""] = /function (\w+)/.exec(script) ?? []
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
  const measured = await measure([a, b], false, () => {})
  assert.deepEqual(
    seen.filter((run) => run.startsWith("burst")),
    ["burst a", "burst b", "burst b", "burst a"],
  )
  assert.deepEqual(measured.get(a)?.samples.get("burst_per_s"), [6, 6])
  assert.deepEqual(measured.get(b)?.samples.get("serial_p99_us"), [3, 3])
  assert.deepEqual(measured.get(b)?.failures, [])
})

test("whose large raw argument has no bytes is not asked for one", async () => {
  const seen: string[] = []
  const [a, b] = [contender("a", seen, 6), contender("b", seen, 3, { effort: { ...EFFORT, rawBytes: 0 } })]
  const measured = await measure([a, b], true, () => {})
  assert.deepEqual(measured.get(a)?.samples.get("raw_16mib_ms"), [6, 6])
  assert.deepEqual([measured.get(b)?.samples.get("raw_16mib_ms"), measured.get(b)?.failures], [undefined, []])
})

test("quickly, each takes several figures in its turn, but none behind a reload", async () => {
  const seen: string[] = []
  const effort = { ...EFFORT, rawBytes: 2, channelMessages: 2 }
  const a = contender("a", seen, 6, { effort })
  const b = contender("b", seen, 3, { effort: { ...effort, rounds: 1 } })
  const measured = await measure([a, b], true, () => {})
  const calls = ["burst", "inflight", "serial"]
  const bytes = ["raw", "channel"]
  const inTurns = (names: readonly string[]): string[] =>
    ["a", "b", "a"].flatMap((who) => names.map((run) => `${run} ${who}`))
  const warmUp = ["serial a", "serial b"]
  assert.deepEqual(seen, [...warmUp, ...inTurns(calls), ...inTurns(bytes), "firstCall a", "firstCall b"])
  assert.deepEqual(measured.get(a)?.samples.get("channel_per_s"), [6, 6])
  assert.deepEqual(measured.get(b)?.samples.get("channel_per_s"), [3])
})

test("who fails is told of, and has no figure; the others go on", async () => {
  const said: string[] = []
  const failing = contender("failing", [], new Error("wrong\n  at a line of the page"))
  const other = contender("other", [], 1)
  const measured = await measure([failing, other], false, (line) => said.push(line))
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
  const measured = await measure([lacking, fewer, slow], false, () => {})
  assert.deepEqual(
    seen.filter((run) => run.startsWith("burst")),
    ["burst fewer", "burst slow"],
  )
  assert.equal(measured.get(lacking)?.samples.has("burst_per_s"), false)
  assert.deepEqual(measured.get(fewer)?.samples.get("raw_16mib_ms"), [1])
})

test("what is not a number is no figure", async () => {
  const nothing = contender("nothing", [], Number.NaN)
  const measured = await measure([nothing], false, () => {})
  assert.match(measured.get(nothing)?.failures[0] ?? "", /was measured as NaN/)
})
