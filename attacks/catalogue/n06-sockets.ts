import { deflateRawSync } from "node:zlib"
import type { Attack, Replacement } from "../attack.ts"
import { NO_ROOM } from "../door-weaknesses.ts"
import { BINARY, frame, hasEnded, hello, isWelcomed, PING, TEXT, upgraded } from "../raw-socket.ts"
import { until } from "../stranger.ts"
import { ClientSession, serves, WindowClient } from "../window-client.ts"

/** What RFC 6455 forbids; each on a socket of its own. */
const BROKEN: readonly Buffer[] = [
  frame(Buffer.from("x"), { opcode: 3 }),
  frame(Buffer.from("x"), { opcode: 11 }),
  frame(Buffer.from("x"), { opcode: 0 }),
  frame(Buffer.from("x"), { opcode: TEXT, reserved: 2 }),
  frame(Buffer.from("x"), { opcode: TEXT, reserved: 1 }),
  frame(Buffer.from("x"), { opcode: PING, fin: false }),
  frame(Buffer.alloc(200), { opcode: PING }),
  frame(Buffer.from("x"), { opcode: 8 }),
  frame(Buffer.from([3, 1]), { opcode: 8 }),
  frame(Buffer.from([3, 232, 255, 255]), { opcode: 8 }),
  frame(Buffer.from("x"), { opcode: TEXT, masked: false }),
  frame(Buffer.from("x"), { opcode: BINARY, length: 2n ** 40n }),
  frame(Buffer.from("x"), { opcode: BINARY, length: 2n ** 63n }),
  frame(Buffer.from("x"), { opcode: BINARY, length: 2n ** 64n - 1n }),
  frame(Buffer.from([0xff, 0xfe]), { opcode: TEXT }),
  Buffer.concat([frame(Buffer.from("x"), { opcode: TEXT, fin: false }), frame(Buffer.from("x"), { opcode: TEXT })]),
]

const NO_BOUND: Replacement = {
  off: "the limit of what a socket may send before its hello",
  file: "server/upgrade.ts",
  find: "if (allowed < 0) webSocket.terminate()",
  replace: "if (allowed > HELLO_BYTES) webSocket.terminate()",
}

