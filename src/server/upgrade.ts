import { once } from "node:events"
import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import { setTimeout as delay } from "node:timers/promises"
import { WebSocketServer } from "ws"
import type { Gate } from "../core/gate.ts"
import { IPC_PATH } from "../protocol/endpoints.ts"
import type { DevProxy } from "./dev-proxy.ts"
import type { GateCookie } from "./gate-cookie.ts"
import { pathOf, sideOf } from "./host.ts"
import { WebSocketConnection } from "./websocket-connection.ts"

export interface UpgradeOptions {
  readonly gate: Gate
  readonly cookie: GateCookie
  readonly port: number
  /** The largest message that a socket may send. */
  readonly maxPayload: number
  readonly devProxy: DevProxy | null
}

/** How long a page may take to answer the closing handshake, in ms. */
const CLOSE_MS = 1000

/** Turns requests for a WebSocket into the Core's connections, or away. */
export class Upgrade {
  readonly #options: UpgradeOptions
  readonly #sockets: WebSocketServer

  constructor(options: UpgradeOptions) {
    this.#options = options
    // No compression: what is sealed does not shrink, and a small message must not become a large one.
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: options.maxPayload,
      autoPong: false,
    })
  }

  answer(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { gate, cookie, port, devProxy } = this.#options
    socket.on("error", () => socket.destroy())
    const turnAway = (status: string, reason: string): void => {
      gate.refused(reason, { host: request.headers.host ?? "", origin: request.headers.origin ?? "" })
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    }
    if (sideOf(request, port) !== "app") return turnAway("421 Misdirected Request", "socket for another host")
    // Node joins repeated headers with a comma: two origins are never equal to one.
    if (request.headers.origin !== `http://localhost:${port}`)
      return turnAway("403 Forbidden", "socket from another origin")
    if (!cookie.isIn(request.headers.cookie)) return turnAway("403 Forbidden", "socket without the gate cookie")
    if (pathOf(request) !== IPC_PATH) {
      if (devProxy === null) return turnAway("404 Not Found", "socket on an unknown path")
      return devProxy.upgrade(request, socket, head)
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      gate.accept(new WebSocketConnection(webSocket), (ticket) => `http://127.0.0.1:${port}/${ticket}`)
    })
  }

  /** Waits a moment for the sockets, which the Core has closed, and ends those that have not ended then. */
  async close(): Promise<void> {
    const clients = [...this.#sockets.clients]
    const ended = Promise.all(clients.map((socket) => socket.readyState === socket.CLOSED || once(socket, "close")))
    await Promise.race([ended, delay(CLOSE_MS)])
    for (const socket of clients) socket.terminate()
    this.#sockets.close()
  }
}
