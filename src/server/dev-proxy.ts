import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import type { Duplex } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createProxyServer } from "httpxy"
import { type AppPages, NO_CACHE } from "./app-pages.ts"
import type { GateCookie } from "./gate-cookie.ts"
import { NEVER_STORED, refuse, sendHtml } from "./respond.ts"

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

/** Puts the development server behind the app origin: its documents get the bridge, its sockets keep hot reload alive. */
export class DevProxy {
  readonly #origin: string
  readonly #pages: AppPages
  readonly #cookie: GateCookie
  readonly #proxy: ReturnType<typeof createProxyServer>

  /** `devUrl`: `http:` or `https:`; its path is where windows begin, not where the proxy does. */
  constructor(devUrl: string, pages: AppPages, cookie: GateCookie) {
    this.#origin = new URL(devUrl).origin
    this.#pages = pages
    this.#cookie = cookie
    // A development server's certificate is its own.
    this.#proxy = createProxyServer({
      target: this.#origin,
      changeOrigin: true,
      secure: false,
      selfHandleResponse: true,
    })
    this.#proxy.on("proxyRes", (answer, request, response) => {
      this.#pass(answer, request, response).catch(() => response.destroy())
    })
    // Each request hears of its own failure; this one keeps the process alive.
    this.#proxy.on("error", () => {})
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#strip(request)
    if (isDocument(request)) for (const name of CONDITIONAL) delete request.headers[name]
    try {
      await this.#proxy.web(request, response)
    } catch {
      this.#down(request, response)
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#strip(request)
    socket.on("error", () => socket.destroy())
    this.#proxy.ws(request, socket as Socket, { target: this.#origin }, head).catch(() => socket.destroy())
  }

  #strip(request: IncomingMessage): void {
    const cookie = this.#cookie.without(request.headers.cookie)
    if (cookie === undefined) delete request.headers.cookie
    else request.headers.cookie = cookie
  }

  async #pass(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = answer.statusCode ?? 502
    const isHtml = /^text\/html\b/i.test(answer.headers["content-type"] ?? "")
    const headers = this.#headers(answer)
    if (!isHtml) {
      response.writeHead(status, headers)
      return pipeline(answer, response)
    }
    if (!isDocument(request)) {
      response.writeHead(status, { ...withoutValidators(headers), ...this.#pages.policyHeader, ...NO_CACHE })
      return pipeline(answer, response)
    }
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of answer) {
      length += (chunk as Buffer).length
      if (length > HTML_BYTES) return refuse(response, 502)
      chunks.push(chunk as Buffer)
    }
    this.#pages.send(response, status, Buffer.concat(chunks), withoutValidators(headers))
  }

  #headers(answer: IncomingMessage): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = { ...answer.headers }
    for (const name of HOP_BY_HOP) delete headers[name]
    if (headers.location?.startsWith(this.#origin))
      headers.location = headers.location.slice(this.#origin.length) || "/"
    return { ...headers, ...this.#pages.headers }
  }

  #down(request: IncomingMessage, response: ServerResponse): void {
    if (response.headersSent) return void response.destroy()
    if (!isDocument(request)) return refuse(response, 502)
    const text = `The development server at ${this.#origin} (build.devUrl) does not answer. Start it, then reload this page.`
    sendHtml(response, 502, `<!doctype html><title>No development server</title><p>${text}</p>`, NEVER_STORED)
  }
}

function isDocument(request: IncomingMessage): boolean {
  return request.headers["sec-fetch-dest"] === "document"
}

function withoutValidators(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const { etag, "last-modified": modified, "content-length": length, "content-encoding": encoding, ...rest } = headers
  return rest
}
