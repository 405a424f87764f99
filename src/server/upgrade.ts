import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import { setTimeout as delay } from "node:timers/promises"
import { type WebSocket, WebSocketServer } from "ws"
import { bare } from "../boundary/wire/own.ts"
import { PART_BYTES } from "../boundary/wire/parts.ts"
import type { Gate } from "../core/gate.ts"
import { CLOSE } from "../protocol/close-codes.ts"
import { IPC_PATH } from "../protocol/endpoints.ts"
import type { DevProxy } from "./dev-proxy.ts"
import type { GateCookie } from "./gate-cookie.ts"
import { pathOf, sideOf } from "./host.ts"
import { isolationOrigin } from "./isolation-origin.ts"
import { WebSocketConnection } from "./websocket-connection.ts"

export interface UpgradeOptions {
  readonly gate: Gate
  readonly cookie: GateCookie
  readonly port: number
  readonly devProxy: DevProxy | null
}

/** How long a page may take to answer the closing handshake, in ms. */
const CLOSE_MS = 1000

/** What a socket may send before its hello is accepted, in bytes: nobody knows it yet, and a frame's size is not for it. */
const HELLO_BYTES = 16 * 1024

const NO_HANDSHAKE = ["400 Bad Request", "upgrade that is no WebSocket handshake"] as const

/** RFC 6455, 4.2.1: the part that is the same for the app's socket and for the development server's. */
function isHandshake({ method, httpVersion, headers }: IncomingMessage): boolean {
  const isWebSocket = headers.upgrade?.toLowerCase() === "websocket" && headers["sec-websocket-version"] === "13"
  return method === "GET" && httpVersion === "1.1" && isWebSocket
}

/** Turns requests for a WebSocket into the Core's connections, or away. */
export class Upgrade {
  readonly #options: UpgradeOptions
  readonly #sockets: WebSocketServer

  constructor(options: UpgradeOptions) {
    this.#options = options
    // A variable, because the package's types do not know `closeTimeout`.
    const settings = {
      noServer: true,
      // What is sealed does not shrink, and a small message must not become a large one.
      perMessageDeflate: false,
      // Larger frames come in parts: what a message that is not whole holds is in no count of the Core's.
      maxPayload: PART_BYTES,
      closeTimeout: CLOSE_MS,
      autoPong: false,
      handleProtocols: () => false as const,
    }
    this.#sockets = new WebSocketServer(settings)
    // By default `ws` answers with a body.
    this.#sockets.on("wsClientError", (_error, socket, request) => this.#turnAway(request, socket, ...NO_HANDSHAKE))
  }

  /** Returns whether the socket was let in. */
  answer(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const { gate, cookie, port, devProxy } = this.#options
    const turnAway = (status: string, reason: string): false => this.#turnAway(request, socket, status, reason)
    socket.on("error", () => socket.destroy())
    if (sideOf(request, port, (number) => gate.hasWindow(number)) !== "app")
      return turnAway("421 Misdirected Request", "socket for another host")
    // Node joins repeated headers with a comma: two origins are never equal to one.
    if (request.headers.origin !== `http://localhost:${port}`)
      return turnAway("403 Forbidden", "socket from another origin")
    const isKnown = cookie.isIn(request.headers.cookie)
    if (!isKnown && pathOf(request) !== IPC_PATH) return turnAway("403 Forbidden", "socket without the gate cookie")
    if (!isHandshake(request)) return turnAway(...NO_HANDSHAKE)
    if (!isKnown) gate.refused("socket without the gate cookie", {})
    if (pathOf(request) === IPC_PATH) {
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        if (isKnown) gate.accept(new WebSocketConnection(webSocket), isolationOrigin(request.headers, port))
        else sendHome(webSocket)
        // After the Core, so that it hears of a first message when the Core has judged it.
        boundUntilHello(webSocket, socket)
      })
    } else {
      if (devProxy === null) return turnAway("404 Not Found", "socket on an unknown path")
      devProxy.upgrade(request, socket, head)
    }
    return isKnown
  }

  #turnAway({ headers }: IncomingMessage, socket: Duplex, status: string, reason: string): false {
    const { host = "", origin = "" } = headers
    this.#options.gate.refused(reason, { host: host.slice(0, 200), origin: origin.slice(0, 200) })
    // A peer that keeps its half open would otherwise keep the socket.
    socket.once("finish", () => socket.destroy())
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    return false
  }

  /** Waits a moment for the sockets, which the Core has closed, and ends those that have not ended then. */
  async close(): Promise<void> {
    const clients = [...this.#sockets.clients]
    const ended = clients.map((socket) => new Promise((resolve) => socket.once("close", resolve)))
    await Promise.race([Promise.all(ended), delay(CLOSE_MS, null, bare({ ref: false }))])
    for (const socket of clients) socket.terminate()
    this.#sockets.close()
  }
}

/**
 * A page that outlived the app has the cookie of the launch before. No page learns why a handshake failed, and it would try for
 * ever: only a close tells it that there is no use in it.
 */
function sendHome(webSocket: WebSocket): void {
  webSocket.on("error", () => {})
  webSocket.close(CLOSE.CREDENTIAL_UNKNOWN, "the app does not know this window: open it from the app again")
}

function boundUntilHello(webSocket: WebSocket, socket: Duplex): void {
  let allowed = HELLO_BYTES
  const count = (chunk: Buffer): void => {
    allowed -= chunk.length
    if (allowed < 0) webSocket.terminate()
  }
  socket.on("data", count)
  webSocket.once("message", () => {
    // A hello that was refused opens nothing, and a peer need not heed that the socket is closing.
    if (webSocket.readyState !== webSocket.OPEN) return
    // The chunk that ends the hello may hold more, and is counted after this.
    allowed = Number.POSITIVE_INFINITY
    socket.off("data", count)
  })
}
