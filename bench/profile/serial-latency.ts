import { CoreProcess, type Mark } from "../core/core-process.ts"
import type { Pattern } from "../sallyport-app.ts"
import { type Latency, readLatency } from "./latency.ts"
import { HOOK, MARKED_HOOK } from "./load.ts"
import { ProfiledWindow } from "./profiled-window.ts"
import { plainCalls, serialCalls, WINDOW_MARKS } from "./window-marks.ts"

export interface SerialLatency extends Latency {
  readonly browser: string
  /** Of the same calls in a window of its own, in which no moment is taken down. */
  readonly plainP50Us: number
}

/** Makes calls one after the other, and says where the time of one goes. */
export async function measureSerialLatency(pattern: Pattern, calls: number): Promise<SerialLatency> {
  const times = await withWindow(pattern, HOOK, "", async (window) => {
    await window.run(plainCalls(calls / 2))
    return window.run<number[]>(plainCalls(calls))
  })
  const plainP50Us = (times.toSorted((a, b) => a - b)[Math.floor(calls / 2)] ?? Number.NaN) * 1000
  return withWindow(pattern, pattern === "isolation" ? MARKED_HOOK : HOOK, WINDOW_MARKS, async (window, core) => {
    await core.mark()
    await window.run(serialCalls(calls / 2))
    await core.marks()
    const take = async (): Promise<readonly Mark[] | undefined> => window.sandbox?.evaluate("benchMarks.take()")
    await take()
    const page = await window.run<readonly Mark[]>(serialCalls(calls))
    const [sandbox, ofCore] = [await take(), await core.marks()]
    const marks = { page, core: ofCore, ...(sandbox === undefined ? {} : { sandbox }) }
    return { ...readLatency(pattern, marks), browser: window.version, plainP50Us }
  })
}

async function withWindow<Result>(
  pattern: Pattern,
  hook: string,
  first: string,
  work: (window: ProfiledWindow, core: CoreProcess) => Promise<Result>,
): Promise<Result> {
  const core = await CoreProcess.start({ pattern, hook })
  try {
    const window = await ProfiledWindow.open(core, pattern === "isolation", first)
    try {
      return await work(window, core)
    } finally {
      await window.close()
    }
  } finally {
    await core.close()
  }
}
