import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { after, before, beforeEach } from "node:test"
import { WebSocketServer } from "ws"
import { startTestServer, type TestServer } from "./server.fixture.ts"

/** A development server, and an app that shows it. */
export interface DevServer {
  readonly url: string
  readonly app: TestServer
  readonly sockets: WebSocketServer
  /** What it was asked during a test: requests, and handshakes of sockets. */
  asked: IncomingMessage[]
  /** How it answers. Before each test: with a page. */
  reply: RequestListener
}

const PAGE: RequestListener = (_request, response) =>
  response.setHeader("content-type", "text/html").end("<head><title>Dev</title>")

/** Starts both before the tests of a file, and ends both behind them. */
export function devServerForTests(): DevServer {
  const dev = { asked: [], reply: PAGE } as unknown as { -readonly [Name in keyof DevServer]: DevServer[Name] }
  let server: Server
  before(async () => {
    server = createServer((request, response) => {
      dev.asked.push(request)
      dev.reply(request, response)
    })
    dev.sockets = new WebSocketServer({ server })
    dev.sockets.on("connection", (socket, request) => {
      dev.asked.push(request)
      socket.on("message", (data) => socket.send(`echo ${data}`))
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    dev.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    dev.app = await startTestServer({ config: { devUrl: `${dev.url}/start/` }, options: { dev: true } })
  })
  beforeEach(() => {
    dev.asked = []
    dev.reply = PAGE
  })
  after(async () => {
    await dev.app.close()
    server.closeAllConnections()
    server.close()
  })
  return dev
}
