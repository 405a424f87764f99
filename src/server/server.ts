import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { Config } from "../config/config.ts"
import type { Gate } from "../core/gate.ts"
import type { IsolationApp } from "../isolation-app/isolation-app.ts"
import { LAUNCH_PATH } from "../protocol/endpoints.ts"
import type { Limits } from "../protocol/limits.ts"
import { AppPages } from "./app-pages.ts"
import { DevProxy } from "./dev-proxy.ts"
import { GateCookie } from "./gate-cookie.ts"
import { pathOf, sideOf } from "./host.ts"
import { IsolationDocument } from "./isolation-document.ts"
import { listenOnLoopback } from "./listen.ts"
import { OpenPage } from "./open-page.ts"
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
  /** Whether the frontend comes from `build.devUrl`. */
  readonly dev: boolean
  readonly log: (line: string) => void
  /** Folder in which the app's port is remembered. Default: the user's, for state. */
  readonly stateFolder?: string | undefined
}

export interface Server {
  /** Where the app's pages are: `http://localhost:<port>`. */
  readonly origin: string
  /** The link that opens a window, once. */
  launchUrl(ticket: string): string
  /** Stops listening and ends every connection. */
  close(): Promise<void>
}

/** What a frame adds to its payload: header, tag, JSON's length. */
const FRAME_OVERHEAD = 64

/** Times in ms. Headers that trickle in are cut off, at the latest, two seconds after their time. */
const HTTP_OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 16 * 1024,
}
const MAX_CONNECTIONS = 4096

/**
 * Serves an app on the loopback interface: the app origin (`localhost`) with the frontend, the bridge and the socket to
 * the Core, and the isolation origin (`127.0.0.1`) with isolation documents, both on one port.
 *
 * Throws where no port can be had.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, gate } = options
  const remembered = new RememberedPort(config.identifier, options.stateFolder)
  const servers = [createServer(HTTP_OPTIONS), createServer(HTTP_OPTIONS)] as const
  const port = await listenOnLoopback(...servers, await remembered.read())
  await remembered.write(port)

  const origin = `http://localhost:${port}`
  const cookie = new GateCookie(port)
  const pages = new AppPages(config, options.bridge, port, options.dev, options.log)
  const openPage = new OpenPage(gate, cookie, origin)
  const isolation =
    options.isolationApp === null ? null : new IsolationDocument(gate, options.isolationApp, options.sandbox, origin)
  const devProxy = options.dev && config.devUrl !== null ? new DevProxy(config.devUrl, pages, cookie) : null
  const files = config.frontendDist === null ? null : new StaticFiles(config.frontendDist, pages)
  const maxPayload = options.limits.jsonBytes + options.limits.blobBytes + FRAME_OVERHEAD
  const upgrade = new Upgrade({ gate, cookie, port, maxPayload, devProxy })

  const turnAway = (request: IncomingMessage, response: ServerResponse, status: number, reason: string): void => {
    gate.refused(reason, { host: request.headers.host ?? "", path: pathOf(request).slice(0, 200) })
    refuse(response, status)
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const side = sideOf(request, port)
    if (side === null) return turnAway(request, response, 421, "request for another host")
    if (side === "isolation") return isolation === null ? refuse(response, 404) : isolation.answer(request, response)
    if (pathOf(request) === LAUNCH_PATH) return openPage.answer(request, response)
    if (!cookie.isIn(request.headers.cookie)) return turnAway(request, response, 403, "request without the gate cookie")
    if (request.headers["service-worker"] !== undefined) return turnAway(request, response, 403, "service worker")
    const frontend = devProxy ?? files
    return frontend === null ? refuse(response, 404) : frontend.answer(request, response)
  }
  for (const server of servers) {
    server.maxConnections = MAX_CONNECTIONS
    server.on("request", (request, response) => {
      answer(request, response).catch((error: unknown) => {
        options.log(`${request.method} ${pathOf(request)}: ${error instanceof Error ? error.message : error}`)
        if (response.headersSent) response.destroy()
        else refuse(response, 500)
      })
    })
    server.on("upgrade", (request, socket, head) => upgrade.answer(request, socket, head))
    server.on("clientError", (_error, socket) => socket.destroy())
  }
  return {
    origin,
    launchUrl: (ticket) => `${origin}${LAUNCH_PATH}#${ticket}`,
    close: async () => {
      await upgrade.close()
      await Promise.all(servers.map(closeServer))
    },
  }
}

function closeServer(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    // Not listening where the machine has no IPv6: that is closed enough.
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
