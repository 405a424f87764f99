import { createServer, type Server } from "node:http"
import type { Attack, Replacement } from "../attack.ts"

/** Each address alone: `ipv6Only` counts for IPv6 only. */
const PLACES = ["::1", "::", "127.0.0.1", "0.0.0.0"] as const

const OFF = "the rule that a port is the app's on both addresses, or another one is taken"
const V4_IS_ENOUGH: Replacement = {
  off: OFF,
  file: "server/listen.ts",
  find: 'if (same !== "taken") return port',
  replace: "return port",
}
const V6_IS_ENOUGH: Replacement = {
  off: OFF,
  file: "server/listen.ts",
  find: 'if (port === "taken") continue',
  replace:
    'if (port === "taken" && next !== 0 && (await listen(v6, "::1", next)) === next) return next\n    if (port === "taken") continue',
}

const stranger = (): Server => createServer((_request, response) => response.end("a stranger"))

/** N7: another process that waits where the app will be, or comes where it is. */
export const takenPorts: readonly Attack[] = [
  ...PLACES.map(
    (host): Attack => ({
      where: "local",
      id: "N7",
      name: `the port that the app remembers, taken on ${host} before it starts`,
      stoppedBy: "a port is the app's on 127.0.0.1 and on ::1, or another one is taken",
      control: host.includes(":") ? V4_IS_ENOUGH : V6_IS_ENOUGH,
      alone: true,
      steps: async ({ victim, stranger: process }) => {
        const { port } = victim
        await victim.end()
        await process.listen(stranger(), { port, host, ipv6Only: true })
        await victim.begin()
        return victim.port === port
      },
    }),
  ),
  {
    where: "local",
    id: "N7",
    name: "the port that the app listens on, joined: on each address, with SO_REUSEPORT and without",
    stoppedBy: "the app does not share its port, and has both addresses that `localhost` means",
    control: {
      off: "the sole use of its port",
      file: "server/listen.ts",
      find: 'ipv6Only: host === "::1"',
      replace: 'reusePort: true, ipv6Only: host === "::1"',
    },
    alone: true,
    steps: async ({ victim: { port }, stranger: process }) => {
      for (const host of PLACES)
        for (const reusePort of [true, false]) {
          const joined = process.listen(stranger(), { port, host, ipv6Only: true, reusePort })
          if (await joined.then(() => true).catch(() => false)) return true
        }
      return false
    },
  },
]
