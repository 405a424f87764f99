import type { Attack, Replacement } from "../attack.ts"
import { ISOLATION_FOR_ALL } from "../weaknesses.ts"

const OTHER_THREADS: Replacement = {
  off: "the look at whose socket asks, among all of the process's",
  file: "server/key/isolation-document.ts",
  find: "if (await isOwnFile(request.socket))",
  replace: "if ((await isOwnFile(request.socket)) === null)",
}

const OWN_SOCKET: readonly Replacement[] = [
  {
    off: "the look at whose socket asks, among this thread's",
    file: "server/key/isolation-document.ts",
    find: "if (isOwnSocket(socket))",
    replace: "if (socket === undefined)",
  },
  OTHER_THREADS,
]

/** How a command asks for the page: fields of its arguments besides the headers. */
const WAYS: readonly (readonly [what: string, how: string])[] = [
  ["", `{ url: at("127.0.0.1") }`],
  [" in a thread of its own", `{ url: at("127.0.0.1"), by: "worker" }`],
  [" over IPv6", `{ url: at("[::1]") }`],
]

/** P26: a command that fetches what a page tells it to, with headers of the page's choice. */
export const ownRequests: readonly Attack[] = [
  ...WAYS.map(
    ([what, how]): Attack => ({
      id: "P26",
      name: `the isolation document fetched by a command${what}, with a browser's headers`,
      stoppedBy: "the document does not go to sockets of the Core's own process",
      defence: "core",
      control: OWN_SOCKET,
      alone: true,
      steps: ({ page }) =>
        page.evaluate<boolean>(`
          await attacker.call("allowed")
          const { welcome: { frame } } = await attacker.connect()
          const { host: Host, hostname } = new URL(frame)
          // Browsers resolve the name of the isolation origin by themselves, the system may not.
          const at = (address) => frame.replace(hostname, address)
          const headers = { "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site", Host }
          const ended = await Promise.race([attacker.call("fetch_url", { ...${how}, headers }), attacker.pause(3000)])
          return JSON.stringify(ended ?? "").includes("sallyport-session")`),
    }),
  ),
  {
    id: "P26",
    name: "the isolation document fetched by a command, with no header but the name of its host",
    stoppedBy: "it goes to frames of a browser, and to no socket of the Core's own process",
    defence: "core",
    control: [ISOLATION_FOR_ALL, OTHER_THREADS],
    alone: true,
    inPage: async (attacker) => {
      const { welcome } = await attacker.connect()
      const frame = welcome.frame ?? ""
      const { host, hostname } = new URL(frame)
      return attacker.call("fetch_url", {
        url: frame.replace(hostname, "127.0.0.1"),
        headers: { Host: host },
      })
    },
    succeeded: (ended) => JSON.stringify(ended).includes("sallyport-session"),
  },
]
