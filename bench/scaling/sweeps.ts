import type { Driver } from "../../e2e/drivers/driver.ts"
import type { CoreOptions } from "../core/core-process.ts"
import type { Pattern } from "../sallyport-app.ts"
import { AppWindow } from "./app-window.ts"
import { batches, flow, payloads } from "./in-page.ts"
import { sweepWindows } from "./load-windows.ts"
import type { Line, Point, Sweep } from "./sweep.ts"

const PATTERNS = [
  ["isolated", "isolation"],
  ["brownfield", "brownfield"],
] as const satisfies readonly (readonly [name: string, pattern: Pattern])[]

/** How long each place is measured, in ms. */
const MS = 800
const IN_FLIGHT = 64
const MIB = 2 ** 20
/** More than the largest payload, so that no limit is what is measured. */
const NO_LIMITS = { jsonBytes: 80 * MIB, blobBytes: 80 * MIB, bytesInFlight: 1024 * MIB }

export const SWEEPS: readonly {
  readonly id: string
  readonly run: (driver: Driver) => Promise<Sweep>
}[] = [
  { id: "batch", run: sweepBatches },
  { id: "payload", run: sweepPayloads },
  { id: "hook", run: sweepHooks },
  { id: "windows", run: sweepWindows },
  { id: "handler", run: sweepHandlers },
]

async function sweepBatches(driver: Driver): Promise<Sweep> {
  const sizes = [1, 4, 16, 64, 256, 1024, 4096, 20_000]
  const lines: Line[] = []
  for (const [name, pattern] of PATTERNS)
    lines.push({
      name,
      points: await inWindow(driver, { pattern }, async (window) => {
        // One that does not count: compilers warm up.
        await window.take(0, batches, 20_000, MS)
        return eachOf(sizes, (size) => window.take(size, batches, size, MS))
      }),
    })
  return {
    id: "batch",
    title: "Calls issued together",
    what: "so many calls at once, the next when all are answered; a call carries a path and a number",
    axis: "calls issued together",
    label: count,
    lines,
  }
}

async function sweepPayloads(driver: Driver): Promise<Sweep> {
  const sizes = [0, 1024, 32 * 1024, MIB, 8 * MIB, 64 * MIB]
  const lines: Line[] = []
  for (const [name, pattern] of PATTERNS)
    await inWindow(driver, { pattern, limits: NO_LIMITS }, async (window) => {
      for (const kind of ["raw", "text"] as const) {
        await window.take(0, payloads, kind, MIB, MS)
        const points = await eachOf(sizes, (size) => window.take(size, payloads, kind, size, MS))
        lines.push({ name: `${name}, ${kind === "raw" ? "raw bytes" : "JSON text"}`, points })
      }
    })
  return {
    id: "payload",
    title: "Size of an argument",
    what: "one call after the other with an argument of so many bytes, raw or as a string; the answer is their number",
    axis: "bytes of the argument",
    label: bytes,
    lines,
  }
}

async function sweepHooks(driver: Driver): Promise<Sweep> {
  const costs = [0, 10, 30, 100, 300, 1000]
  const points = await inWindow(driver, { pattern: "isolation" }, async (window) => {
    const take = (hookUs: number, ms: number): Promise<Point> =>
      window.take(hookUs, flow, "echo", { path: "notes/a.md", n: 1, hookUs }, IN_FLIGHT, ms)
    await take(0, MS)
    await take(1, MS)
    return eachOf(costs, (cost) => take(cost, 1.5 * MS))
  })
  return {
    id: "hook",
    title: "Time that the hook takes",
    what: `${IN_FLIGHT} calls on their way at any time, and a hook that is busy so long for each`,
    axis: "µs of hook a call",
    label: (x) => `${x} µs`,
    lines: [{ name: "isolated", points }],
  }
}

async function sweepHandlers(driver: Driver): Promise<Sweep> {
  const times = [0, 0.1, 1, 2, 5, 10]
  const lines: Line[] = []
  for (const [name, pattern] of PATTERNS)
    await inWindow(driver, { pattern }, async (window) => {
      await window.take(0, flow, "echo", { path: "notes/a.md", n: 1 }, IN_FLIGHT, MS)
      for (const [kind, cmd] of [
        ["waits", "wait"],
        ["is busy", "work"],
      ] as const) {
        // A timer waits for whole milliseconds.
        const points = await eachOf(
          times.filter((ms) => cmd === "work" || Number.isInteger(ms)),
          (ms) => window.take(ms, flow, cmd, { ms }, IN_FLIGHT, 1.5 * MS),
        )
        lines.push({ name: `${name}, command ${kind}`, points })
      }
    })
  return {
    id: "handler",
    title: "Time that the command takes",
    what: `${IN_FLIGHT} calls on their way at any time, and a command that waits (a timer) or is busy so long for each`,
    axis: "ms of command a call",
    label: (x) => `${x} ms`,
    lines,
  }
}

async function inWindow<Result>(
  driver: Driver,
  options: Omit<CoreOptions, "hook">,
  work: (window: AppWindow) => Promise<Result>,
): Promise<Result> {
  const window = await AppWindow.open(driver, options)
  try {
    return await work(window)
  } finally {
    await window.close()
  }
}

async function eachOf(places: readonly number[], take: (x: number) => Promise<Point>): Promise<Point[]> {
  const points: Point[] = []
  for (const x of places) points.push(await take(x))
  return points
}

export function count(x: number): string {
  return x.toLocaleString("en-US")
}

export function bytes(x: number): string {
  if (x >= MIB) return `${x / MIB} MiB`
  return x >= 1024 ? `${x / 1024} KiB` : `${x} B`
}
