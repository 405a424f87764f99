/**
 * Process of apps under attack, each with a real Core. Each tells the parent what it decides and which of its commands ran.
 * Started by app-host.ts.
 */
import { subscribe } from "node:diagnostics_channel"
import { once } from "node:events"
import { readFile, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { inspect } from "node:util"
import type * as Sallyport from "sallyport"
import type { FromApp, FromHost, ToApp, ToHost, VictimSettings } from "./app-host.ts"
import type { DevAnswer } from "./dev-answer.ts"

/** Tells the parent something about one app. */
type Tell = (message: FromApp) => void

/** What is worth attacking. The hook refuses `forbidden`, and any path that is not under `/notes/`. */
const COMMANDS = ["allowed", "forbidden", "read_file", "window", "slow", "merge", "settings", "stream", "fetch_url"]

/** A command that tells that it ran, and with what. */
function handlerOf(name: string, tell: Tell): Sallyport.Handler<unknown, unknown> {
  return async (args, context) => {
    const { window, signal } = context
    tell({
      kind: "ran",
      command: name,
      args: args instanceof Uint8Array ? { bytes: args.length, first: args[0] } : args,
      window,
      headers: headersOf(context),
    })
    if (name === "window") return window
    if (name === "merge") return merge({}, args as object)
    if (name === "settings") mergeSettings({}, args as Settings)
    if (name === "stream") {
      const { channel, message = `secret of ${window}` } = args as { channel: Sallyport.Channel; message?: unknown }
      channel.send(message)
    }
    if (name === "slow") await new Promise((resolve) => signal.addEventListener("abort", resolve))
    // Keeps the Core's thread to itself, as a command may.
    if (name === "busy") for (const end = performance.now() + 10; performance.now() < end; );
    if (name === "fetch_url") return fetchUrl(args as { url: string; headers: Record<string, string> })
    return name === "read_file" ? "secret" : name
  }
}

/** What a careless app does: settings of the page's, one by one, into its own. Returns what an empty object has now. */
function merge(into: object, from: object): unknown {
  for (const [name, value] of Object.entries(from)) {
    if (typeof value !== "object" || value === null) Reflect.set(into, name, value)
    else {
      if (typeof Reflect.get(into, name) !== "object") Reflect.set(into, name, {})
      merge(Reflect.get(into, name), value)
    }
  }
  return ({} as { polluted?: unknown }).polluted ?? null
}

/** Empty for what no headers can be: reading them throws, and the command has run all the same. */
function headersOf(context: Sallyport.CallContext): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(context.headers)
  } catch {
    return {}
  }
}

type Settings = { [name: string]: unknown }

/** The commonest careless merge: it reaches `Object.prototype` by `constructor.prototype`, which no parser may drop. */
function mergeSettings(into: Settings, from: Settings): void {
  for (const [name, value] of Object.entries(from)) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) into[name] = value
    else {
      into[name] ??= {}
      mergeSettings(into[name] as Settings, value as Settings)
    }
  }
}

/** What a careless app offers: a request for the page, to an address and with headers of the page's choice. */
async function fetchUrl({
  url,
  headers,
  by,
}: {
  url: string
  headers: Record<string, string>
  by?: string
}): Promise<string> {
  if (by === "worker") {
    const { Worker } = await import("node:worker_threads")
    const worker = new Worker(`(${inWorker})(${JSON.stringify({ url, headers })})`, { eval: true })
    const [text] = await once(worker, "message")
    return text
  }
  const { request } = await import("node:http")
  const { hostname, port, pathname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, "")
  const [response] = await once(request({ host, port, path: pathname, headers }).end(), "response")
  return response.setEncoding("utf8").reduce((text: string, chunk: string) => text + chunk, "")
}

/** In a thread of its own: the sockets there are not announced in this one. */
const inWorker = `async ({ url, headers }) => {
  const { request } = require("node:http")
  const { hostname, port, pathname } = new URL(url)
  request({ hostname, port, path: pathname, headers }, (response) => {
    let text = ""
    response.on("data", (chunk) => { text += chunk })
    response.on("end", () => require("node:worker_threads").parentPort.postMessage(text))
  }).end()
}`

