import { isDeepStrictEqual } from "node:util"
import { type LoadWindow, letGo } from "../client.ts"
import type { CoreProcess, Left } from "../core-process.ts"
import { inParallel } from "../in-parallel.ts"
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
/** How long what is left may take to go: less than the ten seconds for which the Core looks after a frame that it served. */
const GONE_MS = 8000

export const sessions: Phase = definePhase({
  name: "sessions",
  summary: "sessions that come and go, with listeners, resources, channels and calls that never end: nothing is left",
  quick: { sessions: 150 },
  full: { sessions: 10_000 },
  run: ({ sessions }, say) =>
    withCore(labelsOf(WINDOWS), async (core, failures) => {
      let calls = 0
      const comeAndGo = async (window: LoadWindow): Promise<void> => {
        try {
          const made = await oneSession(window)
          calls += made
        } catch (error) {
          failures.push(String(error))
        }
      }
      const windows = await openWindows(core, labelsOf(WINDOWS))
      // One that stays: a window without a session for five seconds is taken for closed.
      const staying = await connectAll(windows)
      const visits = (count: number): LoadWindow[] =>
        Array.from({ length: count }, (_, index) => windows[index % WINDOWS] as LoadWindow)
      const warmUp = Math.ceil(sessions / 10)
      await inParallel(visits(warmUp), WINDOWS, comeAndGo)
      const none = await whenGone(core, null)
      const before = await core.memory()
      for (let done = 0; done < sessions; done += warmUp) {
        await inParallel(visits(warmUp), WINDOWS, comeAndGo)
        say(`${done + warmUp} sessions have come and gone`)
      }
      const left = await whenGone(core, none)
      const after = await core.memory()
      failures.push(...(await core.refusals()))
      await Promise.all(staying.map((session) => session.close()))
      const growth = bytesOf(after) - bytesOf(before)
      return {
        phase: "sessions",
        calls,
        errors: failures.length,
        sessions: sessions + warmUp,
        heap_start: before.heap,
        heap_end: after.heap,
        growth_bytes: growth,
        left: sum(left) - sum(none),
        broken: [
          ...whatFailed(failures),
          ...(isDeepStrictEqual(left, none) && left.sessions === WINDOWS
            ? []
            : [`left behind: ${JSON.stringify(left)}`]),
          ...(growth <= FLAT_BYTES ? [] : [`the Core's heap grew by ${mebibytes(growth)} in ${sessions} sessions`]),
        ],
      }
    }),
})

/** Leaves as much behind as a page can. Resolves with the calls it made. */
async function oneSession(window: LoadWindow): Promise<number> {
  const session = await window.connect()
  const begun = new Promise((resolve) => {
    session.onFrame = ({ channels = [] }) => {
      if (channels.length > 0) resolve(null)
    }
  })
  // Neither is answered before the page is gone.
  session.invoke("wait", { channel: "__CHANNEL__:7" }).catch(() => {})
  await Promise.all([
    session.invoke("hold", {}),
    session.invoke("plugin:event|listen", { event: "news", target: { kind: "Any" }, handler: 1 }),
    begun,
  ])
  await session.close()
  return 3
}

const sum = (left: Left): number => Object.values(left).reduce((total, count) => total + count, 0)

/** What is left when it is as little as it gets, or as little as it was. */
async function whenGone(core: CoreProcess, before: Left | null): Promise<Left> {
  letGo()
  const end = performance.now() + GONE_MS
  let last = await core.left()
  while (performance.now() < end) {
    if (before === null ? last.sessions === WINDOWS : isDeepStrictEqual(last, before)) return last
    await new Promise((resolve) => setTimeout(resolve, 100))
    last = await core.left()
  }
  return last
}