/** N6: what costs the Core memory, places or time, over its socket. */
export const socketFloods: readonly Attack[] = [
  {
    where: "local",
    id: "N6",
    name: "frames that the protocol of sockets forbids: kinds, lengths, masks, pieces, texts",
    stoppedBy: "a broken frame ends its socket, and nothing else",
    control: {
      off: "the ear for errors of a socket",
      file: "server/websocket-connection.ts",
      find: '    socket.on("error", () => {})\n',
      replace: "",
    },
    alone: true,
    steps: async (scene) => {
      const window = await WindowClient.open(scene)
      for (const broken of BROKEN) {
        const socket = await upgraded(scene, window)
        socket.resume()
        socket.write(broken)
        if (!(await until(() => hasEnded(socket)))) return true
      }
      return !(await serves(scene))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "a hello whose text is no UTF-8",
    stoppedBy: "text is checked before anybody reads it",
    control: {
      off: "the check of text",
      file: "server/upgrade.ts",
      find: "      autoPong: false,\n",
      replace: "      autoPong: false,\n      skipUTF8Validation: true,\n",
    },
    steps: async (scene) => {
      const window = await WindowClient.open(scene)
      const socket = await upgraded(scene, window)
      const bytes = hello(window, { x: "?" })
      bytes[bytes.lastIndexOf("?")] = 0xff
      return isWelcomed(socket, frame(bytes, { opcode: TEXT }))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "a compressed hello (RSV1), compression offered: a small message that would become a large one",
    stoppedBy: "compression is not taken up, and a frame that claims it ends the socket",
    control: {
      off: "the refusal of compression",
      file: "server/upgrade.ts",
      find: "perMessageDeflate: false",
      replace: "perMessageDeflate: true",
    },
    alone: true,
    steps: async (scene) => {
      const window = await WindowClient.open(scene)
      const socket = await upgraded(scene, window, "Sec-WebSocket-Extensions: permessage-deflate\r\n")
      const compressed = deflateRawSync(hello(window), { finishFlush: 2 })
      const raw = Promise.withResolvers<string>()
      socket.on("data", (chunk: Buffer) => raw.resolve(chunk.toString("latin1")))
      socket.once("close", () => raw.resolve(""))
      socket.write(frame(compressed.subarray(0, -4), { opcode: TEXT, reserved: 4 }))
      await raw.promise
      return until(() => scene.victim.hasDecided("session-started"), 500)
    },
  },
  {
    where: "local",
    id: "N6",
    name: "frames that are not masked, as only a server's are",
    stoppedBy: "what a client sends must be masked (RFC 6455, 5.1)",
    control: {
      off: "the look at the mask",
      file: "server/upgrade.ts",
      find: "        boundUntilHello(webSocket, socket)",
      replace:
        '        Reflect.set(Reflect.get(webSocket, "_receiver"), "_isServer", false)\n        boundUntilHello(webSocket, socket)',
    },
    steps: async (scene) => {
      const window = await WindowClient.open(scene)
      const socket = await upgraded(scene, window)
      return isWelcomed(socket, frame(hello(window), { opcode: TEXT, masked: false }))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "pings without end before a hello",
    stoppedBy: "a socket may send 16 KiB before its hello",
    control: NO_BOUND,
    steps: async (scene) => {
      const socket = await upgraded(scene, await WindowClient.open(scene))
      socket.resume()
      const pings = frame(Buffer.alloc(125), { opcode: PING })
      for (let sent = 0; sent < 1000 && !hasEnded(socket); sent++) {
        socket.write(pings)
        if (socket.writableNeedDrain) await until(() => !socket.writableNeedDrain || hasEnded(socket), 500)
      }
      return !(await until(() => hasEnded(socket), 1500))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "a message in pieces without end before a hello, and one of 60 MiB in one piece",
    stoppedBy: "a socket may send 16 KiB before its hello",
    control: NO_BOUND,
    steps: async (scene) => {
      const window = await WindowClient.open(scene)
      for (const first of [
        frame(Buffer.from("x"), { opcode: TEXT, fin: false }),
        frame(Buffer.from("x"), { opcode: TEXT, length: 60n * 1024n * 1024n }),
      ]) {
        const socket = await upgraded(scene, window)
        socket.resume()
        socket.write(first)
        // A piece is its seven bytes in the one, and part of the payload in the other.
        const pieces = Buffer.concat(
          Array.from({ length: 1000 }, () => frame(Buffer.from("x"), { opcode: 0, fin: false })),
        )
        for (let sent = 0; sent < 10 && !hasEnded(socket); sent++) socket.write(pieces)
        if (!(await until(() => hasEnded(socket), 1500))) return true
      }
      return false
    },
  },
  {
    where: "local",
    id: "N6",
    name: "pings without end from one that does not read the answers, with a stolen credential",
    stoppedBy: "who does not read gets no more answers: 64 KiB of them wait at most",
    control: {
      off: "the limit of answers that wait",
      file: "server/websocket-connection.ts",
      find: "if (socket.bufferedAmount < PONG_BYTES)",
      replace: "if (socket.bufferedAmount >= 0)",
    },
    alone: true,
    steps: async (scene) => {
      const { victim } = scene
      const window = await WindowClient.open(scene)
      const socket = await upgraded(scene, window)
      socket.pause()
      socket.write(frame(hello(window), { opcode: TEXT }))
      const before = (await victim.memory()) ?? 0
      const pings = Buffer.concat(Array.from({ length: 1000 }, () => frame(Buffer.alloc(125), { opcode: PING })))
      for (let sent = 0; sent < 500 && !hasEnded(socket); sent++)
        if (!socket.write(pings)) await until(() => !socket.writableNeedDrain || hasEnded(socket), 1000)
      const after = await victim.memory()
      return after === null || after - before > 100 * 1024 * 1024 || !(await serves(scene))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "a message of more than a part of a frame may have, with a stolen credential",
    stoppedBy: "a message has at most 512 KiB, for what is larger comes in parts: by its header alone the socket ends",
    control: {
      off: "the limit of a message",
      file: "server/upgrade.ts",
      find: "maxPayload: PART_BYTES",
      replace: "maxPayload: 2 ** 31 - 1",
    },
    steps: async (scene) => {
      const window = await WindowClient.open(scene)
      const socket = await upgraded(scene, window)
      await isWelcomed(socket, frame(hello(window), { opcode: TEXT }))
      socket.write(frame(Buffer.alloc(1000), { opcode: BINARY, length: 1024n * 1024n }))
      return !(await until(() => hasEnded(socket), 2000))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "two hundred sockets that never say hello, with a stolen cookie, so that no window gets in",
    stoppedBy: "sockets without a hello share 64 places, in which the newest takes the oldest's",
    control: NO_ROOM,
    alone: true,
    steps: async (scene) => {
      const window = await WindowClient.open(scene)
      for (let count = 0; count < 200; count++) (await upgraded(scene, window)).resume()
      return !(await serves(scene))
    },
  },
  {
    where: "local",
    id: "N6",
    name: "hellos that are refused, and go on sending",
    stoppedBy: "a socket whose hello was refused may send no more than before",
    control: {
      off: "the look at whether a hello was refused",
      file: "server/upgrade.ts",
      find: "if (webSocket.readyState !== webSocket.OPEN) return",
      replace: "",
    },
    steps: async (scene) => {
      const window = await WindowClient.open(scene)
      const socket = await upgraded(scene, window)
      socket.pause()
      socket.write(frame(Buffer.from('{"hello":1,"credential":"x"}'), { opcode: TEXT }))
      socket.write(frame(Buffer.from("x"), { opcode: BINARY, length: 60n * 1024n * 1024n }))
      const chunk = Buffer.alloc(64 * 1024)
      let sent = 0
      for (; sent < 200 && !socket.destroyed; sent++)
        if (!socket.write(chunk)) await until(() => !socket.writableNeedDrain || socket.destroyed, 200)
      return sent === 200
    },
  },
  {
    where: "local",
    id: "N6",
    name: "a window's sessions, taken and dropped as fast as can be",
    stoppedBy: "what a session had is free again when it ends",
    control: {
      off: "the end of a session with its socket",
      file: "core/core.ts",
      find: "      session.gone(reason)\n",
      replace: "",
    },
    alone: true,
    steps: async (scene) => {
      const window = await WindowClient.open(scene)
      for (let count = 0; count < 300; count++) {
        const socket = await scene.stranger.socket({ headers: window.headers })
        if (socket === null) return true
        await ClientSession.begin(socket, window.launched.credential)
        socket.terminate()
      }
      return (
        !(await until(() => scene.victim.decisions.filter(({ kind }) => kind === "session-ended").length > 290)) ||
        !(await window.works())
      )
    },
  },
]
