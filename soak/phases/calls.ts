import {
  bytesOf,
  connectAll,
  definePhase,
  FLAT_BYTES,
  labelsOf,
  mebibytes,
  openWindows,
  type Phase,
  whatFailed,
  withCore,
} from "../phase.ts"

const WINDOWS = 16
/** Calls that each window makes at once. */
const BURST = 500

export const calls: Phase = definePhase({
  name: "calls",
  summary: "very many calls: the Core's heap is as large behind them as it was before",
  quick: { calls: 100_000 },
  full: { calls: 1_000_000 },
  run: ({ calls }, say) =>
    withCore(labelsOf(WINDOWS), async (core, failures) => {
      const sessions = await connectAll(await openWindows(core, labelsOf(WINDOWS)))
      let made = 0
      /** Until so many were made. */
      const makeCalls = async (until: number): Promise<void> => {
        while (made < until) {
          made += WINDOWS * BURST
          const bursts = sessions.map(async (session) => {
            const answers = await Promise.all(
              Array.from({ length: BURST }, (_, n) => session.invoke("echo", { path: "notes/a.md", n })),
            )
            if (!answers.every((answer, n) => (answer as { n: number }).n === n)) failures.push("a wrong answer")
          })
          for (const { reason } of (await Promise.allSettled(bursts)) as PromiseRejectedResult[])
            if (reason !== undefined) failures.push(String(reason))
          if (failures.length > 0) return
        }
      }
      // A tenth does not count: caches fill.
      await makeCalls(calls / 10)
      const samples = [await core.memory()]
      const begun = performance.now()
      for (let part = 2; part <= 10; part++) {
        await makeCalls((calls / 10) * part)
        samples.push(await core.memory())
        say(`${made.toLocaleString("en-US")} calls: heap ${mebibytes(samples.at(-1)?.heap ?? 0)}`)
      }
      const seconds = (performance.now() - begun) / 1000
      failures.push(...(await core.refusals()))
      await Promise.all(sessions.map((session) => session.close()))
      const [first, last] = [samples[0], samples.at(-1)]
      if (first === undefined || last === undefined) throw new Error("no sample was taken")
      const growth = bytesOf(last) - bytesOf(first)
      return {
        phase: "calls",
        calls: made,
        errors: failures.length,
        sessions: WINDOWS,
        heap_start: first.heap,
        heap_end: last.heap,
        heap_most: Math.max(...samples.map(({ heap }) => heap)),
        growth_bytes: growth,
        calls_per_s: Math.round((calls * 0.9) / seconds),
        broken: [
          ...whatFailed(failures),
          ...(growth <= FLAT_BYTES ? [] : [`the Core's heap grew by ${mebibytes(growth)} in ${made} calls`]),
        ],
      }
    }),
})
