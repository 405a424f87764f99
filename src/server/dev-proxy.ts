import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http"
import { Agent as SecureAgent } from "node:https"
import type { Socket } from "node:net"
import type { Duplex } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createProxyServer } from "httpxy"
import { bare } from "../boundary/wire/own.ts"
import { type AppPages, NO_CACHE } from "./app-pages.ts"
import { documentKind, isScriptType, readContentType } from "./content-type.ts"
import { type GateCookie, setsGateCookie } from "./gate-cookie.ts"
import { lookupLocalhost } from "./lookup-localhost.ts"
import { readOwnHeaders } from "./own-headers.ts"
import { readRefresh } from "./refresh.ts"
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

/**
 * What the app's origin does not take from a development server: the first would delete the gate cookie and what windows have in
 * `sessionStorage`, the others would have the browser go past this server.
 */
const NOT_OF_THE_APP = ["clear-site-data", "alt-svc", "strict-transport-security"]

/** Names of this machine alone, as a URL has them. One server may be known by several. */
const LOOPBACK = /(?:^|\.)localhost\.?$|^127(?:\.\d+){3}$|^\[::1?\]$|^0\.0\.0\.0$/

/** They have no body, whatever their headers say. */
const BODYLESS = new Set([204, 205, 304])

/** Puts the development server behind the app origin: its documents get the bridge, its sockets keep hot reload alive. */
export class DevProxy {
  readonly #origin: string
  readonly #appOrigin: string
  /** What it is asked as: the name that it called itself by last. The address stays. */
  #host: string
  readonly #pages: AppPages
  readonly #cookie: GateCookie
  readonly #proxy: ReturnType<typeof createProxyServer>
  /** For sockets: each has a connection of its own. */
  readonly #socketAgent: Agent

