import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { command, createApp } from "sallyport"
import type { Driver, Page } from "../e2e/drivers/driver.ts"

/** What is measured of one pattern in one browser. Rates are calls a second, times as their names say. */
export interface Figures {
  readonly burst_per_s: number
  readonly inflight64_per_s: number
  readonly serial_p50_us: number
  readonly serial_p99_us: number
  readonly raw_1mib_ms: number
  readonly first_call_ms: number
}

/** How often each figure is taken; what is reported is the median of the runs. */
export interface Effort {
  readonly runs: number
  readonly serialCalls: number
  readonly burstCalls: number
  readonly inflightCalls: number
  readonly rawCalls: number
  readonly navigations: number
}

export const QUICK: Effort = {
  runs: 3,
  serialCalls: 500,
  burstCalls: 20_000,
  inflightCalls: 20_000,
  rawCalls: 10,
  navigations: 5,
}
export const FULL: Effort = {
  runs: 9,
  serialCalls: 3000,
  burstCalls: 20_000,
  inflightCalls: 50_000,
  rawCalls: 40,
  navigations: 15,
}

/** A hook that looks at what a real one would. */
const HOOK = `const allowed = new Set(["echo", "length"])
window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (!allowed.has(payload.cmd)) throw new Error("not allowed")
  if (payload.path !== undefined && payload.path.includes("..")) throw new Error("not allowed")
  return payload
}
`

/**
 * The scripts run in the page; each returns one number. A call carries a path and a number, as a small real one would.
 * Times come from the page's own clock.
 */
const BURST = (calls: number): string => `const { invoke } = __TAURI_INTERNALS__; const started = performance.now()
  await Promise.all(Array.from({ length: ${calls} }, (_, n) => invoke("echo", { path: "notes/a.md", n })))
  return ${calls} / (performance.now() - started) * 1000`
const INFLIGHT = (
  calls: number,
): string => `const { invoke } = __TAURI_INTERNALS__; let left = ${calls}; const started = performance.now()
  const worker = async () => { while (left-- > 0) await invoke("echo", { path: "notes/a.md", n: left }) }
  await Promise.all(Array.from({ length: 64 }, worker))
  return ${calls} / (performance.now() - started) * 1000`
const SERIAL = (calls: number): string => `const { invoke } = __TAURI_INTERNALS__; const times = []
  for (let n = 0; n < ${calls}; n++) { const started = performance.now(); await invoke("echo", { path: "notes/a.md", n }); times.push(performance.now() - started) }
  times.sort((a, b) => a - b)
  return [times[Math.floor(${calls} * 0.5)] * 1000, times[Math.floor(${calls} * 0.99)] * 1000]`
const RAW = (
  calls: number,
): string => `const { invoke } = __TAURI_INTERNALS__; const bytes = new Uint8Array(2 ** 20); const started = performance.now()
  for (let n = 0; n < ${calls}; n++) await invoke("length", bytes)
  return (performance.now() - started) / ${calls}`
/** From the navigation's start to the first reply. */
const FIRST = `await firstReply; return firstReplyAt`

/** Only a cross-origin isolated page gets a clock of 5 to 20 µs; in one of a millisecond a single call vanishes. */
const FINE_CLOCK = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
}

const FRONTEND = `<!doctype html><html><head><meta charset="utf-8"><title>Benchmark</title></head><body><script src="first.js"></script></body></html>`
const FIRST_SCRIPT = `window.firstReply = __TAURI_INTERNALS__.invoke("echo", { path: "a", n: 0 }).then(() => { window.firstReplyAt = performance.now() })`

export async function measure(driver: Driver, pattern: "isolation" | "brownfield", effort: Effort): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-bench-"))
  await mkdir(join(folder, "frontend"))
  await mkdir(join(folder, "isolation"))
  await writeFile(join(folder, "frontend", "index.html"), FRONTEND)
  await writeFile(join(folder, "frontend", "first.js"), FIRST_SCRIPT)
  await writeFile(join(folder, "isolation", "index.html"), `<!doctype html><script src="index.js"></script>`)
  await writeFile(join(folder, "isolation", "index.js"), HOOK)
  const use = pattern === "isolation" ? { use: "isolation", options: { dir: "isolation" } } : { use: "brownfield" }
  const config = {
    identifier: "org.sallyport.bench",
    build: { frontendDist: "frontend" },
    app: { security: { pattern: use, headers: FINE_CLOCK } },
  }
  await writeFile(join(folder, "tauri.conf.json"), JSON.stringify(config))
  // The port that is remembered goes with the folder.
  process.env.XDG_STATE_HOME = join(folder, "state")
  const app = await createApp({
    config: folder,
    commands: { echo: command((args) => args), length: command((args) => (args as Uint8Array).length) },
    keepRunning: true,
  })
  try {
    let page: Page | undefined
    await app.open("main", async (url) => {
      page = await driver.open(url)
    })
    if (page === undefined) throw new Error("the app did not ask for a window")
    await page.waitFor("return typeof firstReply === 'object'")
    const figures = await takeFigures(page, effort)
    await page.close()
    return figures
  } finally {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function takeFigures(page: Page, effort: Effort): Promise<Figures> {
  // One run of each that does not count: compilers warm up, buffers grow.
  await page.evaluate(BURST(effort.burstCalls))
  await page.evaluate(SERIAL(100))
  const runs = async (script: string): Promise<number[]> => {
    const results: number[] = []
    for (let run = 0; run < effort.runs; run++) results.push(await page.evaluate<number>(script))
    return results
  }
  const burst = median(await runs(BURST(effort.burstCalls)))
  const inflight = median(await runs(INFLIGHT(effort.inflightCalls)))
  const serial: (readonly [number, number])[] = []
  for (let run = 0; run < effort.runs; run++) serial.push(await page.evaluate(SERIAL(effort.serialCalls)))
  const raw = median(await runs(RAW(effort.rawCalls)))
  const first: number[] = []
  for (let navigation = 0; navigation < effort.navigations; navigation++) {
    await page.reload()
    await page.waitFor("return typeof firstReply === 'object'")
    first.push(await page.evaluate<number>(FIRST))
  }
  return {
    burst_per_s: Math.round(burst),
    inflight64_per_s: Math.round(inflight),
    serial_p50_us: Math.round(median(serial.map(([p50]) => p50))),
    serial_p99_us: Math.round(median(serial.map(([, p99]) => p99))),
    raw_1mib_ms: round(raw),
    first_call_ms: round(median(first)),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
