import type { WebSocket } from "ws"
import type { Attack } from "../attack.ts"
import { ANY_CREDENTIAL, ANY_FRAME_TICKET, ANY_SOCKET_ORIGIN, NO_COOKIE, NO_SOCKET_COOKIE } from "../door-weaknesses.ts"
import { until } from "../stranger.ts"
import { AS_A_FRAME, ClientSession, WindowClient } from "../window-client.ts"

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "LINK", "M-SEARCH"]

/** Some are there, some are not: whoever may not see either must not be able to tell. */
const PATHS = [
  "/",
  "/index.html",
  "/toolbox.js",
  "/missing.js",
  "/__sallyport__/x",
  "/__sallyport__/asset/%2Fetc%2Fpasswd",
]

const credentials = (real: string): unknown[] => [
  "",
  "main",
  [...real].reverse().join(""),
  real.slice(0, -1),
  `${real}=`,
  ` ${real}`,
  real.toUpperCase(),
  [real],
  { toString: real },
  null,
  0,
]

/** N3: another process that has no ticket. */
export const strangers: readonly Attack[] = [
  {
    where: "local",
    id: "N3",
    name: "every kind of path, by every method: what is there, and what is not",
    stoppedBy: "the gate cookie; who has none gets one answer to everything",
    control: NO_COOKIE,
    steps: async ({ stranger }) => {
      const learnt = new Set<string>()
      for (const method of METHODS)
        for (const path of PATHS) {
          const { status, headers, body } = await stranger.ask(path, { method })
          const { date: _, connection: __, "keep-alive": ___, ...told } = headers
          learnt.add(JSON.stringify([status, told, body]))
        }
      return learnt.size > 1
    },
  },
  {
    where: "local",
    id: "N3",
    name: "the app's name, its identifier or its version, in any answer that needs no cookie",
    stoppedBy: "what everybody may see says nothing of the app",
    control: {
      off: "the silence of the launch page",
      file: "server/open-page.ts",
      find: "<title>Opening</title>",
      replace: "<title>Opening org.sallyport.victim</title>",
    },
    steps: async ({ victim, stranger }) => {
      const secrets = /sallyport\.victim|Victim|toolbox|isolation\/|__TAURI_ISOLATION_HOOK__/
      for (const host of [`localhost:${victim.port}`, `127.0.0.1:${victim.port}`, "other"])
        for (const path of ["/__sallyport__/open", ...PATHS]) {
          const { headers, body } = await stranger.ask(path, { headers: { host, ...AS_A_FRAME } })
          if (secrets.test(JSON.stringify(headers) + body)) return true
        }
      return false
    },
  },
  {
    where: "local",
    id: "N3",
    name: "the app as a proxy: CONNECT, and an upgrade to other protocols",
    stoppedBy: "nothing but the app's own socket is upgraded",
    control: {
      off: "the path of the socket, and what comes before it: everything is let through",
      file: "server/upgrade.ts",
      find: '    socket.on("error", () => socket.destroy())\n',
      replace:
        '    if (cookie !== null) return socket.end("HTTP/1.1 101 Yes\\r\\nUpgrade: h2c\\r\\nConnection: Upgrade\\r\\n\\r\\n").writable || true\n',
    },
    steps: async ({ stranger }) => {
      const upgrade = { connection: "Upgrade, HTTP2-Settings", "http2-settings": "AAMAAABkAAQAAP__" }
      for (const protocol of ["h2c", "TLS/1.0", "websocket"])
        for (const path of ["/", "/__sallyport__/open", "/__sallyport__/ipc"]) {
          const answer = await stranger.ask(path, { headers: { ...upgrade, upgrade: protocol } }).catch(() => null)
          if (answer?.status === 101) return true
        }
      const tunnel = await stranger.ask("localhost:22", { method: "CONNECT" }).catch(() => null)
      return tunnel !== null && tunnel.status < 400
    },
  },
  {
    where: "local",
    id: "N3",
    name: "the socket, with the app's origin forged and cookies that are guessed",
    stoppedBy: "the gate cookie: 256 random bits, another value at each launch",
    control: {
      off: "the comparison of the whole cookie: its beginning is enough",
      file: "server/gate-cookie.ts",
      find: "left.length === right.length && timingSafeEqual(left, right)",
      replace: "timingSafeEqual(left, left) && right.toString().startsWith(left.toString())",
    },
    steps: async ({ victim: { origin, port }, stranger }) => {
      const name = `sallyport-${port}`
      const guesses = [
        "",
        name,
        `${name}=`,
        `${name}==`,
        `${name}=${"A".repeat(43)}`,
        `${name}=;${name}=`,
        "=",
        "; ; =",
      ]
      for (const cookie of guesses)
        if (await isHeard(await stranger.socket({ headers: { origin, cookie } }))) return true
      return false
    },
  },
  {
    where: "local",
    id: "N3",
    name: "the cookie of the launch before this one, after the app has started anew on its port",
    stoppedBy: "the gate cookie has another value at each launch",
    control: {
      off: "the randomness of the gate cookie",
      file: "server/gate-cookie.ts",
      find: 'randomBytes(32).toString("base64url")',
      replace: 'randomBytes(32).fill(7).toString("base64url")',
    },
    alone: true,
    steps: async ({ victim, stranger }) => {
      const { headers } = await WindowClient.open({ victim, stranger })
      await victim.restart()
      return (await stranger.ask("/", { headers: { cookie: headers.cookie } })).status === 200
    },
  },
  {
    where: "local",
    id: "N3",
    name: "the socket without the cookie, with everything else as a page has it",
    stoppedBy: "the gate cookie",
    control: NO_SOCKET_COOKIE,
    steps: async ({ victim: { origin }, stranger }) => isHeard(await stranger.socket({ headers: { origin } })),
  },
  {
    where: "local",
    id: "N3",
    name: "the socket with a stolen cookie, and origins that are missing, doubled or nearly right",
    stoppedBy: "`Origin`, compared exactly; none is none of the app's pages",
    control: ANY_SOCKET_ORIGIN,
    steps: async (scene) => {
      const { victim, stranger } = scene
      const { cookie } = (await WindowClient.open(scene)).headers
      const origins = [
        undefined,
        "",
        "null",
        `${victim.origin}/`,
        `${victim.origin},${victim.origin}`,
        victim.origin.toUpperCase(),
        `${victim.origin}.evil.example`,
        `http://127.0.0.1:${victim.port}`,
        `https://localhost:${victim.port}`,
        `http://localhost:${victim.port + 1}`,
      ]
      for (const origin of origins)
        if ((await stranger.socket({ headers: { cookie, ...(origin !== undefined && { origin }) } })) !== null)
          return true
      return false
    },
  },
  {
    where: "local",
    id: "N3",
    name: "hellos with credentials that are guessed, and of other types, with a stolen cookie",
    stoppedBy: "a credential is 256 random bits, looked up by its hash",
    control: ANY_CREDENTIAL,
    steps: async (scene) => {
      const { headers, launched } = await WindowClient.open(scene)
      for (const credential of credentials(launched.credential)) {
        const socket = await scene.stranger.socket({ headers })
        if (socket !== null && (await ClientSession.begin(socket, credential)) !== null) return true
      }
      return false
    },
  },
  {
    where: "local",
    id: "N3",
    name: "isolation documents by tickets that are guessed, asked for as a browser's frame asks",
    stoppedBy: "a ticket is 256 random bits, looked up by its hash",
    control: ANY_FRAME_TICKET,
    steps: async (scene) => {
      const session = await (await WindowClient.open(scene)).session()
      const ticket = new URL(session?.frame ?? "").pathname.slice(1)
      const guesses = [
        "",
        "x",
        "A".repeat(43),
        ticket.slice(1),
        `${ticket}=`,
        `${ticket}/`,
        `x/../${ticket}`,
        `%${ticket}`,
      ]
      for (const guess of guesses) {
        const headers = { host: `127.0.0.1:${scene.victim.port}`, ...AS_A_FRAME }
        if ((await scene.stranger.ask(`/${guess}`, { headers })).status === 200) return true
      }
      return false
    },
  },
]

/** Whether the Core waits for what a socket has to say: one that it does not know is closed at once. */
async function isHeard(socket: WebSocket | null): Promise<boolean> {
  return socket !== null && !(await until(() => socket.readyState === socket.CLOSED))
}
