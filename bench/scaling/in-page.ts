/**
 * What runs in the page: each function goes over as its text, so that it can name nothing but its parameters and what a page has.
 * Times come from the page's own clock.
 */
declare const __TAURI_INTERNALS__: { invoke(cmd: string, args: unknown): Promise<unknown> }

export interface Taken {
  readonly calls: number
  readonly perSecond: number
  readonly p99Us: number
}

/** Batches of so many calls, the next when all of one are answered, for a while: once for the rate, once for each call's time. */
export async function batches(size: number, ms: number): Promise<Taken> {
  const { invoke } = __TAURI_INTERNALS__
  const run = async (call: (n: number) => Promise<unknown>): Promise<{ calls: number; elapsed: number }> => {
    const started = performance.now()
    let calls = 0
    let elapsed = 0
    do {
      await Promise.all(Array.from({ length: size }, (_, n) => call(n)))
      calls += size
      elapsed = performance.now() - started
    } while (elapsed < ms)
    return { calls, elapsed }
  }
  const times: number[] = []
  const { calls, elapsed } = await run((n) => invoke("echo", { path: "notes/a.md", n }))
  await run(async (n) => {
    const started = performance.now()
    await invoke("echo", { path: "notes/a.md", n })
    times.push(performance.now() - started)
  })
  times.sort((a, b) => a - b)
  const p99Us = (times[Math.floor(times.length * 0.99)] ?? Number.NaN) * 1000
  return { calls: calls + times.length, perSecond: (calls / elapsed) * 1000, p99Us }
}

/** For a while so many calls on their way at any time. */
export async function flow(cmd: string, args: object, width: number, ms: number): Promise<Taken> {
  const { invoke } = __TAURI_INTERNALS__
  const times: number[] = []
  const begun = performance.now()
  const worker = async (): Promise<void> => {
    for (let now = performance.now(); now - begun < ms; ) {
      await invoke(cmd, args)
      const answered = performance.now()
      times.push(answered - now)
      now = answered
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  const elapsed = performance.now() - begun
  times.sort((a, b) => a - b)
  const p99Us = (times[Math.floor(times.length * 0.99)] ?? Number.NaN) * 1000
  return { calls: times.length, perSecond: (times.length / elapsed) * 1000, p99Us }
}

/** Calls with so many bytes, one after the other, for a while; at least three. Each answer is their number. */
export async function payloads(kind: "raw" | "text", bytes: number, ms: number): Promise<Taken> {
  const { invoke } = __TAURI_INTERNALS__
  const [cmd, args] = kind === "raw" ? ["length", new Uint8Array(bytes)] : ["textLength", { text: "x".repeat(bytes) }]
  const times: number[] = []
  const begun = performance.now()
  while (times.length < 3 || performance.now() - begun < ms) {
    const started = performance.now()
    const answer = await invoke(cmd as string, args)
    times.push(performance.now() - started)
    if (answer !== bytes) throw new Error(`${bytes} bytes were answered with ${answer}`)
  }
  const elapsed = performance.now() - begun
  times.sort((a, b) => a - b)
  const p99Us = (times[Math.floor(times.length * 0.99)] ?? Number.NaN) * 1000
  return { calls: times.length, perSecond: (times.length / elapsed) * 1000, p99Us }
}
