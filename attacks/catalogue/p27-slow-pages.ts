import type { Page } from "../../e2e/drivers/driver.ts"
import type { Attack } from "../attack.ts"
import { until } from "../stranger.ts"

const READS_ON = "the browser itself reads on, whatever its page does"

const LISTEN = `
  window.heard = []
  const handler = __TAURI_INTERNALS__.transformCallback(({ payload }) => heard.push(payload))
  await attacker.call("plugin:event|listen", { event: "flood", handler })`

/** A page that reads nothing for a while, because its thread stands still. */
const block = (page: Page, ms: number): Promise<unknown> =>
  page.evaluate(`setTimeout(() => { for (const end = performance.now() + ${ms}; performance.now() < end;); })`)

/** P27: pages that do not read, and pages that make much work of little. */
export const slowPages: readonly Attack[] = [
  {
    id: "P27",
    name: "a page that does not read while events flow: the Core is to keep them all",
    stoppedBy: "the limit `outgoingBytes`: the session of a page that does not read ends, and others go on",
    defence: "core",
    control: {
      off: "the limit of what waits for a page",
      file: "core/session.ts",
      find: "if (connection.bufferedBytes + frame.length > limits.outgoingBytes)",
      replace: "if (frame.length < 0)",
    },
    victim: { limits: { outgoingBytes: 2_000_000 } },
    alone: true,
    needsQuiet: true,
    not: { firefox: READS_ON, webkit: READS_ON },
    steps: async ({ page, open, victim }) => {
      const other = await open("other")
      for (const window of [page, other]) await window.evaluate(LISTEN)
      await block(page, 4000)
      for (let n = 0; n < 400; n++) victim.emitTo("main", "flood", "x".repeat(100_000))
      victim.emitTo("other", "flood", "told")
      const isServed = await other.evaluate<boolean>(`return attacker.until(() => heard.includes("told"), 10_000)`)
      return !isServed || !(await until(() => victim.hasDecided("session-ended"), 3000))
    },
  },
  {
    id: "P27",
    name: "a page that does not read, so that nobody else hears what other windows emit",
    stoppedBy: "what pages emit reaches all who keep up",
    defence: "core",
    control: {
      off: "the hearing of those who keep up: the first who does not is the end of it",
      file: "core/events.ts",
      find: "late = receiver\n",
      replace: 'throw new Error("does not keep up")\n',
    },
    victim: { limits: { outgoingBytes: 16_000_000 } },
    alone: true,
    needsQuiet: true,
    not: { firefox: READS_ON, webkit: READS_ON },
    steps: async ({ page, open, victim }) => {
      const other = await open("other")
      for (const window of [page, other]) await window.evaluate(LISTEN)
      await block(page, 6000)
      for (let n = 0; n < 150; n++) victim.emitTo("main", "flood", "x".repeat(100_000))
      await victim.launchUrl("other")
      return other.evaluate<boolean>(`
        await attacker.call("plugin:event|emit", { event: "flood", payload: "told" })
        return !(await attacker.until(() => heard.includes("told"), attacker.patience))`)
    },
  },
  {
    id: "P27",
    name: "sessions begun and ended without end: no place is to be left for other windows",
    stoppedBy: "a session that has ended has no place",
    defence: "core",
    control: {
      off: "the giving back of a session's place",
      file: "core/core.ts",
      find: "        this.#sessions.delete(session)\n",
      replace: "",
    },
    victim: { limits: { sessions: 8, sessionsPerWindow: 4 } },
    steps: async ({ page, open }) => {
      await page.evaluate(`
        await attacker.call("allowed")
        for (let n = 0; n < 40; n++) {
          const own = await attacker.connect().catch(() => null)
          if (own === null) continue
          own.socket.close()
          await attacker.until(() => own.socket.readyState === 3)
        }
        for (const socket of attacker.sockets) socket.close()`)
      for (let n = 0; n < 5; n++) await page.reload()
      const other = await open("other")
      return other.evaluate<boolean>(`return (await attacker.inTime(attacker.call("allowed"))).value !== "allowed"`)
    },
  },
  {
    id: "P27",
    name: "resources without end, of no bytes each",
    stoppedBy: "a page holds at most ten thousand resources",
    defence: "core",
    control: {
      off: "the limit of resources",
      file: "core/resources.ts",
      find: "if (this.#held.size >= MAX_HELD)",
      replace: "if (this.#held.size < 0)",
    },
    inPage: async (attacker) => {
      const image = (): Promise<object> => attacker.call("plugin:image|new", { rgba: [], width: 0, height: 0 })
      const ended = await Promise.all(Array.from({ length: 10_001 }, image))
      return ended.filter((one) => "value" in one).length
    },
    succeeded: (held) => Number(held) > 10_000,
  },
]
