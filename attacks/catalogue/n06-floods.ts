import type { Attack, Replacement } from "../attack.ts"
import { pause, type Stranger, until } from "../stranger.ts"
import { AS_A_FRAME, serves } from "../window-client.ts"

/** Connections without a word: what the system's queue cannot take would come seconds later, so not all at once. */
async function connectAll(stranger: Stranger, count: number, greeting = ""): Promise<void> {
  for (let open = 0; open < count; open += 100)
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = await stranger.connect()
        socket.resume()
        if (greeting !== "") socket.write(greeting)
      }),
    )
}

/** Nobody is turned away, and what there is room for is less than in the app: an attacker needs fewer. */
const NO_ROOM: readonly Replacement[] = [
  {
    off: "the places of strangers, in which the newest takes the oldest's",
    file: "server/connections.ts",
    find: "if (!isFull && this.#strangers.size <= this.#places) return",
    replace: "if (isFull) return void socket.destroy()\n    if (this.#strangers.size > 0) return",
  },
  {
    off: "three of four places for connections",
    file: "server/connections.ts",
    find: "const MAX_CONNECTIONS = 4096",
    replace: "const MAX_CONNECTIONS = 1024",
  },
]

const SLOW_HEADERS: Replacement = {
  off: "the time that headers may take",
  file: "server/server.ts",
  find: "headersTimeout: 10_000,\n  requestTimeout: 30_000",
  replace: "headersTimeout: 60_000,\n  requestTimeout: 60_000",
}

const LONG_HEADERS: Replacement = {
  off: "the limit of headers",
  file: "server/server.ts",
  find: "maxHeaderSize: 16 * 1024",
  replace: "maxHeaderSize: 16 * 1024 * 1024",
}

