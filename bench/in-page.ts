/**
 * What runs in the measured page: each function goes over as its text, so that it can name nothing but its parameters, `subject`
 * and what a page has. Times come from the page's own clock. Answers are looked at, outside of what is timed where that would
 * weigh: whoever answers wrongly is not fast, but throws an `Error` here.
 */
import type { Note, Subject } from "./subject.ts"

declare const subject: Subject
/** Set by the page's first script: when its first call was answered, in ms since the navigation began. */
declare const firstReply: Promise<number>

/** Calls per second when all are made at once. */
export async function burst(calls: number): Promise<number> {
  const started = performance.now()
  const answers = await Promise.all(Array.from({ length: calls }, (_, n) => subject.echo({ path: "notes/a.md", n })))
  const elapsed = performance.now() - started
  const wrong = answers.filter((answer, n) => answer.n !== n || answer.path !== "notes/a.md").length
  if (wrong > 0) throw new Error(`${wrong} of ${calls} answers were wrong`)
  return (calls / elapsed) * 1000
}

/** Calls per second when there are always `width` on their way, until so many are made, or so many ms have passed. */
export async function inflight(calls: number, width: number, limitMs: number): Promise<number> {
  let made = 0
  let wrong = 0
  const started = performance.now()
  const worker = async (): Promise<void> => {
    while (made < calls && performance.now() - started < limitMs) {
      const n = made++
      const answer = await subject.echo({ path: "notes/a.md", n })
      if (answer.n !== n) wrong++
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  const elapsed = performance.now() - started
  if (wrong > 0) throw new Error(`${wrong} of ${made} answers were wrong`)
  return (made / elapsed) * 1000
}

/** Of calls one after the other, p50 and p99 in µs; until so many are made, or so many ms have passed. */
export async function serial(calls: number, limitMs: number): Promise<[p50: number, p99: number]> {
  const times: number[] = []
  const begun = performance.now()
  for (let n = 0; n < calls && performance.now() - begun < limitMs; n++) {
    const started = performance.now()
    const answer = await subject.echo({ path: "notes/a.md", n })
    times.push(performance.now() - started)
    if (answer.n !== n) throw new Error(`call ${n} was answered with ${JSON.stringify(answer)}`)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => (times[Math.floor(times.length * share)] ?? Number.NaN) * 1000
  return [at(0.5), at(0.99)]
}

/** How long one raw argument of so many bytes takes, to the answer that tells its length, in ms. */
export async function raw(bytes: number): Promise<number> {
  const argument = new Uint8Array(bytes)
  const started = performance.now()
  const answer = await subject.length?.(argument)
  const elapsed = performance.now() - started
  if (answer !== bytes) throw new Error(`${bytes} bytes were answered with ${answer}`)
  return elapsed
}

/** Messages per second from the other side, from when they are asked for to the last one's arrival. */
export async function channel(messages: number): Promise<number> {
  const started = performance.now()
  const seen = await subject.stream?.(messages)
  const elapsed = performance.now() - started
  if (seen !== messages) throw new Error(`${seen} of ${messages} messages came, or not in their order`)
  return (messages / elapsed) * 1000
}

/** From the navigation's start to the first reply, in ms. */
export function firstCall(): Promise<number> {
  return firstReply
}

/** Tasks of the page over 50 ms while so many calls are made at once; `null` where an engine does not tell. */
export async function longTasks(calls: number): Promise<{ count: number; longest_ms: number } | null> {
  if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return null
  const durations: number[] = []
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) durations.push(duration)
  })
  // What came before does not count, and entries are handed out in tasks of their own: one turn before, and one behind.
  await new Promise((resolve) => setTimeout(resolve, 100))
  observer.observe({ type: "longtask" })
  await Promise.all(Array.from({ length: calls }, (_, n) => subject.echo({ path: "notes/a.md", n })))
  await new Promise((resolve) => setTimeout(resolve, 200))
  observer.disconnect()
  return { count: durations.length, longest_ms: Math.max(0, ...durations) }
}

/** What the hook itself takes for a call, in µs: called in a loop, with a payload as it gets it. */
export function hookTime(makeHook: () => (payload: object) => object, calls: number): number {
  const hook = makeHook()
  const payload = (n: number) => {
    const note: Note = { path: "notes/a.md", n }
    return { cmd: "echo", callback: n, error: n + 1, ...note, payload: note }
  }
  const payloads = Array.from({ length: 1000 }, (_, n) => payload(n))
  const run = (times: number): number => {
    const started = performance.now()
    for (let n = 0; n < times; n++) hook(payloads[n % 1000] as object)
    return performance.now() - started
  }
  run(calls)
  return (run(calls) / calls) * 1000
}