  /** `devUrl`: `http:` or `https:`; its path is where windows begin, not where the proxy does. */
  constructor(devUrl: string, pages: AppPages, cookie: GateCookie, appOrigin: string) {
    const { origin, host } = new URL(devUrl)
    this.#origin = origin
    this.#host = host
    this.#appOrigin = appOrigin
    this.#pages = pages
    this.#cookie = cookie
    const AgentOfKind = this.#origin.startsWith("https:") ? SecureAgent : Agent
    this.#socketAgent = new AgentOfKind({ lookup: lookupLocalhost })
    // A development server's certificate is its own. No "error" listener: with one, `httpxy` tells of a failure there only.
    this.#proxy = createProxyServer({
      secure: false,
      selfHandleResponse: true,
      agent: new AgentOfKind({ keepAlive: true, lookup: lookupLocalhost }),
    })
    this.#proxy.on("proxyReqWs", (outgoing, _request, socket) => {
      // Pipes pass an end on, but not a socket that was destroyed.
      socket.once("close", () => outgoing.destroy())
      outgoing.once("upgrade", (_answer, theirs) => socket.once("close", () => theirs.destroy()))
      // Before `httpxy` sends them on.
      for (const event of ["upgrade", "response"])
        outgoing.once(event, (answer: IncomingMessage) => withoutForeign(answer.headers))
    })
    this.#proxy.on("proxyRes", (answer, request, response) => {
      this.#pass(answer, request, response).catch(() => response.destroy())
    })
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#strip(request)
    // `httpxy` and `pipeline` listen to its end eleven times: one more than what Node warns of.
    response.setMaxListeners(20)
    if (isNavigation(request)) for (const name of CONDITIONAL) delete request.headers[name]
    try {
      await this.#proxy.web(request, response, { target: this.#origin, headers: { host: this.#host } })
    } catch {
      if (response.headersSent) response.destroy()
      else this.#explain(response, "does not answer. Start it, then reload this page.")
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#strip(request)
    const options = { target: this.#origin, agent: this.#socketAgent, headers: { host: this.#host } }
    this.#proxy.ws(request, socket as Socket, options, head).catch(() => socket.destroy())
  }

  #strip(request: IncomingMessage): void {
    const cookie = this.#cookie.without(request.headers.cookie)
    if (cookie === undefined) delete request.headers.cookie
    else request.headers.cookie = cookie
  }

  async #pass(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = answer.statusCode ?? 502
    const headers = this.#endToEnd(answer, request)
    const essence = readContentType(answer.headers["content-type"])?.essence ?? ""
    const kind = documentKind(essence)
    if (kind === null) {
      const isScript = isScriptType(essence)
      response.writeHead(
        status,
        isScript ? { ...headers, ...this.#pages.headers } : this.#pages.documentHeaders(headers),
      )
      return pipeline(answer, response)
    }
    for (const name of OF_ITS_BYTES) delete headers[name]
    const isDocument = isNavigation(request)
    const isCompressed = headers["content-encoding"] !== undefined
    const hasNoBody = BODYLESS.has(status) || request.method === "HEAD"
    if (hasNoBody || (!isDocument && (!isFrame(request) || isCompressed))) {
      response.writeHead(status, { ...this.#pages.documentHeaders(headers), ...NO_CACHE })
      return pipeline(answer, response)
    }
    const html = await readAll(answer)
    if (html === null) return this.#explain(response, "sent a page of more than 64 MiB.")
    if (isCompressed)
      return this.#explain(response, "compressed a page although it was asked not to. Switch its compression off.")
    if (kind === "xhtml") this.#pages.sendXhtml(response, status, html, isDocument, headers)
    else if (isDocument) this.#pages.send(response, status, html, headers)
    else this.#pages.sendBare(response, status, html, headers)
  }

  #endToEnd(answer: IncomingMessage, request: IncomingMessage): OutgoingHttpHeaders {
    readOwnHeaders(answer)
    const headers: OutgoingHttpHeaders = withoutForeign(bare(answer.headers))
    for (const name of HOP_BY_HOP) delete headers[name]
    const type = readContentType(answer.headers["content-type"])
    if (type === null) delete headers["content-type"]
    else headers["content-type"] = type.header
    const encoding = encodings(answer.headers["content-encoding"])
    if (encoding === "") delete headers["content-encoding"]
    else headers["content-encoding"] = encoding
    const from = request.url ?? "/"
    if (headers.location !== undefined) headers.location = this.#redirect(headers.location, from)
    this.#refresh(headers, from)
    return headers
  }

  /** A `Refresh` leads where a redirect to the same address would. One that browsers ignore goes no further. */
  #refresh(headers: OutgoingHttpHeaders, from: string): void {
    const refresh = headers.refresh === undefined ? null : readRefresh(String(headers.refresh))
    if (refresh === null) delete headers.refresh
    else
      headers.refresh = refresh.url === "" ? refresh.time : `${refresh.time}; url=${this.#redirect(refresh.url, from)}`
  }

  /** Where a redirect leads from here: one to itself, by any of its names, stays on the app's origin. */
  #redirect(location: string, from: string): string {
    // Bytes stay what they are: as characters they would be encoded a second time.
    const bytes = location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
    // Not `new URL(from, …)`: a path that begins with two slashes would be another host's.
    const url = URL.parse(bytes, this.#origin + from)
    if (url === null) return location
    if (!this.#isItself(url)) return url.href
    this.#host = url.host
    return this.#appOrigin + url.pathname + url.search + url.hash
  }

  #isItself({ protocol, port, origin, hostname }: URL): boolean {
    const own = new URL(this.#origin)
    const isSamePort = protocol === own.protocol && port === own.port
    return origin === own.origin || (isSamePort && LOOPBACK.test(own.hostname) && LOOPBACK.test(hostname))
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

/** Deletes from headers what the app's origin does not take from a development server, and returns them. */
function withoutForeign(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  for (const name of NOT_OF_THE_APP) delete headers[name]
  const cookies = headers["set-cookie"]?.filter((cookie) => !setsGateCookie(cookie)) ?? []
  if (cookies.length === 0) delete headers["set-cookie"]
  else headers["set-cookie"] = cookies
  return headers
}

/** Content codings as a list, without those that change nothing (RFC 9110, 8.4.1 and 12.5.3). */
function encodings(header: string | undefined): string {
  const names = (header ?? "").split(",").map((name) => name.trim())
  return names.filter((name) => !/^(?:identity)?$/i.test(name)).join(", ")
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
