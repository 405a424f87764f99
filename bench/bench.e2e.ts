import assert from "node:assert/strict"
import { test } from "node:test"
import type { Effort } from "./effort.ts"
import { FIGURE_NAMES } from "./figures.ts"
import { measureBrowser } from "./measure-browser.ts"
import { type OpenBrowser, openBrowser } from "./open-browser.ts"
import { PEERS } from "./peers/index.ts"
import { startPeers } from "./peers/start.ts"

/** Enough to come by every answer once; too little for a figure that means something. */
const TINY: Effort = {
  rounds: 1,
  settleMs: 0,
  untilMs: Number.POSITIVE_INFINITY,
  warmUpCalls: 10,
  burstCalls: 100,
  inflightCalls: 100,
  serialCalls: 10,
  limitMs: 10_000,
  rawBytes: 2 ** 20,
  channelMessages: 100,
  navigations: 1,
}

test("the bench has every figure of both patterns and of each peer, with right answers", async () => {
  const failures: string[] = []
  let opened: OpenBrowser | undefined
  const servers = await startPeers((why) => failures.push(why))
  try {
    const efforts = { own: TINY, peers: TINY, isQuick: true, idleSessions: 1, commandRuns: 1 }
    opened = await openBrowser("chromium", servers, efforts)
    const { result, peers, failures: more } = await measureBrowser(opened, efforts, () => {})
    assert.deepEqual([...failures, ...more], [])
    for (const figures of [result.isolated, result.brownfield, result.ratios])
      for (const name of FIGURE_NAMES) assert.ok((figures[name] ?? 0) > 0, `${name} is ${figures[name]}`)
    for (const { name, lacks } of PEERS)
      for (const figure of FIGURE_NAMES)
        assert.equal((peers[name]?.[figure] ?? 0) > 0, !lacks.includes(figure), `${name}: ${figure}`)
    assert.ok((result.isolated.page_main_us_per_call ?? 0) > 0 && result.isolated.core_cpu_us_per_call > 0)
  } finally {
    await opened?.close()
    await Promise.all(servers.map(({ server }) => server.close()))
  }
})
