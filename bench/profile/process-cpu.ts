import type { Driver, Page } from "../../e2e/drivers/driver.ts"
import { CoreProcess } from "../core/core-process.ts"
import { openWindow } from "../core/open-window.ts"
import type { Pattern } from "../sallyport-app.ts"
import { BURST_CALLS, bursts, HOOK, SPIN_MS } from "./load.ts"
import { descendants, machineTicks, type Process, TICK_US, taken, ticksOf } from "./processes.ts"

/** What one process, or one thread of it, took of processors for each call, in µs. */
export interface CpuRow {
  readonly name: string
  readonly us: number
  readonly threads: readonly { readonly name: string; readonly us: number }[]
}

export interface ProcessCpu {
  readonly calls: number
  /** From the first call of a burst to the last reply, by the page's clock: for each call, in µs. */
  readonly wallUs: number
  /** The greatest first. All processes of browser and Core, and what drives them. */
  readonly rows: readonly CpuRow[]
  /** What everything else on the machine took meanwhile, for each call: the less, the better the measurement. */
  readonly othersUs: number
}

/** Threads that took less than this part of their process are added up. */
const SMALL_THREAD = 0.05
/** And processes that took less than this part of all. */
const SMALL_PROCESS = 0.01

/** What each process takes while the page makes bursts of calls. Ticks are of 10 ms, so that there must be many. */
export async function measureProcesses(driver: Driver, pattern: Pattern, count: number): Promise<ProcessCpu> {
  const core = await CoreProcess.start({ pattern, hook: HOOK })
  try {
    const page = await openWindow(driver, core)
    const roles = await rolesOf(page, core, pattern)
    await page.evaluate(bursts(5))
    const [before, ofMachine] = [descendants(), machineTicks()]
    const times = await page.evaluate<readonly number[]>(bursts(count))
    const processes = taken(before, descendants())
    const others = machineTicks() - ofMachine - processes.reduce((sum, process) => sum + ticksOf(process), 0)
    await page.close()
    const calls = count * BURST_CALLS
    const rows = processes.map((process) => rowOf(process, roles.get(process.pid) ?? process.name, calls))
    return {
      calls,
      wallUs: (times.reduce((sum, ms) => sum + ms, 0) * 1000) / calls,
      rows: merged(rows),
      othersUs: (Math.max(0, others) * TICK_US) / calls,
    }
  } finally {
    await core.close()
  }
}

/** Which process is whose: whatever runs hottest while the page, and then the hook, keeps its thread busy. */
export async function rolesOf(page: Page, core: CoreProcess, pattern: Pattern): Promise<Map<number, string>> {
  const roles = new Map<number, string>()
  const hottest = async (script: string): Promise<number> => {
    // Twice the same: a process that is just starting up may run hotter once.
    for (let last = 0, attempt = 0; attempt < 20; attempt++) {
      const before = descendants()
      await page.evaluate(script)
      const processes = taken(before, descendants()).filter(({ pid }) => pid !== process.pid && pid !== core.pid)
      const pid = processes.toSorted((a, b) => ticksOf(b) - ticksOf(a))[0]?.pid ?? 0
      if (pid === last) return pid
      last = pid
    }
    throw new Error("which process is the page's cannot be told: others are busier")
  }
  const ofPage = await hottest(`const end = performance.now() + ${SPIN_MS}; while (performance.now() < end);`)
  roles.set(ofPage, "page")
  if (pattern === "isolation") {
    const ofSandbox = await hottest(`await __TAURI_INTERNALS__.invoke("spin", {}).catch(() => {})`)
    roles.set(ofSandbox, ofSandbox === ofPage ? "page and sandbox" : "sandbox")
  }
  roles.set(core.pid, "Core")
  roles.set(process.pid, "what drives the browser")
  return roles
}

function rowOf(process: Process, name: string, calls: number): CpuRow {
  const perCall = (ticks: number): number => (ticks * TICK_US) / calls
  const total = ticksOf(process)
  const byName = new Map<string, number>()
  for (const thread of process.threads.values()) {
    const shown = thread.ticks < total * SMALL_THREAD ? "other threads" : thread.name
    byName.set(shown, (byName.get(shown) ?? 0) + thread.ticks)
  }
  const threads = [...byName].map(([thread, ticks]) => ({ name: thread, us: perCall(ticks) }))
  return { name, us: perCall(total), threads: threads.filter(({ us }) => us > 0).toSorted((a, b) => b.us - a.us) }
}

/** Processes of one name are one row, and so are all that took next to nothing. */
function merged(rows: readonly CpuRow[]): CpuRow[] {
  const small = SMALL_PROCESS * rows.reduce((sum, { us }) => sum + us, 0)
  const byName = Map.groupBy(rows, ({ name, us }) => (us < small ? "other processes" : name))
  return [...byName]
    .map(([name, same]) => ({
      name,
      us: same.reduce((sum, { us }) => sum + us, 0),
      threads: name === "other processes" ? [] : same.flatMap(({ threads }) => threads),
    }))
    .toSorted((a, b) => b.us - a.us)
}
