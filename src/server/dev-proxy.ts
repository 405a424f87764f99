import { Agent, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http"
import { Agent as SecureAgent } from "node:https"
import type { Socket } from "node:net"
import type { Duplex } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createProxyServer } from "httpxy"
import { type AppPages, NO_CACHE } from "./app-pages.ts"
import { isDocumentType } from "./content-type.ts"
import type { GateCookie } from "./gate-cookie.ts"
import { lookupLocalhost } from "./lookup-localhost.ts"
import { NEVER_STORED, sendHtml } from "./respond.ts"

/** A development server's page is no larger; what is, is no page. */
const HTML_BYTES = 64 * 1024 * 1024

/** RFC 9110, 7.6.1: they concern one connection only. */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade"]

/** With these a server may answer that nothing has changed: and a copy without the bridge would come from the cache. */
const CONDITIONAL = [
  "if-none-match",
  "if-modified-since",
  "if-match",
  "if-unmodified-since",
  "if-range",
  "range",
  "accept-encoding",
]

/** They speak of the bytes that the development server sent, and not of what becomes of them here. */
const OF_ITS_BYTES = ["etag", "last-modified", "accept-ranges"]

/** Puts the development server behind the app origin: its documents get the bridge, its sockets keep hot reload alive. */
export class DevProxy {
  readonly #origin: string
  readonly #pages: AppPages
  readonly #cookie: GateCookie
  readonly #proxy: ReturnType<typeof createProxyServer>
  /** For sockets: each has a connection of its own. */
  readonly #socketAgent: Agent

  /** `devUrl`: `http:` or `https:`; its path is where windows begin, not where the proxy does. */
  constructor(devUrl: string, pages: AppPages, cookie: GateCookie) {
    this.#origin = new URL(devUrl).origin
    this.#pages = pages
    this.#cookie = cookie
    const AgentOfKind = this.#origin.startsWith("https:") ? SecureAgent : Agent
    this.#socketAgent = new AgentOfKind({ lookup: lookupLocalhost })
    // A development server's certificate is its own. No "error" listener: with one, `httpxy` tells of a failure there only.
    this.#proxy = createProxyServer({
      changeOrigin: true,
      secure: false,
      selfHandleResponse: true,
      agent: new AgentOfKind({ keepAlive: true, lookup: lookupLocalhost }),
    })
    this.#proxy.on("proxyReqWs", (outgoing, _request, socket) => {
      // Pipes pass an end on, but not a socket that was destroyed.
      socket.once("close", () => outgoing.destroy())
      outgoing.once("upgrade", (_answer, theirs) => socket.once("close", () => theirs.destroy()))
    })
    this.#proxy.on("proxyRes", (answer, request, response) => {
      this.#pass(answer, request, response).catch(() => response.destroy())
    })
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#strip(request)
    if (isNavigation(request)) for (const name of CONDITIONAL) delete request.headers[name]
    try {
      await this.#proxy.web(request, response, { target: this.#origin })
    } catch {
      if (response.headersSent) response.destroy()
      else this.#explain(response, "does not answer. Start it, then reload this page.")
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#strip(request)
    const options = { target: this.#origin, agent: this.#socketAgent }
    this.#proxy.ws(request, socket as Socket, options, head).catch(() => socket.destroy())
  }

  #strip(request: IncomingMessage): void {
    const cookie = this.#cookie.without(request.headers.cookie)
    if (cookie === undefined) delete request.headers.cookie
    else request.headers.cookie = cookie
  }

  async #pass(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = answer.statusCode ?? 502
    const headers = this.#endToEnd(answer)
    const type = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase() ?? ""
    if (type !== "text/html") {
      const { headers: always } = this.#pages
      response.writeHead(
        status,
        isDocumentType(type) ? this.#pages.documentHeaders(headers) : { ...headers, ...always },
      )
      return pipeline(answer, response)
    }
    for (const name of OF_ITS_BYTES) delete headers[name]
    const isDocument = isNavigation(request)
    if (!isDocument && (!isFrame(request) || headers["content-encoding"] !== undefined)) {
      response.writeHead(status, { ...this.#pages.documentHeaders(headers), ...NO_CACHE })
      return pipeline(answer, response)
    }
    const html = await readAll(answer)
    if (html === null) return this.#explain(response, "sent a page of more than 64 MiB.")
    if (headers["content-encoding"] !== undefined)
      return this.#explain(response, "compressed a page although it was asked not to. Switch its compression off.")
    if (isDocument) this.#pages.send(response, status, html, headers)
    else this.#pages.sendBare(response, status, html, headers)
  }

  #endToEnd(answer: IncomingMessage): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = { ...answer.headers }
    for (const name of HOP_BY_HOP) delete headers[name]
    const location = URL.parse(headers.location ?? "", this.#origin)
    // A redirect to itself stays here.
    if (headers.location !== undefined && location?.origin === this.#origin)
      headers.location = location.href.slice(this.#origin.length)
    return headers
  }

  #explain(response: ServerResponse, what: string): void {
    const text = `The development server at ${this.#origin} (build.devUrl) ${what}`
    sendHtml(response, 502, `<!doctype html><title>No development server</title><p>${text}</p>`, NEVER_STORED)
  }
}

function isNavigation(request: IncomingMessage): boolean {
  return request.headers["sec-fetch-dest"] === "document"
}

function isFrame(request: IncomingMessage): boolean {
  return /^(?:iframe|frame|object|embed)$/.test(String(request.headers["sec-fetch-dest"]))
}

/** The whole body, or `null` when it is too long. */
async function readAll(answer: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > HTML_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
