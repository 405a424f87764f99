import { BROWSERS, type Page } from "../../e2e/drivers/driver.ts"
import type { Fault, Scene } from "../fault.ts"
import type { Report, Settled } from "../ledger.ts"
import type { Subject } from "../subject-process.ts"
import { SENT_CALLS_WAIT, SESSIONS_STAY } from "../weaknesses.ts"

const CALLS = 10_000

/** In the page: makes calls and waits for none. */
const MAKE = (cmd: string): string => `for (let made = 0; made < ${CALLS}; made++) call("${cmd}")`

/** Each call is answered, or rejects for the connection's sake: nothing else. */
async function settled({ findings }: Scene, page: Page): Promise<Report> {
  const report = await findings.settled(page)
  const { answered = 0, CONNECTION_LOST = 0 } = report.codes
  if (answered + CONNECTION_LOST < report.made)
    findings.add("stopped", `calls settled in another way: ${JSON.stringify(report.codes)}`)
  return report
}

/** A Core that is started again knows nobody: the page says so, and a window that is opened then works. */
async function startAgain(scene: Scene, subject: Subject, page: Page): Promise<void> {
  const { findings } = scene
  await subject.start()
  await findings.goesOn(
    "the page says that the app does not know it any more",
    async () => (await page.evaluate<Settled>("return call('count')")).code === "SESSION_REFUSED",
  )
  await findings.settled(page)
  await findings.pageIsClean(page)
  await page.close()
  const again = await scene.open(subject)
  await findings.settled(again)
  await again.close()
  await findings.ranOnce(subject)
}

export const coreKilled: Fault = {
  id: "core-killed",
  name: `the Core is killed (SIGKILL) with ${CALLS.toLocaleString("en")} calls in flight, and started again`,
  outcome:
    "each call rejects once with `CONNECTION_LOST`; the new Core runs none of them, and tells the page that it does not know it",
  seen: "calls fail with `CONNECTION_LOST`, later ones with `SESSION_REFUSED`: open the window from the app again",
  browsers: BROWSERS,
  run: async (scene) => {
    const { findings } = scene
    const subject = await scene.start()
    const before = await subject.census()
    const page = await scene.open(subject)
    await page.evaluate(MAKE("hold"))
    await findings.goesOn("all calls run", async () => (await subject.runs()).length === CALLS + 1)
    await subject.kill()
    const { codes } = await settled(scene, page)
    if (codes.answered !== 1)
      findings.add("stopped", `${codes.answered} calls were answered, which nobody can have done`)
    await startAgain(scene, subject, page)
    await scene.holdsNoMoreThan(subject, before)
  },
  controls: [
    { breaks: "lost", change: SENT_CALLS_WAIT },
    { breaks: "leaked", change: SESSIONS_STAY },
  ],
}

export const coreKilledMidway: Fault = {
  id: "core-killed-midway",
  name: `the Core is killed in the middle of ${CALLS.toLocaleString("en")} calls: at the first run, halfway, at the last`,
  outcome: "each call is answered or rejects with `CONNECTION_LOST`, whether it ran or not; none runs again",
  seen: "the same",
  browsers: BROWSERS,
  leftOutOfTests: ["firefox", "webkit"],
  run: async (scene) => {
    const subject = await scene.start()
    const before = await subject.census()
    for (const runs of scene.isQuick ? [CALLS / 2] : [1, CALLS / 2, CALLS]) {
      const page = await scene.open(subject)
      const killed = subject.killAtRun(runs)
      await page.evaluate(MAKE("count"))
      await killed
      const { codes } = await settled(scene, page)
      if ((codes.answered ?? 0) > (await subject.runs()).length)
        scene.findings.add("stopped", "more calls were answered than have run")
      await startAgain(scene, subject, page)
    }
    await scene.holdsNoMoreThan(subject, before)
  },
  controls: [
    {
      breaks: "doubled",
      change: {
        off: "the rule that a call is handed over once",
        file: "page/calls.ts",
        find: "return { tuples, blobs }",
        replace: 'return { tuples: tuples.flatMap((tuple) => [tuple, tuple.replace("[", "[9")]), blobs }',
      },
    },
  ],
}
