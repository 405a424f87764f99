import { BROWSERS } from "../../e2e/drivers/driver.ts"
import type { Fault } from "../fault.ts"
import type { Settled } from "../ledger.ts"
import { busiest, endAll } from "../processes.ts"

/** How long the hook, or the page, keeps its thread busy, in ms: by that its process is found. */
const SPIN_MS = 700

const SPIN_HERE = `for (const end = performance.now() + ${SPIN_MS}; performance.now() < end; );`

export const sandboxKilled: Fault = {
  id: "sandbox-killed",
  name: "the process that the sandbox runs in is killed",
  outcome:
    "Chromium and Firefox: a sandbox that does not answer is given up after three times `frameTimeoutMs` (half a minute), its calls reject " +
    "once, the next ones pass a new one. WebKitGTK has one process for page and sandbox: the page goes with it, and its session ends",
  seen: "calls in flight reject with `CONNECTION_LOST`, later ones work; in WebKitGTK the window is empty: open it from the app again",
  browsers: BROWSERS,
  run: async (scene) => {
    const { findings } = scene
    const subject = await scene.start({ limits: scene.isQuick ? { frameTimeoutMs: 2000 } : {} })
    const before = await subject.census()
    let page = await scene.open(subject)
    const sandbox = await busiest(process.pid, () => page.evaluate(`return call("count", { spin: ${SPIN_MS} })`))
    const ofPage = await busiest(process.pid, () => page.evaluate(SPIN_HERE))
    const isShared = sandbox.pid === ofPage.pid
    if (isShared !== (scene.browser().name === "webkit"))
      findings.add("stopped", `page and sandbox ${isShared ? "share a process" : "have a process each"}`)
    await page.evaluate(`for (let made = 0; made < 100; made++) call("hold")`)
    await findings.goesOn("all calls run", async () => (await subject.runs()).length >= 102)
    await endAll([sandbox])
    if (isShared) {
      await findings.goesOn("the session ends", () => subject.sessions === 0)
      // With the web process the test's own connection to the browser is gone.
      await scene.relaunch()
      page = await scene.open(subject)
    } else {
      // A call that comes now waits for what there is no more, too.
      await page.evaluate("void call('count')")
      const report = await findings.settled(page, scene.isQuick ? 30_000 : 60_000)
      if (report.codes.CONNECTION_LOST !== 101)
        findings.add("stopped", `calls settled so: ${JSON.stringify(report.codes)}`)
    }
    await findings.goesOn(
      "the next call passes a new sandbox",
      async () => (await page.evaluate<Settled>("return call('count')")).value !== undefined,
    )
    await findings.settled(page)
    await findings.pageIsClean(page)
    await findings.ranOnce(subject)
    await page.close()
    await scene.holdsNoMoreThan(subject, before)
  },
  controls: [
    {
      breaks: "lost",
      change: {
        off: "the watch over a sandbox",
        file: "page/session.ts",
        find: "if (++this.#silentTicks *",
        replace: "if (0 *",
      },
    },
  ],
}
