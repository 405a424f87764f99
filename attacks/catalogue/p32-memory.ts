import type { Attack } from "../attack.ts"
import { until } from "../stranger.ts"

const MIB = 1024 * 1024

/** Calls of `slow`, which holds its arguments, each with a list of so many empty objects: three bytes that take 64 in memory. */
const BATCH = `const batch = (first, calls, objects) =>
  "[" + Array.from({ length: calls }, (_, index) => JSON.stringify([first + index, "slow", { list: Array(objects).fill({}) }])).join(",\\n") + "]"`

const running = (victim: { readonly ran: readonly { readonly command: string }[] }): number =>
  victim.ran.filter(({ command }) => command === "slow").length

/** P32: memory of the Core, taken by one page. Each list of 20,000 objects has 60,000 bytes, and takes 1.3 million. */
export const memory: readonly Attack[] = [
  {
    id: "P32",
    name: "calls whose arguments take twenty times their text once they are parsed, sent past the bridge",
    stoppedBy:
      "the limit `bytesInFlight`, which counts the memory that arguments take: the Core rejects each call that is beyond it, and does not parse its arguments",
    defence: "core",
    control: {
      off: "the count of what an object takes: it counts as its text",
      file: "core/json-size.ts",
      find: "object: 64,",
      replace: "object: 2,",
    },
    victim: { limits: { bytesInFlight: 8 * MIB } },
    alone: true,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        ${BATCH}
        const session = await attacker.session()
        for (let first = 0; first < 20; first += 2) {
          await session.seal(batch(first, 2, 20000))
          session.sendAll()
        }
        // On a slow machine some are sealed late.
        for (let late = 0; late < 10 && (await attacker.until(() => session.frames.length > 0, 500)); late++) session.sendAll()`)
      // Ten would take 13 MiB.
      return until(() => running(victim) >= 10, 5000)
    },
  },
  {
    id: "P32",
    name: "as much as a window may hold, in each of its sessions",
    stoppedBy: "the limit `bytesInFlight` holds for all sessions of a window together",
    defence: "core",
    control: {
      off: "what the sessions of a window share",
      file: "core/core.ts",
      find: "this.#shares.set(identity, shares)",
      replace: "",
    },
    victim: { limits: { bytesInFlight: 4 * MIB } },
    alone: true,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        ${BATCH}
        for (let count = 0; count < 5; count++) {
          const session = await attacker.session()
          await session.seal(batch(0, 2, 20000))
          session.sendAll()
        }`)
      return until(() => running(victim) >= 6, 5000)
    },
  },
  {
    id: "P32",
    name: "frames in parts that are never whole, of 60 MiB each, in every session",
    stoppedBy:
      "what has come and is not read yet counts for the window, a frame in parts from its length on: the session of the one beyond the limit ends",
    defence: "core",
    control: {
      off: "the count of what has come and is not read yet",
      file: "core/window-memory.ts",
      find: "if (this.#input + bytes > this.#limit) return false",
      replace: "",
    },
    inPage: async (attacker) => {
      const sockets: WebSocket[] = []
      for (let count = 0; count < 6; count++) {
        const { socket } = await attacker.connect()
        sockets.push(socket)
        attacker.send(`${60 * 1024 * 1024}`, socket)
        attacker.send(new Uint8Array(512 * 1024), socket)
      }
      const open = (): number => sockets.filter(({ readyState }) => readyState === 1).length
      await attacker.until(() => open() <= 2, attacker.patience)
      return open()
    },
    succeeded: (open) => Number(open) > 2,
  },
]
