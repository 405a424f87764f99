import { setTimeout as delay } from "node:timers/promises"
import { BROWSERS, type Page } from "../../e2e/drivers/driver.ts"
import type { Fault, Scene } from "../fault.ts"
import type { Settled } from "../ledger.ts"
import { descendants, signalAll } from "../processes.ts"
import { openRawWindow, RawPage } from "../raw-page.ts"
import type { Subject, SubjectOptions } from "../subject-process.ts"
import { RUNS_TWICE } from "../weaknesses.ts"

const MINUTE_MS = 60_000
/** For `npm test` the Core asks more often who is there, so that some seconds are as long to it as a minute. */
const QUICK_MS = 6000
const ASKS_OFTEN = {
  off: "the half minute between two pings: it is two seconds",
  file: "server/websocket-connection.ts",
  find: "const PING_MS = 30_000",
  replace: "const PING_MS = 2000",
}

const sleepMs = ({ isQuick }: Scene): number => (isQuick ? QUICK_MS : MINUTE_MS)
const options = ({ isQuick }: Scene): SubjectOptions => (isQuick ? { changes: [ASKS_OFTEN] } : {})

/** Calls that are made just before somebody sleeps: some of them answer, some wait. */
const MAKE = `for (let made = 0; made < 1000; made++) call("count"); for (let made = 0; made < 10; made++) call("hold")`

/** The browser, with all that it has started. */
function browserOf(subject: Subject): ReturnType<typeof descendants> {
  const own = new Set(subject.processes.map(({ pid }) => pid))
  return descendants(process.pid).filter(({ pid }) => !own.has(pid))
}

async function goesOn({ findings }: Scene, subject: Subject, page: Page): Promise<void> {
  await findings.goesOn(
    "the page works",
    async () => (await page.evaluate<Settled>("return call('count')")).value !== undefined,
    30_000,
  )
  await findings.goesOn("the calls have run", async () => (await subject.runs()).length >= 1011)
  await findings.pageIsClean(page)
  await findings.ranOnce(subject)
}

/** What still waits is answered by the end of the app: nothing is lost. */
async function end({ findings }: Scene, subject: Subject, page: Page): Promise<void> {
  await subject.kill()
  await findings.settled(page)
  await page.close()
}

/** The Core sleeps while calls are on their way, and with it whoever is named; all wake, and no call is lost. */
async function sleepThrough(scene: Scene, others: (subject: Subject) => ReturnType<typeof descendants>): Promise<void> {
  const subject = await scene.start(options(scene))
  const page = await scene.open(subject)
  await page.evaluate(MAKE)
  const asleep = others(subject)
  signalAll(asleep, "SIGSTOP")
  subject.signal("SIGSTOP")
  await delay(sleepMs(scene))
  subject.signal("SIGCONT")
  signalAll(asleep, "SIGCONT")
  await goesOn(scene, subject, page)
  const { codes } = await page.evaluate<{ codes: Record<string, number> }>("return report()")
  if (codes.CONNECTION_LOST !== undefined)
    scene.findings.add("stopped", `${codes.CONNECTION_LOST} calls were lost in their sleep`)
  await end(scene, subject, page)
}

const ASLEEP = { browsers: BROWSERS, limitMs: 180_000 }

export const coreAsleep: Fault = {
  ...ASLEEP,
  id: "core-asleep",
  name: "the Core is stopped for a minute (SIGSTOP, SIGCONT) while calls are on their way",
  outcome: "calls wait, and are answered when it wakes; the session goes on",
  seen: "nothing moves for a minute",
  leftOutOfTests: ["firefox", "webkit"],
  run: (scene) => sleepThrough(scene, () => []),
  controls: [{ breaks: "doubled", change: RUNS_TWICE }],
}

export const laptopAsleep: Fault = {
  ...ASLEEP,
  id: "laptop-asleep",
  name: "the Core and the browser are stopped for a minute, as on a laptop that sleeps",
  outcome: "both go on where they were: who has slept itself judges nobody for not having answered",
  seen: "nothing",
  leftOutOfTests: ["firefox"],
  run: (scene) => sleepThrough(scene, browserOf),
  controls: [{ breaks: "doubled", change: RUNS_TWICE }],
}

export const browserAsleep: Fault = {
  ...ASLEEP,
  id: "browser-asleep",
  name: "the browser alone is stopped for a minute",
  outcome:
    "the Core ends a session that has not answered for as long, and says so; a window that the app did not open itself counts as closed five seconds later",
  seen: "calls in flight reject with `CONNECTION_LOST`; later ones work, or say `SESSION_REFUSED`: open the window from the app again",
  leftOutOfTests: ["firefox", "webkit"],
  run: async (scene) => {
    const { findings } = scene
    const subject = await scene.start(options(scene))
    const page = await scene.open(subject)
    await page.evaluate(MAKE)
    const browser = browserOf(subject)
    signalAll(browser, "SIGSTOP")
    await findings.goesOn("the session ends", () => subject.sessions === 0, 90_000)
    await findings.goesOn("the app says why", () => subject.logged.some((line) => /does not answer/.test(line)))
    await findings.goesOn("the window counts as closed", () => subject.windowsClosed === 1)
    signalAll(browser, "SIGCONT")
    await findings.settled(page)
    await findings.goesOn(
      "the page says that the app does not know it any more",
      async () => (await page.evaluate<Settled>("return call('count')")).code === "SESSION_REFUSED",
    )
    await findings.pageIsClean(page)
    await findings.ranOnce(subject)
    await page.close()
    const again = await scene.open(subject)
    await findings.settled(again)
    await again.close()
  },
  controls: [
    {
      breaks: "stopped",
      change: {
        off: "the end of a session that does not answer",
        file: "server/websocket-connection.ts",
        find: "this.#socket.terminate()",
        replace: "",
      },
    },
  ],
}

export const asleepAfterPing: Fault = {
  id: "asleep-after-ping",
  name: "the Core is stopped at the worst moment: it has asked whether a page is there, and not heard the answer",
  outcome: "the session goes on",
  seen: "nothing",
  browsers: [],
  limitMs: 180_000,
  run: async (scene) => {
    const { findings } = scene
    const subject = await scene.start(options(scene))
    const page = await RawPage.open(await openRawWindow(subject))
    const asked = new Promise<void>((resolve) => {
      page.onPing = (answer) => {
        subject.signal("SIGSTOP")
        answer()
        page.onPing = (next) => next()
        resolve()
      }
    })
    // Whatever comes is taken by whoever waits for a message: pings, too.
    const answer = page.invoke(1, "hold", { n: 1 }).catch(() => null)
    await asked
    await delay(sleepMs(scene))
    subject.signal("SIGCONT")
    await delay(sleepMs(scene) / 10)
    if (page.socket.closed || subject.sessions !== 1) findings.add("stopped", "a page that had answered was ended")
    await findings.ranOnce(subject)
    page.socket.destroy()
    await answer
  },
  controls: [
    {
      breaks: "stopped",
      change: {
        off: "the rule that who has slept judges nobody",
        file: "server/websocket-connection.ts",
        find: "if (!this.#isAlive && !overslept && !socket.isPaused) {\n        setImmediate(() => this.#judge())",
        replace: "if (!this.#isAlive) {\n        this.#judge()",
      },
    },
  ],
}
