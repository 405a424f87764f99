import { fork } from "node:child_process"
import { once } from "node:events"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import type { FromAttacker, ToAttacker } from "../attacker.ts"
import { Latencies } from "../latencies.ts"
import type { LoadSession } from "../load-session.ts"
import { connectAll, definePhase, openWindows, type Phase, whatFailed, withCore } from "../phase.ts"
import { SHAPES } from "../shapes.ts"

/** How long another window's calls may take, at p99, in ms. */
const P99_MS = 250
/** What the Core may take of memory, at any moment. */
const HEAP_MIB = 512

const MIB = 1024 * 1024

/** Commands that answer at once, and one that holds its arguments. */
const COMMANDS = ["take", "echo", "keep"] as const

interface Measured {
  readonly what: string
  readonly latencies: Latencies
  readonly peak: number
}

export const hostile: Phase = definePhase({
  name: "hostile",
  summary: `one window sends the costliest records that the limits allow, in 8 sessions, while another works: its p99 stays under ${P99_MS} ms, and the Core under ${HEAP_MIB} MiB`,
  quick: { searchMs: 100, worstMs: 3000 },
  full: { searchMs: 180, worstMs: 12_000 },
  run: ({ searchMs, worstMs }, say) =>
    withCore(["hostile", "working"], async (core, failures) => {
      const attacker = fork(
        fileURLToPath(new URL("../attacker.ts", import.meta.url)),
        [await core.launchUrl("hostile")],
        { execArgv: ["--disable-warning=ExperimentalWarning"] },
      )
      let records = 0
      attacker.on("message", (message: FromAttacker) => {
        if (message.kind === "ended") failures.push("the Core ended a session of the hostile window")
        if (message.kind === "sent") records = message.records
      })
      try {
        await once(attacker, "message")
        const [session] = await connectAll(await openWindows(core, ["working"]))
        if (session === undefined) throw new Error("no session")
        const during = async (mix: ToAttacker, ms: number): Promise<Measured> => {
          attacker.send(mix)
          const latencies = await work(session, ms, failures)
          const what = mix.map(({ shape, command }) => `${shape} to "${command}"`).join(", ")
          return { what, latencies, peak: await core.peak() }
        }
        await during([], 200)
        const found: Measured[] = []
        for (const shape of SHAPES)
          for (const command of COMMANDS) found.push(await during([{ shape, command }], searchMs))
        const slowest = found.toSorted((a, b) => b.latencies.percentile(99) - a.latencies.percentile(99))
        const largest = found.toSorted((a, b) => b.peak - a.peak)
        const worst = [...new Set([...slowest.slice(0, 2), ...largest.slice(0, 2)])]
        // By themselves, and all in turn.
        const mixes = [...worst.map(mixOf), worst.flatMap(mixOf)]
        for (const mix of mixes) found.push(await during(mix, worstMs / mixes.length))
        await during([], 500)
        const all = new Latencies()
        for (const { latencies } of found) all.addAll(latencies)
        const final = found.slice(-mixes.length)
        const slowestOfAll = final.toSorted((a, b) => b.latencies.percentile(99) - a.latencies.percentile(99))[0]
        const p99_ms = Math.ceil(Math.max(all.percentile(99), slowestOfAll?.latencies.percentile(99) ?? 0) / 1000)
        const heap_mib = Math.ceil(Math.max(...found.map(({ peak }) => peak)) / MIB)
        const worstShape = slowestOfAll?.what ?? ""
        const largestShape = found.toSorted((a, b) => b.peak - a.peak)[0]?.what ?? ""
        say(`p99 ${p99_ms} ms, worst: ${worstShape}`)
        say(`${heap_mib} MiB, worst: ${largestShape}`)
        failures.push(...(await core.refusals()).filter((line) => line.startsWith("frame-refused")))
        return {
          phase: "hostile",
          calls: all.count,
          errors: failures.length,
          sessions: 9,
          records,
          p99_ms,
          heap_mib,
          worst: worstShape,
          worst_heap: largestShape,
          broken: [
            ...whatFailed(failures),
            ...(records > 0 ? [] : ["the hostile window sent nothing"]),
            ...(p99_ms <= P99_MS ? [] : [`another window's p99 is ${p99_ms} ms, more than ${P99_MS}`]),
            ...(heap_mib <= HEAP_MIB ? [] : [`the Core took ${heap_mib} MiB, more than ${HEAP_MIB}`]),
          ],
        }
      } finally {
        attacker.disconnect()
      }
    }),
})

function mixOf({ what }: Measured): ToAttacker {
  const [, shape = "", command = ""] = /^(.*) to "(.*)"$/.exec(what) ?? []
  return [{ shape, command }]
}

/** Makes a call, waits for its answer and a moment, and makes the next one. */
async function work(session: LoadSession, ms: number, failures: string[]): Promise<Latencies> {
  const latencies = new Latencies()
  const end = performance.now() + ms
  for (let n = 0; performance.now() < end; n++) {
    const begun = performance.now()
    await session.invoke("echo", { path: "notes/a.md", n }).catch((error) => failures.push(String(error)))
    latencies.add(performance.now() - begun)
    await delay(5)
  }
  return latencies
}
