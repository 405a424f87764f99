import type { Driver, Page } from "../../e2e/drivers/driver.ts"
import { type CoreOptions, CoreProcess } from "../core/core-process.ts"
import { openWindow } from "../core/open-window.ts"
import { SPIN_MS } from "../profile/load.ts"
import { rolesOf } from "../profile/process-cpu.ts"
import type { Taken } from "./in-page.ts"
import { observe } from "./observe.ts"
import type { Point } from "./sweep.ts"

/**
 * A hook that takes as long as the call says. By turns of a loop whose speed it has measured: the clock of a frame goes in
 * steps of 100 µs.
 */
const HOOK = `let turnsPerUs = 0
let sink = 0
const work = (turns) => {
  for (let turn = 0; turn < turns; turn++) sink = (sink * 31 + turn) | 0
}
// The fastest of several: a thread that has to wait for a processor looks slow.
const calibrate = () => {
  for (let round = 0; round < 10; round++) {
    const started = performance.now()
    let turns = 0
    for (; performance.now() - started < 10; turns += 10_000) work(10_000)
    turnsPerUs = Math.max(turnsPerUs, turns / ((performance.now() - started) * 1000))
  }
}
window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "spin") {
    const end = performance.now() + ${SPIN_MS}
    while (performance.now() < end);
  }
  const us = payload.hookUs
  if (us > 0) {
    if (turnsPerUs === 0) calibrate()
    work(us * turnsPerUs)
  }
  return payload
}
`

/** An app and its one window, whose processes are known. */
export class AppWindow {
  readonly #core: CoreProcess
  readonly #page: Page
  readonly #roles: ReadonlyMap<number, string>

  private constructor(core: CoreProcess, page: Page, roles: ReadonlyMap<number, string>) {
    this.#core = core
    this.#page = page
    this.#roles = roles
  }

  static async open(driver: Driver, options: Omit<CoreOptions, "hook">): Promise<AppWindow> {
    const core = await CoreProcess.start({ ...options, hook: HOOK })
    try {
      const page = await openWindow(driver, core)
      return new AppWindow(core, page, await rolesOf(page, core, options.pattern))
    } catch (error) {
      await core.close()
      throw error
    }
  }

  /** Runs a function of in-page.ts in the page, and watches who is busy meanwhile. */
  async take<Args extends readonly unknown[]>(
    x: number,
    run: (...args: Args) => Promise<Taken>,
    ...args: Args
  ): Promise<Point> {
    const script = `return await (${run})(...${JSON.stringify(args)})`
    const { result, ...busy } = await observe(this.#roles, () => this.#page.evaluate<Taken>(script))
    return { x, ...result, ...busy }
  }

  async close(): Promise<void> {
    await this.#page.close()
    await this.#core.close()
  }
}
