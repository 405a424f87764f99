import { Latencies } from "../latencies.ts"
import {
  bytesOf,
  connectAll,
  definePhase,
  labelsOf,
  mebibytes,
  openWindows,
  type Phase,
  whatFailed,
  withCore,
} from "../phase.ts"

/** What a session that does nothing may take of the Core's memory. */
const IDLE_BYTES = 64 * 1024

export const windows: Phase = definePhase({
  name: "windows",
  summary: "many windows on one Core: each opens, says hello, loads its frame and calls; what an idle session takes",
  quick: { windows: 200, callsEach: 10 },
  full: { windows: 1000, callsEach: 50 },
  run: ({ windows, callsEach }, say) =>
    withCore(labelsOf(windows), async (core, failures) => {
      const opened = await openWindows(core, labelsOf(windows))
      const before = await core.memory()
      const begun = performance.now()
      const sessions = await connectAll(opened)
      const connect_us = Math.round(((performance.now() - begun) / windows) * 1000)
      say(`${windows} windows connected, one each ${(connect_us / 1000).toFixed(1)} ms`)
      const idle = await core.memory()

      const latencies = new Latencies()
      await Promise.all(
        sessions.map(async (session, window) => {
          for (let n = 0; n < callsEach; n++) {
            const started = performance.now()
            try {
              const answer = (await session.invoke("echo", { path: "notes/a.md", window, n })) as Record<
                string,
                unknown
              >
              if (answer.window !== window || answer.n !== n) failures.push("an answer to another call")
            } catch (error) {
              failures.push(String(error))
            }
            latencies.add(performance.now() - started)
          }
        }),
      )
      failures.push(...(await core.refusals()))
      const { sessions: counted } = await core.left()
      await Promise.all(sessions.map((session) => session.close()))
      const idle_session_bytes = Math.round((bytesOf(idle) - bytesOf(before)) / windows)
      say(`an idle session takes ${(idle_session_bytes / 1024).toFixed(1)} KiB of the Core's heap`)
      return {
        phase: "windows",
        calls: latencies.count,
        errors: failures.length,
        sessions: counted,
        p50_us: latencies.percentile(50),
        p99_us: latencies.percentile(99),
        heap_start: before.heap,
        heap_end: idle.heap,
        connect_us,
        idle_session_bytes,
        idle_session_rss_bytes: Math.round((idle.rss - before.rss) / windows),
        broken: [
          ...whatFailed(failures),
          ...(counted === windows ? [] : [`${counted} sessions, not ${windows}`]),
          ...(idle_session_bytes <= IDLE_BYTES ? [] : [`an idle session takes ${mebibytes(idle_session_bytes)}`]),
        ],
      }
    }),
})
