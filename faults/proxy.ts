import { connect, createServer, type Server, type Socket } from "node:net"

/** Which way bytes go. */
export type Direction = "to the Core" | "to the page"

/**
 * Stands between a page's socket and the Core, and cuts it where it is told to. It changes one thing that passes: the `Host`, which
 * would otherwise name its own port.
 */
export class CuttingProxy {
  readonly #server: Server
  readonly #port: number
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #cut: { readonly direction: Direction; readonly bytes: number; readonly done: (length: number) => void } | null = null
  /** Whether anything has passed. */
  isInUse = false

  private constructor(server: Server, port: number) {
    this.#server = server
    this.#port = port
    server.on("connection", (page) => this.#join(page))
  }

  /** @param port the Core's */
  static async start(port: number): Promise<CuttingProxy> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve))
    return new CuttingProxy(server, port)
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === "object" && address !== null ? address.port : 0
  }

  /**
   * Lets the first `bytes` of what comes next in a direction pass, then cuts every socket. Resolves, when it has, with the length
   * of what came: a small frame comes in one piece.
   */
  cutAfter(direction: Direction, bytes: number): Promise<number> {
    return new Promise((resolve) => {
      this.#cut = { direction, bytes, done: resolve }
    })
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(page: Socket): void {
    const core = connect(this.#port, "127.0.0.1")
    const pair = [page, core] as const
    this.#pairs.add(pair)
    for (const [socket, other] of [pair, [core, page] as const]) {
      socket.setNoDelay(true)
      socket.on("error", () => {})
      socket.on("close", () => {
        this.#pairs.delete(pair)
        other.destroy()
      })
    }
    let isFirst = true
    page.on("data", (chunk: Buffer) => {
      const bytes = isFirst ? named(chunk, this.#port) : chunk
      isFirst = false
      this.#pass("to the Core", bytes, core)
    })
    core.on("data", (chunk: Buffer) => this.#pass("to the page", chunk, page))
  }

  #pass(direction: Direction, chunk: Buffer, to: Socket): void {
    const cut = this.#cut?.direction === direction ? this.#cut : null
    if (cut === null) {
      this.isInUse = true
      to.write(chunk)
      return
    }
    // What has been written arrives before the end does: `end`, not `destroy`.
    this.#cut = null
    for (const [page, core] of this.#pairs) for (const socket of [page, core]) if (socket !== to) socket.destroy()
    to.end(chunk.subarray(0, cut.bytes), () => cut.done(chunk.length))
  }
}

function named(request: Buffer, port: number): Buffer {
  return Buffer.from(request.toString("latin1").replace(/^host: localhost:\d+/im, `Host: localhost:${port}`), "latin1")
}
