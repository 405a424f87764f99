/**
 * Many windows, played without browsers, in a process of its own: what they cost themselves must not count as the Core's. Each
 * says hello, loads its frame, seals; only the hook is not run. Started by load-windows.ts, which sends their links.
 */
import { LoadWindow, letGo } from "../../soak/client.ts"
import { inParallel } from "../../soak/in-parallel.ts"
import type { LoadSession } from "../../soak/load-session.ts"

/** Calls that each window has on their way, in one frame. */
export const IN_FLIGHT = 64

export type ToLoad = { readonly links: readonly string[] } | { readonly ms: number }
export type FromLoad = "ready" | { readonly calls: number; readonly perSecond: number; readonly p99Us: number }

const tell = (message: FromLoad): void => void process.send?.(message)
let sessions: readonly LoadSession[] = []

/** An id is free again when its call is answered, so that each frame can say the same. */
const CALLS = `{"calls":[${Array.from({ length: IN_FLIGHT }, (_, n) => `[${n + 1},"echo",{"path":"notes/a.md","n":${n}}]`)}],"blobs":[]}`

async function work(ms: number): Promise<void> {
  const times: number[] = []
  const begun = performance.now()
  await Promise.all(sessions.map((session) => workOf(session, begun + ms, times)))
  const elapsed = performance.now() - begun
  times.sort((a, b) => a - b)
  const calls = times.length * IN_FLIGHT
  const p99Us = (times[Math.floor(times.length * 0.99)] ?? Number.NaN) * 1000
  tell({ calls, perSecond: (calls / elapsed) * 1000, p99Us })
}

/** One frame after the other; how long each took is how long its slowest call did. */
function workOf(session: LoadSession, end: number, times: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let started = 0
    let waiting = 0
    const next = (): void => {
      started = performance.now()
      if (started >= end) return resolve()
      waiting = IN_FLIGHT
      session.send(CALLS)
    }
    session.onFrame = ({ replies = [] }) => {
      waiting -= replies.length
      if (waiting > 0) return
      times.push(performance.now() - started)
      next()
    }
    session.closed.then(() => reject(new Error("the Core ended a window's session")))
    next()
  })
}

process.on("message", async (message: ToLoad) => {
  if ("ms" in message) return work(message.ms)
  sessions = await inParallel(message.links, 16, async (link) => (await LoadWindow.open(link)).connect())
  letGo()
  tell("ready")
})
process.once("disconnect", () => process.exit(0))
