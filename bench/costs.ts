import type { Page } from "../e2e/drivers/driver.ts"
import type { Effort } from "./effort.ts"
import { median, rounded } from "./figures.ts"
import { burst, hookTime, longTasks } from "./in-page.ts"
import { inPage, toFront } from "./measure.ts"
import { MAKE_HOOK } from "./sallyport-app.ts"
import type { ServerProcess } from "./server-process.ts"

/** What calls cost besides time, at 20,000 issued at once; `null` where an engine does not tell. */
export interface Costs {
  /** CPU time of all threads of the Core's process. */
  readonly core_cpu_us_per_call: number
  /** How long the page's main thread is busy: not its frame's, where that has a process of its own. */
  readonly page_main_us_per_call: number | null
  /** Tasks of the page over 50 ms. */
  readonly long_tasks: number | null
  readonly longest_task_ms: number | null
}

const HOOK_CALLS = 100_000

/** Taken apart from the figures: an observer costs, too. */
export async function measureCosts(page: Page, core: ServerProcess, effort: Effort): Promise<Costs> {
  await toFront(page, effort)
  const cpu: number[] = []
  const busy: number[] = []
  for (let round = 0; round < Math.ceil(effort.rounds / 3); round++) {
    const [cpuBefore, busyBefore] = [await core.cpuTime(), await page.busyTime()]
    await inPage(page, burst, effort.burstCalls)
    const [cpuAfter, busyAfter] = [await core.cpuTime(), await page.busyTime()]
    cpu.push((cpuAfter - cpuBefore) / effort.burstCalls)
    if (busyBefore !== null && busyAfter !== null) busy.push(((busyAfter - busyBefore) / effort.burstCalls) * 1000)
  }
  const tasks = await inPage(page, longTasks, effort.burstCalls)
  return {
    core_cpu_us_per_call: rounded(median(cpu), 2) ?? Number.NaN,
    page_main_us_per_call: rounded(median(busy), 2),
    long_tasks: tasks?.count ?? null,
    longest_task_ms: tasks === null ? null : rounded(tasks.longest_ms, 0),
  }
}

/** The bench's own hook without anything around it, in µs a call. */
export async function measureHook(page: Page): Promise<number> {
  const time = await page.evaluate<number>(`return (${hookTime})(${MAKE_HOOK}, ${HOOK_CALLS})`)
  return Number(time.toFixed(3))
}
