import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import type { Duplex } from "node:stream"
import type { Limits } from "../boundary/wire/limits.ts"
import { own } from "../boundary/wire/own.ts"
import type { Config } from "../config/config.ts"
import type { Gate } from "../core/gate.ts"
import type { PathScope } from "../directories/path-scope.ts"
import type { MemoryFiles } from "../files/memory-files.ts"
import type { IsolationApp } from "../isolation-app/isolation-app.ts"
import { ASSET_PATH, LAUNCH_PATH, OWN_PATH } from "../protocol/endpoints.ts"
import { AppPages } from "./app-pages.ts"
import { AssetFiles } from "./asset-files.ts"
import { Connections } from "./connections.ts"
import { FRAMING } from "./csp.ts"
import { readDescriptors, roomForConnections } from "./descriptors.ts"
import { DevProxy } from "./dev-proxy.ts"
import { GateCookie } from "./gate-cookie.ts"
import { pathOf, type Side, sideOf } from "./host.ts"
import { IsolationDocument } from "./key/isolation-document.ts"
import { listenOnLoopback } from "./listen.ts"
import { OpenPage } from "./open-page.ts"
import { readOwnHeaders } from "./own-headers.ts"
import { RememberedPort } from "./remembered-port.ts"
import { refuse } from "./respond.ts"
import { StaticFiles } from "./static-files.ts"
import { Upgrade } from "./upgrade.ts"

export interface ServerOptions {
  readonly config: Config
  readonly limits: Limits
  readonly gate: Gate
  /** `null` for brownfield. */
  readonly isolationApp: IsolationApp | null
  /** The bridge and the sandbox's runtime: classic scripts that hold neither `</script` nor `<!--`. */
  readonly bridge: string
  readonly sandbox: string
  /** Classic scripts for every page, behind the bridge, in ASCII like it. */
  readonly pageScripts: readonly string[]
  /** Files that pages may load as they are; `null`: none. */
  readonly assets: PathScope | null
  /** Where the frontend's folder is, when not on the disk. */
  readonly carried?: MemoryFiles | null | undefined
  /** Whether the frontend comes from `build.devUrl`. */
  readonly dev: boolean
  readonly log: (line: string) => void
  /** Folder in which the app's port is remembered. Default: the user's, for state. */
  readonly stateFolder?: string | undefined
  /** The server in whose place this one is, where its port is free. */
  readonly former?: ServerIdentity | undefined
}

/** What windows that are open already know a server by. */
export interface ServerIdentity {
  readonly port: number
  /** The gate cookie's value. */
  readonly cookie: string
}

export interface Server {
  /** Where the app's pages are: `http://localhost:<port>`. */
  readonly origin: string
  readonly identity: ServerIdentity
  /** The link that opens a window, once. */
  launchUrl(ticket: string): string
  /** Stops listening and ends every connection. */
  close(): Promise<void>
}

/** Times in ms. Headers that trickle in are cut off, at the latest, two seconds after their time. */
const HTTP_OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 16 * 1024,
  // A request without `Host` is for no origin of ours, and gets what every other one of these gets.
  requireHostHeader: false,
  // Node copies the options into an ordinary object: one that is not named here would be whatever `Object.prototype` has of its name.
  IncomingMessage: undefined,
  ServerResponse: undefined,
  insecureHTTPParser: undefined,
  joinDuplicateHeaders: undefined,
  keepAliveTimeoutBuffer: undefined,
  optimizeEmptyRequests: undefined,
  rejectNonStandardBodyWrites: undefined,
  shouldUpgradeCallback: undefined,
  uniqueHeaders: undefined,
  highWaterMark: undefined,
  noDelay: undefined,
  keepAlive: undefined,
  keepAliveInitialDelay: undefined,
}

/** The same for everybody, whatever they ask for. */
const HEADERS_TOO_LARGE =
  "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

/** How long the rest of such a request may take, in ms. */
const DRAIN_MS = 1000

