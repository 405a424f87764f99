import puppeteer, { type CDPSession } from "puppeteer-core"
import { chromiumOptions } from "../../e2e/drivers/chromium.ts"
import { bytesOf, definePhase, FLAT_BYTES, mebibytes, type Phase, whatFailed, withCore } from "../phase.ts"

/** Calls that the page makes at once. */
const BURST = 5000

const MAKE_CALLS = `(async () => {
  const answers = await Promise.all(Array.from({ length: ${BURST} }, (_, n) =>
    __TAURI_INTERNALS__.invoke("echo", { path: "notes/a.md", n })))
  return answers.every((answer, n) => answer.n === n)
})()`

/**
 * In Chromium, which alone tells. A page and its isolation frame have a heap each, for the frame is of another site and so in
 * another process.
 */
export const page: Phase = definePhase({
  name: "page",
  summary: "very many calls from a page in a real Chromium: its heap stays flat, and so do its frame's and the Core's",
  quick: { calls: 50_000 },
  full: { calls: 1_000_000 },
  run: ({ calls }, say) =>
    withCore(["main"], async (core, failures) => {
      const browser = await puppeteer.launch(chromiumOptions())
      try {
        const tab = await browser.newPage()
        const inPage = await tab.createCDPSession()
        const frame = frameOf(inPage)
        await inPage.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: true })
        await tab.goto(await core.launchUrl("main"))
        await tab.waitForFunction('typeof __TAURI_INTERNALS__ === "object"')
        const inFrame = await frame
        let made = 0
        const makeCalls = async (until: number): Promise<void> => {
          for (; made < until; made += BURST)
            if ((await tab.evaluate(MAKE_CALLS)) !== true) failures.push("a wrong answer")
        }
        // A tenth does not count: caches fill.
        await makeCalls(calls / 10)
        const take = async () => ({
          page: await heapOf(inPage),
          frame: await heapOf(inFrame),
          core: bytesOf(await core.memory()),
        })
        const first = await take()
        let last = first
        for (let part = 2; part <= 10; part++) {
          await makeCalls((calls / 10) * part)
          last = await take()
          say(`${made.toLocaleString("en-US")} calls: page ${mebibytes(last.page)}, frame ${mebibytes(last.frame)}`)
        }
        failures.push(...(await core.refusals()))
        const growth = (["page", "frame", "core"] as const).map((where) => [where, last[where] - first[where]] as const)
        return {
          phase: "page",
          calls: made,
          errors: failures.length,
          sessions: 1,
          heap_start: first.page,
          heap_end: last.page,
          frame_heap_start: first.frame,
          frame_heap_end: last.frame,
          core_growth_bytes: last.core - first.core,
          browser: await browser.version(),
          broken: [
            ...whatFailed(failures),
            ...growth
              .filter(([, bytes]) => bytes > FLAT_BYTES)
              .map(([where, bytes]) => `the ${where}'s heap grew by ${mebibytes(bytes)} in ${made} calls`),
          ],
        }
      } finally {
        await browser.close()
      }
    }),
})

/** The session with the isolation frame's process, when the frame is there. */
function frameOf(page: CDPSession): Promise<CDPSession> {
  return new Promise((resolve) => {
    page.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      const session = page.connection()?.session(sessionId)
      if (targetInfo.type === "iframe" && session) resolve(session)
    })
  })
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage")
  return (await session.send("Runtime.getHeapUsage")).usedSize
}