/** Puts a development server before the frontend's folder. A path `/answer` has it answer as the query says. */
async function startDevServer(config: string): Promise<void> {
  const file = join(config, "tauri.conf.json")
  const { build, ...values } = JSON.parse(await readFile(file, "utf8"))
  const server = createServer(async ({ url = "/" }, response) => {
    const { pathname, search } = new URL(`http://localhost${url}`)
    if (pathname === "/answer") {
      const { status = 200, headers, body = "" } = JSON.parse(decodeURIComponent(search.slice(1))) as DevAnswer
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value.replace("DEV", origin))
      return void response.writeHead(status).end(body)
    }
    const name = pathname === "/" ? "index.html" : pathname.slice(1)
    const text = await readFile(join(config, "frontend", name)).catch(() => null)
    response.setHeader("content-type", name.endsWith(".js") ? "text/javascript" : "text/html")
    response.writeHead(text === null ? 404 : 200).end(text)
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await writeFile(file, JSON.stringify({ ...values, build: { ...build, devUrl: origin } }))
}

/** From the same source as the rest: what the Core keeps for itself is known to its own plugins alone. */
async function filePlugins(module: string): Promise<Sallyport.Plugin[]> {
  const isAsItIs = module === "sallyport"
  const { fs } = (await import(isAsItIs ? "sallyport/plugins/fs" : module)) as typeof import("sallyport/plugins/fs")
  const { store } = (await import(
    isAsItIs ? "sallyport/plugins/store" : module
  )) as typeof import("sallyport/plugins/store")
  return [fs(), store()]
}

const apps = new Map<number, Sallyport.App>()

async function start(settings: VictimSettings, tell: Tell): Promise<Sallyport.App> {
  const { module, config, requireIsolation, publicKey, hasBrowser, hasDevServer, audit, initScript } = settings
  const { command, createApp, DIAGNOSTICS_CHANNEL } = (await import(module)) as typeof Sallyport
  if (settings.tellsDecisions)
    subscribe(DIAGNOSTICS_CHANNEL, (decision) => tell({ kind: "decision", decision: decision as Sallyport.Decision }))
  const names = [...COMMANDS, ...settings.commands]
  /** Tells the pages that listen to an event of its own, when a page asks it to. */
  const probe: Sallyport.Plugin = {
    name: "probe",
    ...(initScript !== null && { initScript }),
    setup: ({ trigger }) => ({
      commands: { trigger: command((args) => trigger((args as { event: string }).event, "told")) },
    }),
  }
  if (hasDevServer) await startDevServer(config)
  // Read while an app starts.
  Object.assign(process.env, settings.environment)
  return createApp({
    config,
    dev: hasDevServer,
    commands: Object.fromEntries(names.map((name) => [name, command(handlerOf(name, tell))])),
    plugins: [probe, ...(audit === null ? [] : await filePlugins(module))],
    audit: audit ?? undefined,
    requireIsolation,
    isolation: publicKey === null ? undefined : { publicKey },
    keepRunning: true,
    show: hasBrowser ? undefined : (url) => tell({ kind: "shown", url }),
    log: (line) => tell({ kind: "log", line }),
  })
}

const now = performance.now.bind(performance)
let ahead = 0
performance.now = () => now() + ahead

let starting: Promise<unknown> = Promise.resolve()

function hear(id: number, message: ToApp, tell: Tell): void {
  const app = apps.get(id)
  if (message.kind === "start")
    starting = starting
      .then(() => start(message.settings, tell))
      .then(
        (app) => {
          apps.set(id, app)
          tell({ kind: "listening", origin: app.origin })
        },
        (error) => tell({ kind: "failed", text: inspect(error) }),
      )
  else if (message.kind === "open") void app?.open(message.label, (url) => tell({ kind: "opened", url }))
  else if (message.kind === "show") void app?.open(message.label)
  else if (message.kind === "emit") app?.emitTo(message.label, message.event, message.payload)
  else if (message.kind === "memory") tell({ kind: "memory", bytes: process.memoryUsage.rss() })
  else if (message.kind === "later") ahead += message.ms
  else {
    apps.delete(id)
    void app?.close().then(() => tell({ kind: "closed" }))
  }
}

process.on("message", ({ app, ...message }: ToHost) => {
  const tell: Tell = (said) => void process.send?.({ ...said, app } satisfies FromHost)
  hear(app, message, tell)
})
process.once("disconnect", () => process.exit(1))
