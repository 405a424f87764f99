import type { Attack } from "../attack.ts"
import { FRAME_TICKETS_OUTLIVE_SESSIONS, FRAME_TICKETS_STAY } from "../door-weaknesses.ts"
import { NO_FRAME_WATCH } from "../weaknesses.ts"

/** P29: addresses and documents that come back. */
export const spentTickets: readonly Attack[] = [
  {
    id: "P29",
    name: "an isolation document loaded a second time: two sandboxes with one key, and the same numbers",
    stoppedBy: "a frame ticket is spent when it is redeemed",
    defence: "browser",
    control: FRAME_TICKETS_STAY,
    inPage: async (attacker) => {
      const { welcome } = await attacker.connect()
      const first = await attacker.sandbox(welcome.frame ?? "")
      const second = await attacker.sandbox(welcome.frame ?? "")
      return first !== null && second !== null
    },
    succeeded: (both) => both === true,
  },
  {
    id: "P29",
    name: "an isolation document loaded twice at the same moment",
    stoppedBy: "a frame ticket is spent when it is redeemed, without a wait in between",
    defence: "browser",
    control: FRAME_TICKETS_STAY,
    inPage: async (attacker) => {
      const { welcome } = await attacker.connect()
      const both = [1, 2].map(() => attacker.sandbox(welcome.frame ?? ""))
      return (await Promise.all(both)).every((sandbox) => sandbox !== null)
    },
    succeeded: (both) => both === true,
  },
  {
    id: "P29",
    name: "an isolation document of a session that is over, loaded after a reload",
    stoppedBy: "a frame ticket goes with its session",
    defence: "browser",
    control: FRAME_TICKETS_OUTLIVE_SESSIONS,
    steps: async ({ page }) => {
      const url = await page.evaluate("return (await attacker.connect()).welcome.frame")
      await page.reload()
      await page.waitFor("return typeof attacker === 'object'")
      return page.evaluate<boolean>(`return (await attacker.sandbox(${JSON.stringify(url)})) !== null`)
    },
  },
  {
    id: "P29",
    name: "the document replaced with document.open(): calls that never end, or pass unhooked",
    stoppedBy: "a frame that goes ends its session, and the next one begins",
    defence: "browser",
    control: NO_FRAME_WATCH,
    steps: async ({ page, victim }) => {
      const ended = await page.evaluate(`
        await attacker.call("allowed")
        document.open()
        document.write("<p>new</p>")
        document.close()
        const calls = [attacker.call("allowed"), attacker.call("forbidden")]
        return attacker.inTime(Promise.all(calls))`)
      return ended === "pending" || victim.hasRun("forbidden")
    },
  },
]
