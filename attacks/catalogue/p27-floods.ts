import type { Attack } from "../attack.ts"
import { NO_ROOM } from "../door-weaknesses.ts"

/** P27: all there is of something, taken by one page. */
export const floods: readonly Attack[] = [
  {
    id: "P27",
    name: "sessions without end, with one credential",
    stoppedBy: "the limit `sessionsPerWindow`",
    defence: "core",
    control: {
      off: "the limit of a window's sessions",
      file: "core/core.ts",
      find: "this.#countSessions(identity) >= sessionsPerWindow",
      replace: "this.#countSessions(identity) < 0",
    },
    inPage: async (attacker) => {
      const sessions = Array.from({ length: 20 }, () =>
        attacker.connect().then(
          () => 1,
          () => 0,
        ),
      )
      return (await Promise.all(sessions)).filter(Boolean).length
    },
    succeeded: (sessions) => Number(sessions) > 8,
  },
  {
    id: "P27",
    name: "sockets held open without a hello, so that no other window gets in",
    stoppedBy: "a socket takes the place of the one that has waited longest",
    defence: "core",
    control: NO_ROOM,
    victim: { limits: { pendingSockets: 8, helloTimeoutMs: 60_000 } },
    steps: async ({ page, open }) => {
      await page.evaluate(`
        await attacker.call("allowed")
        const sockets = Array.from({ length: 12 }, () => new WebSocket("ws://" + location.host + "/__sallyport__/ipc"))
        await attacker.until(() => sockets.filter(({ readyState }) => readyState !== 0).length === 12)`)
      const other = await open("other")
      return other.evaluate<boolean>(`
        for (let n = 0; n < 20; n++)
          if ((await Promise.race([attacker.call("allowed"), attacker.pause(200)]))?.value === "allowed") return false
        return true`)
    },
  },
  {
    id: "P27",
    name: "listeners without end",
    stoppedBy: "a session has at most ten thousand listeners",
    defence: "core",
    control: {
      off: "the limit of listeners",
      file: "core/events.ts",
      find: "if (count >= MAX_LISTENERS)",
      replace: "if (count < 0)",
    },
    inPage: async (attacker) => {
      const listen = (handler: number): Promise<unknown> =>
        attacker.call("plugin:event|listen", { event: "x", handler })
      const ended = await Promise.all(Array.from({ length: 10_001 }, (_, handler) => listen(handler)))
      return ended.filter((one) => "value" in (one as object)).length
    },
    succeeded: (listeners) => Number(listeners) > 10_000,
  },
  {
    id: "P27",
    name: "windows without end",
    stoppedBy: "an app has at most 64 windows",
    defence: "core",
    control: {
      off: "the limit of windows",
      file: "app-windows.ts",
      find: "if (this.#windows.size >= MAX_WINDOWS)",
      replace: "if (this.#windows.size < 0)",
    },
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await attacker.call("allowed")
        for (let n = 0; n < 80; n++) void attacker.call("plugin:window|create", { options: { label: "w" + n } })
        await attacker.call("allowed")
        await attacker.pause(200)`)
      await victim.launchUrl("other")
      return victim.shown.length > 64
    },
  },
]
