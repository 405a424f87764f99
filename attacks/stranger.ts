import { createServer, request as httpRequest, type IncomingHttpHeaders, type RequestListener } from "node:http"
import { connect, type ListenOptions, type Server, type Socket } from "node:net"
import { WebSocket } from "ws"

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
  /** Where to connect to. Default: 127.0.0.1. */
  readonly address?: string
}

export interface SocketOptions {
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Longer than this nobody waits for an answer, in ms. */
const ANSWER_MS = 5000

/** What another process on the same machine has at hand: sockets, and no scruples about headers. */
export class Stranger {
  readonly port: number
  readonly #open: { destroy(): void }[] = []

  /** `port`: of the app under attack. */
  constructor(port: number) {
    this.port = port
  }

  /** A request with any headers; its `Host` is the app's unless they say something else. */
  ask(path: string, { method = "GET", headers = {}, body, address = "127.0.0.1" }: AskOptions = {}): Promise<Answer> {
    const { port } = this
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        { host: address, port, path, method, agent: false, headers: { host: `localhost:${port}`, ...headers } },
        (response) => {
          let text = ""
          response.setEncoding("latin1").on("data", (chunk: string) => {
            text += chunk
          })
          response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
          response.on("error", reject)
        },
      )
      request.setTimeout(ANSWER_MS, () => request.destroy(new Error(`no answer to ${method} ${path}`)))
      request.on("error", reject)
      // An upgrade or a tunnel that is let in is an answer, too.
      request.on("upgrade", ({ headers }, socket) => {
        socket.destroy()
        resolve({ status: 101, headers, body: "" })
      })
      request.on("connect", ({ headers, statusCode = 0 }, socket) => {
        socket.destroy()
        resolve({ status: statusCode, headers, body: "" })
      })
      request.end(body)
    })
  }

  /** A connection on which nothing has been said; it is ended with the attack. */
  connect(address: string = "127.0.0.1"): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: this.port, host: address, allowHalfOpen: true }, () => resolve(socket))
      this.#open.push(socket)
      socket.once("error", reject)
      // What comes of a connection is seen by whether it is still open.
      socket.on("error", () => {})
    })
  }

  /** Sends bytes (a character is a byte), and takes what comes back until the app closes or `ms` have passed. */
  async raw(bytes: string, ms: number = 1000): Promise<{ readonly answer: string; readonly isOpen: boolean }> {
    const socket = await this.connect()
    let answer = ""
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      answer += chunk
    })
    socket.write(bytes, "latin1")
    const isOpen = !(await until(() => socket.readableEnded || socket.destroyed, ms))
    socket.destroy()
    return { answer, isOpen }
  }

  /** A WebSocket with any headers; `null` where the app lets none in. */
  socket({ path = "/__sallyport__/ipc", headers = {} }: SocketOptions = {}): Promise<WebSocket | null> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}${path}`, {
      headers: { host: `localhost:${this.port}`, ...headers },
      perMessageDeflate: false,
    })
    this.#open.push({ destroy: () => socket.terminate() })
    return new Promise((resolve) => {
      socket.once("open", () => resolve(socket))
      socket.once("error", () => resolve(null))
      socket.on("error", () => {})
    })
  }

  /** A server of the stranger's own, on a port that the system gives; resolves with the port. */
  async serve(listener: RequestListener): Promise<number> {
    const server = createServer(listener)
    await this.listen(server, { port: 0, host: "127.0.0.1" })
    const address = server.address()
    return typeof address === "object" && address !== null ? address.port : 0
  }

  /** Has a server listen until the attack is over. */
  listen(server: Server, where: ListenOptions): Promise<void> {
    this.#open.push({
      destroy: () => {
        server.close()
        if ("closeAllConnections" in server) (server as ReturnType<typeof createServer>).closeAllConnections()
      },
    })
    return new Promise((resolve, reject) => {
      server.once("error", reject)
      server.listen(where, resolve)
    })
  }

  /** Ends all that is left of an attack. */
  leave(): void {
    for (const one of this.#open.splice(0)) one.destroy()
  }
}

/** Waits until something is so, or `ms` have passed. Returns whether it is so. */
export async function until(isSo: () => boolean, ms: number = 3000): Promise<boolean> {
  for (const end = performance.now() + ms; !isSo(); await pause(5)) if (performance.now() > end) return false
  return true
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
