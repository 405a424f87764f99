import { globSync } from "node:fs"
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Fault } from "../fault.ts"
import { openRawWindow, RawPage } from "../raw-page.ts"

/** libfaketime, which answers for the system's clock in the app's process (Debian's package faketime). */
function library(): string {
  const [found] = globSync("/usr/lib/*/faketime/libfaketimeMT.so.1")
  if (found === undefined)
    throw new Error("libfaketime is not there: install Debian's package faketime (apt-get install faketime)")
  return found
}

/** How long hellos and frame tickets have here, in ms. */
const LIMIT_MS = 1500

export const clockSet: Fault = {
  id: "clock-set",
  name: "the system's clock is set back by a month, forward by a year, and right again",
  outcome:
    "tickets live neither longer nor shorter, time-outs come when they should, calls go on: nothing but the audit log's times asks that clock",
  seen: "nothing; the audit log has the times that the clock had",
  browsers: [],
  run: async ({ findings, start }) => {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-clock-"))
    const file = join(folder, "offset")
    /** Written beside and renamed: the library must not read half a line. */
    const set = async (offset: string): Promise<void> => {
      await writeFile(`${file}.new`, `${offset}\n`)
      await rename(`${file}.new`, file)
    }
    try {
      await set("+0")
      const subject = await start({
        audit: join(folder, "audit.jsonl"),
        limits: { helloTimeoutMs: LIMIT_MS, frameTimeoutMs: LIMIT_MS },
        environment: {
          LD_PRELOAD: library(),
          FAKETIME_TIMESTAMP_FILE: file,
          FAKETIME_NO_CACHE: "1",
          // Setting a clock leaves the monotonic one alone (clock_settime(2)).
          FAKETIME_DONT_FAKE_MONOTONIC: "1",
        },
      })
      const before = await subject.census()
      const first = await RawPage.open(await openRawWindow(subject))
      let n = 0
      for (const offset of ["-30d", "+365d", "+0"]) {
        const link = await subject.launchUrl()
        await set(offset)
        const window = await openRawWindow(subject, link)
        const works = async (page: RawPage): Promise<boolean> => (await page.invoke(++n, "count", { n }))?.[1] === 1
        await findings.goesOn(`${offset}: a page that is there works`, () => works(first))
        const page = await RawPage.open(window)
        await findings.goesOn(`${offset}: a window opens`, () => works(page))
        page.socket.destroy()

        // Back to the right time and off again between a ticket and its use.
        await set("+0")
        const early = await RawPage.open(window, () => set(offset))
        await findings.goesOn(`${offset}: a frame ticket that is fresh is good`, () => works(early))
        early.socket.destroy()
        await set("+0")
        const late = RawPage.open(window, async () => {
          await set(offset)
          await delay(LIMIT_MS + 200)
        })
        const refused = await late.then(
          (page) => page.socket.destroy() && false,
          () => true,
        )
        if (!refused) findings.add("stopped", `${offset}: a frame ticket is good after its time`)

        const silent = await RawPage.connect(window)
        silent.socket.write(silent.handshake)
        await set("+0")
        await findings.goesOn(`${offset}: a page that says no hello is turned away`, () => silent.socket.closed)
      }
      await findings.ranOnce(subject)
      first.socket.destroy()
      await findings.holdsNoMoreThan(subject, before)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
  controls: [
    {
      breaks: "stopped",
      change: {
        off: "the monotonic clock of tickets",
        file: "boundary/core/tickets.ts",
        find: "() => performance.now()",
        replace: "() => Date.now()",
      },
    },
  ],
}
