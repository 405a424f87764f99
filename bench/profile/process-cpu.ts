import type { Driver, Page } from "../../e2e/drivers/driver.ts"
import { CoreProcess, type Pattern } from "../core/core-process.ts"
import { BURST_CALLS, bursts, HOOK, SPIN_MS } from "./load.ts"
import { descendants, type Process, TICK_US, taken, ticksOf } from "./processes.ts"

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
}

/** Threads that took less than this part of their process are added up. */
const SMALL = 0.03

/** What each process takes while the page makes bursts of calls. Ticks are of 10 ms, so that there must be many. */
export async function measureProcesses(driver: Driver, pattern: Pattern, count: number): Promise<ProcessCpu> {
  const core = await CoreProcess.start({ pattern, hook: HOOK })
  try {
    const page = await driver.open(await core.launchUrl())
    await page.waitFor("return typeof __TAURI_INTERNALS__ === 'object'")
    const roles = await rolesOf(page, core, pattern)
    await page.evaluate(bursts(5))
    const before = descendants()
    const times = await page.evaluate<readonly number[]>(bursts(count))
    const processes = taken(before, descendants())
    await page.close()
    const calls = count * BURST_CALLS
    const rows = processes.map((process) => rowOf(process, roles.get(process.pid) ?? process.name, calls))
    return {
      calls,
      wallUs: (times.reduce((sum, ms) => sum + ms, 0) * 1000) / calls,
      rows: merged(rows).filter(({ us }) => us > 0),
    }
  } finally {
    await core.close()
  }
}

/** Which process is whose: whatever runs hottest while the page, and then the hook, keeps its thread busy. */
async function rolesOf(page: Page, core: CoreProcess, pattern: Pattern): Promise<Map<number, string>> {
  const roles = new Map<number, string>()
  const hottest = async (script: string): Promise<number> => {
    const before = descendants()
    await page.evaluate(script)
    const processes = taken(before, descendants()).filter(({ pid }) => pid !== process.pid && pid !== core.pid)
    return processes.toSorted((a, b) => ticksOf(b) - ticksOf(a))[0]?.pid ?? 0
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
    const shown = thread.ticks < total * SMALL ? "other threads" : thread.name
    byName.set(shown, (byName.get(shown) ?? 0) + thread.ticks)
  }
  const threads = [...byName].map(([thread, ticks]) => ({ name: thread, us: perCall(ticks) }))
  return { name, us: perCall(total), threads: threads.filter(({ us }) => us > 0).toSorted((a, b) => b.us - a.us) }
}

/** Processes of one name are one row. */
function merged(rows: readonly CpuRow[]): CpuRow[] {
  const byName = Map.groupBy(rows, ({ name }) => name)
  return [...byName]
    .map(([name, same]) => ({
      name,
      us: same.reduce((sum, { us }) => sum + us, 0),
      threads: same.flatMap(({ threads }) => threads),
    }))
    .toSorted((a, b) => b.us - a.us)
}