/**
 * Serves an app on the loopback interface: the app origin (`localhost`) with the frontend, the bridge and the socket to
 * the Core, and the isolation origins (`<n>.localhost`, `127.0.0.1`) with isolation documents, all on one port.
 *
 * @throws Error where no port can be had
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const remembered = new RememberedPort(options.config.identifier, options.stateFolder)
  const servers = [createServer(HTTP_OPTIONS), createServer(HTTP_OPTIONS)] as const
  const { former, log } = options
  const known = await remembered.read()
  const port = await listenOnLoopback(...servers, [...(former === undefined ? [] : [former.port]), ...known])
  const running = new RunningServer(options, servers, port)
  // Of a port that its windows know from the server before, its log has said so already.
  if (former?.port !== port) sayWhichPort(port, known, log)
  try {
    await remembered.write(port)
  } catch (error) {
    log(
      `Port ${port} cannot be remembered (${(error as Error).message}): the next start takes another one, and what pages ` +
        `store (localStorage, IndexedDB, caches) is under another origin then. Make that folder writable.`,
    )
  }
  return running
}

/** Says when the port that pages' storage is under is taken: without a word, it would only be empty. */
function sayWhichPort(port: number, [first]: readonly number[], log: (line: string) => void): void {
  if (first === undefined || port === first) return
  log(
    `Port ${first}, which this app has otherwise, is taken, by another copy of the app or another program: it has port ${port} ` +
      `now, and each time that ${first} is taken. What pages store (localStorage, IndexedDB, caches) belongs to the port, so ` +
      `they do not see what they stored under ${first}. End what listens there and start the app again: it takes ${first} whenever that is free.`,
  )
}

/**
 * Browsers open connections in advance, which end without a byte when their time is over, and end connections that they need
 * no more, also in the middle of an answer: no request was broken.
 */
function hasAskedNothing(error: NodeJS.ErrnoException, { bytesRead }: Socket): boolean {
  return bytesRead === 0 || own(error, "syscall") !== undefined
}

class RunningServer implements Server {
  readonly origin: string
  readonly #port: number
  readonly #gate: Gate
  readonly #log: (line: string) => void
  readonly #servers: readonly HttpServer[]
  readonly #connections: Connections
  readonly #cookie: GateCookie
  readonly #openPage: OpenPage
  readonly #isolation: IsolationDocument | null
  readonly #frontend: DevProxy | StaticFiles | null
  readonly #assets: AssetFiles | null
  readonly #upgrade: Upgrade
  /** The last response that was begun on a connection, until it has ended. Those before it have ended then, too. */
  readonly #answering = new WeakMap<Duplex, ServerResponse>()
  #hasSaidTooLarge = false

  constructor(options: ServerOptions, servers: readonly HttpServer[], port: number) {
    const { config, gate, isolationApp, sandbox, carried, dev, former, log } = options
    this.origin = `http://localhost:${port}`
    this.#port = port
    this.#gate = gate
    this.#log = log
    this.#servers = servers
    this.#cookie = new GateCookie(port, former?.port === port ? former.cookie : undefined)
    this.#openPage = new OpenPage(gate, this.#cookie, this.origin)
    this.#isolation = isolationApp === null ? null : new IsolationDocument(gate, isolationApp, sandbox, this.origin)
    const pages = new AppPages(options, port)
    this.#assets = options.assets === null ? null : new AssetFiles(options.assets, pages, gate)
    const devProxy =
      dev && config.devUrl !== null ? new DevProxy(config.devUrl, pages, this.#cookie, this.origin) : null
    this.#frontend =
      devProxy ?? (config.frontendDist === null ? null : new StaticFiles(config.frontendDist, pages, carried))
    this.#upgrade = new Upgrade({ gate, cookie: this.#cookie, port, devProxy })
    const descriptors = readDescriptors()
    const room = descriptors === null ? undefined : roomForConnections(descriptors)
    this.#connections = new Connections(room, (room) =>
      log(
        `There is no room for more than ${room} connections, so one was closed: this process may have ` +
          `${descriptors?.limit ?? "only so many"} files open. Close windows, or start it with a higher limit (ulimit -n).`,
      ),
    )
    for (const server of servers) this.#listen(server)
  }

