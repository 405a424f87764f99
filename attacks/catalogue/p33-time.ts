import type { Attack } from "../attack.ts"
import { until } from "../stranger.ts"

/** P33: time of the Core's one thread, taken by one page. */
export const time: readonly Attack[] = [
  {
    id: "P33",
    name: "six sessions that all have much to do, so that another window's calls wait for each of them",
    stoppedBy: "the sessions of a window share its time, one after the other",
    defence: "core",
    control: {
      off: "what the sessions of a window share",
      file: "core/core.ts",
      find: "this.#shares.set(identity, shares)",
      replace: "",
    },
    victim: { commands: ["busy"] },
    alone: true,
    needsQuiet: true,
    steps: async ({ page, victim, open }) => {
      const other = await open("other")
      await other.evaluate(`await attacker.call("allowed")`)
      await page.evaluate(`
        const batch = "[" + Array.from({ length: 120 }, (_, id) => JSON.stringify([id, "busy"])).join(",\\n") + "]"
        const sessions = []
        for (let count = 0; count < 6; count++) sessions.push(await attacker.session())
        for (const session of sessions) await session.seal(batch)
        for (const session of sessions) session.sendAll()`)
      // Each call of either window is longer than any slice: who is in turn does one.
      await other.evaluate(`await Promise.all(Array.from({ length: 10 }, () => attacker.call("busy")))`)
      const windows = victim.ran.filter(({ command }) => command === "busy").map(({ window }) => window)
      const among = windows.slice(windows.indexOf("other"), windows.lastIndexOf("other"))
      return among.filter((window) => window === "main").length > 27
    },
  },
  {
    id: "P33",
    name: "a record that takes the Core longer to parse than others may wait: 2 MiB of objects, sent past the bridge",
    stoppedBy: "the limit `jsonBytes`, which is as large as a tenth of a second of parsing allows",
    defence: "core",
    control: {
      off: "the default of `jsonBytes`: it is what it was",
      file: "boundary/wire/limits.ts",
      find: "jsonBytes: 524_288",
      replace: "jsonBytes: 4_194_304",
    },
    alone: true,
    needsQuiet: true,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const session = await attacker.session()
        await session.seal('[[1,"allowed",["__proto__",' + "{},".repeat(700000) + "{}]]]")
        // The sandbox takes its time, too: for its refusal, or for what it seals.
        await attacker.until(() => session.frames.length > 0, 20_000)
        session.sendAll()`)
      return until(() => victim.hasRun("allowed"), 5000)
    },
  },
]
