import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { FromFlooder } from "../flooder.ts"
import { Latencies, median } from "../latencies.ts"
import type { LoadSession } from "../load-session.ts"
import { connectAll, definePhase, labelsOf, openWindows, type Phase, whatFailed, withCore } from "../phase.ts"

/** How many times longer the others' calls may take beside a flood, at p99. */
const TIMES = 3

const WORKING = 50

export const fairness: Phase = definePhase({
  name: "fairness",
  summary: `one window floods the Core while ${WORKING} others work: their p99 stays within ${TIMES} times of what it is without`,
  quick: { rounds: 3, ms: 700 },
  full: { rounds: 7, ms: 3000 },
  run: ({ rounds, ms }, say) => {
    const [flooding = "", ...working] = labelsOf(WORKING + 1)
    return withCore([flooding, ...working], async (core, failures) => {
      const flooder = fork(fileURLToPath(new URL("../flooder.ts", import.meta.url)), [await core.launchUrl(flooding)], {
        execArgv: ["--disable-warning=ExperimentalWarning"],
      })
      const heard = async (kind: FromFlooder["kind"]): Promise<number> => {
        const [message] = (await once(flooder, "message")) as [FromFlooder]
        if (message.kind !== kind) failures.push(`the flooding window is "${message.kind}", not "${kind}"`)
        return message.kind === "stopped" ? message.calls : 0
      }
      try {
        await heard("ready")
        const sessions = await connectAll(await openWindows(core, working))
        // One that does not count: compilers warm up.
        await work(sessions, ms, failures)
        const quiet: Latencies[] = []
        const flooded: Latencies[] = []
        let floodCalls = 0
        for (let round = 0; round < rounds; round++) {
          quiet.push(await work(sessions, ms, failures))
          flooder.send("go")
          flooded.push(await work(sessions, ms, failures))
          flooder.send("stop")
          floodCalls += await heard("stopped")
        }
        failures.push(...(await core.refusals()))
        await Promise.all(sessions.map((session) => session.close()))
        const at = (all: readonly Latencies[], percent: number): number =>
          median(all.map((latencies) => latencies.percentile(percent)))
        const [quiet_p99_us, flooded_p99_us] = [at(quiet, 99), at(flooded, 99)]
        const ratio = Math.round((flooded_p99_us / quiet_p99_us) * 100) / 100
        say(`p99 ${quiet_p99_us} µs quiet, ${flooded_p99_us} µs beside a flood: ${ratio} times`)
        return {
          phase: "fairness",
          calls: [...quiet, ...flooded].reduce((sum, { count }) => sum + count, floodCalls),
          errors: failures.length,
          sessions: WORKING + 1,
          quiet_p50_us: at(quiet, 50),
          quiet_p99_us,
          flooded_p50_us: at(flooded, 50),
          flooded_p99_us,
          p99_ratio: ratio,
          flood_calls: floodCalls,
          broken: [
            ...whatFailed(failures),
            ...(floodCalls > 0 ? [] : ["the flood made no calls"]),
            ...(ratio <= TIMES ? [] : [`p99 beside a flood is ${ratio} times what it is without, more than ${TIMES}`]),
          ],
        }
      } finally {
        flooder.disconnect()
      }
    })
  },
})

/** Each session makes a call, waits for its answer and makes the next one, for a while. */
async function work(sessions: readonly LoadSession[], ms: number, failures: string[]): Promise<Latencies> {
  const latencies = new Latencies()
  const end = performance.now() + ms
  const worker = async (session: LoadSession): Promise<void> => {
    for (let n = 0, now = performance.now(); now < end; n++) {
      await session.invoke("echo", { path: "notes/a.md", n }).catch((error) => failures.push(String(error)))
      latencies.add(performance.now() - now)
      now = performance.now()
    }
  }
  await Promise.all(sessions.map(worker))
  return latencies
}