  get identity(): ServerIdentity {
    return { port: this.#port, cookie: this.#cookie.value }
  }

  launchUrl(ticket: string): string {
    return `${this.origin}${LAUNCH_PATH}#${ticket}`
  }

  async close(): Promise<void> {
    // One of them does not listen where the machine has no IPv6: that is closed enough.
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
    await this.#upgrade.close()
    this.#connections.destroy()
    await Promise.all(closed)
  }

  #listen(server: HttpServer): void {
    server.on("connection", (socket) => this.#connections.add(socket))
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const { socket } = request
      readOwnHeaders(request)
      this.#answering.set(socket, response)
      response.once("close", () => {
        if (this.#answering.get(socket) === response) this.#answering.delete(socket)
      })
      this.#answer(request, response).catch((error: unknown) => {
        // The path of an isolation document is a ticket, which is worth a key.
        const what = this.#sideOf(request) === "isolation" ? "of an isolation document" : pathOf(request)
        this.#log(`${request.method} ${what}: ${error instanceof Error ? error.message : error}`)
        if (response.headersSent) response.destroy()
        else refuse(response, 500)
      })
    }
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      readOwnHeaders(request)
      // In the middle of another answer a handshake would be a part of that.
      if (this.#answering.has(socket)) return void socket.destroy()
      if (this.#upgrade.answer(request, socket, head)) this.#connections.welcome(socket)
    }
    server.on("request", answer)
    // RFC 9110, 10.1.1: a server may ignore an expectation that it does not know.
    server.on("checkExpectation", answer)
    server.on("upgrade", upgrade)
    server.on("connect", upgrade)
    server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code === "HPE_HEADER_OVERFLOW") return this.#headersTooLarge(socket)
      if (hasAskedNothing(error, socket)) return void socket.destroy()
      this.#gate.refused("broken request", { code: error.code ?? "" })
      socket.destroy()
    })
    // A connection could not be taken, for want of file descriptors: the next may do better.
    server.on("error", (error) => this.#log(`a connection was lost: ${error.message}`))
  }

  /**
   * Most often cookies, of a page or of other servers: they know no ports. Told apart they cannot be, nor taken away: what did
   * not fit was not read, so nobody knows who asks, and any web site could have a browser forget all cookies of `localhost`.
   */
  #headersTooLarge(socket: Duplex): void {
    // What comes after it does not fit either.
    if (socket.writableEnded) return
    this.#gate.refused("headers of more than 16 KiB", {})
    if (!this.#hasSaidTooLarge)
      this.#log(
        "A request was turned away: its headers have more than 16 KiB. As a rule these are cookies that a page, or another " +
          "server on this machine, has set. Clear the cookies of localhost in the browser that shows the window.",
      )
    this.#hasSaidTooLarge = true
    // In the middle of another answer it would be a part of that.
    if (this.#answering.has(socket)) return void socket.destroy()
    socket.end(HEADERS_TOO_LARGE)
    // What is on its way must be read: a connection that is closed over it takes the answer along.
    socket.resume()
    setTimeout(() => socket.destroy(), DRAIN_MS).unref()
  }

  #sideOf(request: IncomingMessage): Side | null {
    return sideOf(request, this.#port, (number) => this.#gate.hasWindow(number))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, socket } = request
    const turnAway = (status: number, reason: string): void => {
      const { host = "", origin = "" } = headers
      this.#gate.refused(reason, { host: host.slice(0, 200), origin: origin.slice(0, 200) })
      refuse(response, status)
    }
    const side = this.#sideOf(request)
    if (side === null) return turnAway(421, "request for another host")
    // Also for responses without a body; documents replace it.
    if (side === "app") response.setHeader("content-security-policy", FRAMING)
    if (headers["service-worker"] !== undefined) return turnAway(403, "service worker")
    if (side === "isolation")
      return this.#isolation === null ? refuse(response, 404) : this.#isolation.answer(request, response)
    const path = pathOf(request)
    if (path === LAUNCH_PATH) return this.#openPage.answer(request, response)
    if (!this.#cookie.isIn(headers.cookie)) return turnAway(403, "request without the gate cookie")
    this.#connections.welcome(socket)
    if (this.#isForeign(request)) return turnAway(403, "request from another origin")
    if (path.startsWith(ASSET_PATH)) {
      if (this.#assets === null) return turnAway(404, "asset, and app.security.assetProtocol is not enabled")
      return this.#assets.answer(request, response)
    }
    if (this.#frontend === null || path.startsWith(OWN_PATH)) return refuse(response, 404)
    return this.#frontend.answer(request, response)
  }

  /**
   * Pages on other local ports are of the same site, so that the cookie comes along with what they send. A form sent under
   * `no-referrer` has `null` as its origin, but comes from the same one.
   */
  #isForeign({ headers }: IncomingMessage): boolean {
    return headers.origin !== undefined && headers.origin !== this.origin && headers["sec-fetch-site"] !== "same-origin"
  }
}