/** N6: what costs the Core memory, places or time, over HTTP. */
export const floods: readonly Attack[] = [
  ...(
    [
      ["without a word", "", 3000],
      ["that stop in the middle of their headers", "GET / HTTP/1.1\r\nHost: localhost\r\nX", 2000],
      [
        "that stop in the middle of a body",
        "POST /__sallyport__/open HTTP/1.1\r\nHost: x\r\nContent-Length: 43\r\n\r\nx",
        2000,
      ],
    ] as const
  ).map(
    ([what, greeting, count]): Attack => ({
      where: "local",
      id: "N6",
      name: `${count} connections ${what}, so that no window gets in`,
      stoppedBy:
        "connections that have not shown the gate cookie share 1,024 places, in which the newest takes the oldest's",
      control: NO_ROOM,
      alone: true,
      needsQuiet: true,
      steps: async (scene) => {
        await connectAll(scene.stranger, count, greeting)
        return !(await serves(scene))
      },
    }),
  ),
  {
    where: "local",
    id: "N6",
    name: "headers that trickle in for longer than ten seconds",
    stoppedBy: "the time that headers may take, looked at every two seconds",
    control: SLOW_HEADERS,
    steps: async ({ victim: { port }, stranger }) => {
      const socket = await stranger.connect()
      socket.resume()
      socket.write(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\n`)
      const timer = setInterval(() => socket.write("X: y\r\n"), 200)
      const isEnded = await until(() => socket.readableEnded || socket.destroyed, 14_000)
      clearInterval(timer)
      return !isEnded
    },
  },
  {
    where: "local",
    id: "N6",
    name: "huge headers: one of 1 MiB, and many small ones",
    stoppedBy: "headers may have 16 KiB in all",
    control: LONG_HEADERS,
    steps: async ({ victim: { port }, stranger }) => {
      const head = `GET /__sallyport__/open HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n`
      const one = await stranger.raw(`${head}X: ${"y".repeat(1024 * 1024)}\r\n\r\n`)
      const many = await stranger.raw(`${head}${"X: y\r\n".repeat(10_000)}\r\n`)
      const target = await stranger.raw(`${head.replace("open", `open?${"y".repeat(100_000)}`)}\r\n`)
      return [one, many, target].some(({ answer }) => answer.startsWith("HTTP/1.1 200 "))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "a body without end, where a launch ticket is expected, fifty times",
    stoppedBy: "a ticket's body is read up to 64 bytes",
    control: {
      off: "the limit of a ticket's body",
      file: "server/open-page.ts",
      find: "if (length > limit) return null",
      replace: "if (length < 0) return null",
    },
    alone: true,
    steps: async ({ victim, stranger }) => {
      const before = (await victim.memory()) ?? 0
      const chunk = Buffer.alloc(1024 * 1024, "x")
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const socket = await stranger.connect()
          socket.resume()
          const { origin } = victim
          socket.write(
            `POST /__sallyport__/open HTTP/1.1\r\nHost: localhost:${victim.port}\r\nOrigin: ${origin}\r\nContent-Length: 99999999\r\n\r\n`,
          )
          for (let sent = 0; sent < 8 && !socket.destroyed; sent++)
            if (!socket.write(chunk)) await until(() => !socket.writableNeedDrain || socket.destroyed, 1000)
        }),
      )
      const after = await victim.memory()
      return after === null || after - before > 200 * 1024 * 1024
    },
  },
  {
    where: "local",
    id: "N6",
    name: "questions that cost the Core more than they cost to ask: isolation documents by no ticket, in a browser's words",
    stoppedBy: "whose socket asks is found out for tickets that there are, alone",
    control: {
      off: "the order of the questions, and the way of that one: it is asked first, and holds up the Core",
      file: "server/key/isolation-document.ts",
      find: "    const grant = this.#gate.redeemFrameTicket(",
      replace: `    const { readdirSync, readFileSync, readlinkSync } = process.getBuiltinModule("node:fs")
    for (const family of ["tcp", "tcp6"]) readFileSync("/proc/self/net/" + family, "latin1").split("\\n")
    for (const fd of readdirSync("/proc/self/fd")) try { readlinkSync("/proc/self/fd/" + fd) } catch {}
    const grant = this.#gate.redeemFrameTicket(`,
    },
    alone: true,
    needsQuiet: true,
    steps: async (scene) => {
      const { victim, stranger } = scene
      // The more connections, the longer is the list that such a question is answered from.
      await connectAll(stranger, 900)
      const headers = Object.entries(AS_A_FRAME).map(([name, value]) => `${name}: ${value}\r\n`)
      const request = `GET /${"A".repeat(43)} HTTP/1.1\r\nHost: 127.0.0.1:${victim.port}\r\n${headers.join("")}\r\n`
      for (let sockets = 0; sockets < 10; sockets++) {
        const socket = await stranger.connect()
        socket.resume()
        socket.write(request.repeat(200))
      }
      return !(await serves(scene))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "what is no HTTP: TLS, HTTP/2, noise, requests that are broken in every part, and connections kept open after them",
    stoppedBy: "a connection ends with the first request that is none",
    control: {
      off: "the end of such a connection",
      file: "server/server.ts",
      find: 'this.#gate.refused("broken request", { code: error.code ?? "" })\n      socket.destroy()',
      replace: 'this.#gate.refused("broken request", { code: error.code ?? "" })\n      socket.resume()',
    },
    steps: async (scene) => {
      for (const bytes of NOISE) {
        const { isOpen } = await scene.stranger.raw(bytes)
        if (isOpen) return true
      }
      return !(await serves(scene))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "connections that are reset in the middle of an upgrade, two hundred times",
    stoppedBy: "an error of a socket ends that socket, and nothing else",
    control: {
      off: "the ear for errors of a socket that asks for an upgrade",
      file: "server/upgrade.ts",
      find: '    socket.on("error", () => socket.destroy())\n',
      replace: "",
    },
    alone: true,
    steps: async (scene) => {
      const { victim, stranger } = scene
      const upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
      for (let tries = 0; tries < 200; tries++) {
        const socket = await stranger.connect()
        socket.write(
          `GET /__sallyport__/ipc HTTP/1.1\r\nHost: localhost:${victim.port}\r\n${upgrade}${"x".repeat(100)}`,
        )
        if (tries % 2 === 1) await pause(1)
        socket.resetAndDestroy()
      }
      return !(await serves(scene))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "sockets that are turned away, and kept half open by their other end",
    stoppedBy: "who is turned away is ended, whether it ends itself or not",
    control: {
      off: "the end of a socket that was turned away",
      file: "server/upgrade.ts",
      find: '    socket.once("finish", () => socket.destroy())\n',
      replace: "",
    },
    steps: async ({ victim: { port }, stranger }) => {
      const socket = await stranger.connect()
      socket.resume()
      socket.write(`GET /x HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      await until(() => socket.readableEnded)
      // What it still may say shows whether anybody is there.
      const timer = setInterval(() => socket.write("x"), 50)
      const isEnded = await until(() => socket.destroyed, 2000)
      clearInterval(timer)
      return !isEnded
    },
  },
]

const NOISE = [
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "GET / HTTP/9.9\r\n\r\n",
  "GET\r\n\r\n",
  "\0".repeat(1000),
  `${"A".repeat(50_000)} / HTTP/1.1\r\n\r\n`,
  "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n",
  "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n\x01",
  "GET / HTTP/1.1\nHost: a\n\rX: b\n\n",
]
