import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { request as httpRequest, type IncomingHttpHeaders } from "node:http"
import { connect, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { FrameGrant } from "../boundary/core/frame-tickets.ts"
import type { WindowGrant } from "../boundary/core/window-registry.ts"
import { resolveLimits } from "../boundary/wire/limits.ts"
import type { Config } from "../config/config.ts"
import type { Connection } from "../core/connection.ts"
import type { Gate } from "../core/gate.ts"
import type { IsolationApp } from "../isolation-app/isolation-app.ts"
import { LAUNCH_PATH } from "../protocol/endpoints.ts"
import { type Server, type ServerOptions, startServer } from "./server.ts"

/** Number of the one window that is open. */
export const WINDOW = 4_000_000_001

/** A Core that knows the tickets it is given, and writes down what it hears. */
export class FakeGate implements Gate {
  readonly pattern: "isolation" | "brownfield" = "isolation"
  readonly launches: Map<string, WindowGrant> = new Map()
  readonly frames: Map<string, FrameGrant> = new Map()
  readonly refusals: string[] = []
  readonly connections: Connection[] = []
  /** Where frame tickets came to. */
  readonly origins: string[] = []
  readonly isolationOrigins: ((window: number) => string)[] = []
  /** Numbers of the windows that are open. */
  readonly windows: Set<number> = new Set([WINDOW])

  redeemLaunchTicket(ticket: string): WindowGrant | null {
    return take(this.launches, ticket)
  }

  hasWindow(number: number): boolean {
    return this.windows.has(number)
  }

  redeemFrameTicket(ticket: string, origin: string): FrameGrant | null {
    this.origins.push(origin)
    return take(this.frames, ticket)
  }

  accept(connection: Connection, isolationOrigin: (window: number) => string): void {
    this.connections.push(connection)
    this.isolationOrigins.push(isolationOrigin)
  }

  refused(reason: string): void {
    this.refusals.push(reason)
  }
}

function take<Value>(map: Map<string, Value>, key: string): Value | null {
  const value = map.get(key)
  map.delete(key)
  return value ?? null
}

export const GRANT: WindowGrant = { credential: "the-credential", label: "main", title: null, url: "index.html" }

export const FRAME: FrameGrant = {
  session: new Uint8Array(16).fill(1),
  key: new Uint8Array(32).fill(2),
  label: "</script><b>",
  limits: resolveLimits(),
}

export const BRIDGE = "window.bridge = true"
export const SANDBOX = "window.sandbox = true"

export const ISOLATION_APP: IsolationApp = {
  dir: "/isolation",
  files: [],
  scripts: ["sha256-abc="],
  lock: null,
  render: (head) => `<!DOCTYPE html><html><head>${head}</head><body></body></html>`,
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A header of an answer; empty when there is none. */
export function header({ headers }: Answer, name: string): string {
  return String(headers[name] ?? "")
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
  /** Where to connect to. Default: 127.0.0.1. */
  readonly address?: string
}

/** A request as anybody on this machine can make it: its `Host` is the app's unless `headers` say something else. */
export function ask(port: number, path: string, options: AskOptions = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, address = "127.0.0.1" } = options
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: address, port, path, method, headers: { host: `localhost:${port}`, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("error", reject)
        response.on("end", () => {
          const { statusCode = 0, headers } = response
          resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString("latin1") })
        })
      },
    )
    request.on("error", reject)
    request.end(body)
  })
}

/** Sends bytes and takes what comes back until the server closes. */
export function askRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ""
    const socket: Socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"))
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1")
    })
    socket.on("error", () => {})
    socket.on("close", () => resolve(answer))
  })
}

export interface TestServer {
  readonly server: Server
  readonly port: number
  readonly gate: FakeGate
  readonly folder: string
  readonly logged: string[]
  /** What a window that was launched sends: the gate cookie. */
  readonly cookie: string
  /** A request with the gate cookie. */
  ask(path: string, options?: AskOptions): Promise<Answer>
  /** A request with the gate cookie for a document at the top of a window. */
  navigate(path: string, options?: AskOptions): Promise<Answer>
  close(): Promise<void>
}

export interface TestServerOptions {
  /** By path in the frontend's folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly config?: Partial<Config>
  readonly options?: Partial<ServerOptions>
}

/** A server on a frontend folder of its own, with a window that was opened. */
export async function startTestServer({ files, config, options }: TestServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-server-"))
  const frontend = join(folder, "frontend")
  for (const [path, text] of Object.entries({ "index.html": "<!doctype html><title>App</title>", ...files })) {
    await mkdir(dirname(join(frontend, path)), { recursive: true })
    await writeFile(join(frontend, path), text)
  }
  const gate = new FakeGate()
  const logged: string[] = []
  const server = await startServer({
    config: testConfig({ frontendDist: frontend, ...config }),
    limits: resolveLimits(),
    gate,
    isolationApp: ISOLATION_APP,
    bridge: BRIDGE,
    sandbox: SANDBOX,
    pageScripts: [],
    assets: null,
    dev: false,
    log: (line) => logged.push(line),
    stateFolder: join(folder, "state"),
    ...options,
  })
  const port = Number(new URL(server.origin).port)
  gate.launches.set("first", GRANT)
  const opened = await ask(port, LAUNCH_PATH, { method: "POST", headers: { origin: server.origin }, body: "first" })
  const cookie = opened.headers["set-cookie"]?.[0]?.split(";")[0] ?? ""
  const withHeaders = (added: Record<string, string>, path: string, options: AskOptions = {}): Promise<Answer> =>
    ask(port, path, { ...options, headers: { ...added, ...options.headers } })
  return {
    server,
    port,
    gate,
    folder,
    logged,
    cookie,
    ask: (path, options) => withHeaders({ cookie }, path, options),
    navigate: (path, options) => withHeaders({ cookie, "sec-fetch-dest": "document" }, path, options),
    close: async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function testConfig(config: Partial<Config>): Config {
  return {
    file: "/app/tauri.conf.json",
    identifier: "org.sallyport.test",
    productName: null,
    version: null,
    frontendDist: null,
    devUrl: null,
    pattern: { use: "isolation", dir: "/isolation" },
    csp: undefined,
    devCsp: undefined,
    keepCsp: false,
    freezePrototype: false,
    assetProtocol: null,
    headers: {},
    windows: [],
    withGlobalTauri: false,
    limits: {},
    plugins: {},
    capabilities: null,
    permissions: null,
    ...config,
  }
}

/** Waits until something is so; throws with `what` when it is not within a minute, which no load takes. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + 60_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within a minute: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
