/**
 * The realm that stands for the isolation frame in `sallyport test --node`: a worker that gives up what a frame has not,
 * then runs the real runtime of the sandbox and the isolation app's scripts. It has no document, and no policy of a page:
 * what needs those is tested in a browser.
 */
import { Session } from "node:inspector"
import { pathToFileURL } from "node:url"
import { runInNewContext, Script } from "node:vm"
import { type MessagePort, parentPort, workerData } from "node:worker_threads"
import type { SandboxSession } from "../../boundary/wire/messages.ts"
import type { HookScript } from "./hook-scripts.ts"

export interface RealmData {
  /** The sandbox's runtime, as a classic script. */
  readonly runtime: string
  readonly scripts: readonly HookScript[]
  readonly session: SandboxSession
  readonly coverage: boolean
}

/** What the realm says to its maker. */
export type RealmMessage = { readonly port: MessagePort } | { readonly coverage: readonly ScriptCoverage[] }

/** V8's own count (Chrome DevTools Protocol, `Profiler.ScriptCoverage`); offsets are in the script's text. */
export interface ScriptCoverage {
  readonly file: string
  readonly functions: readonly {
    readonly functionName: string
    readonly isBlockCoverage: boolean
    readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[]
  }[]
}

/** What a sandboxed frame has besides the language itself, and a hook may use. */
const WEB = `AbortController AbortSignal Blob Crypto CryptoKey DOMException Event EventTarget Headers MessageChannel
  MessageEvent MessagePort SubtleCrypto TextDecoder TextEncoder URL URLPattern URLSearchParams atob btoa clearInterval
  clearTimeout console crypto performance queueMicrotask setInterval setTimeout structuredClone`.split(/\s+/)

const { runtime, scripts, session, coverage } = workerData as RealmData
const maker = parentPort
if (maker === null) throw new Error("this file is a worker's")
type Listener = (event: object) => void
const listeners: [type: string, listener: Listener][] = []
const listen = (type: string, listener: Listener): void => void listeners.push([type, listener])
const fire = (type: string, event: object): void => {
  for (const [wanted, listener] of listeners) if (wanted === type) listener(event)
}
const messageOf = (error: unknown): string => `Uncaught ${error}`
process.on("uncaughtException", (error) => fire("error", { message: messageOf(error) }))
process.on("unhandledRejection", (reason) => fire("unhandledrejection", { reason }))

const inspector = new Session()
if (coverage) {
  inspector.connect()
  inspector.post("Profiler.enable")
  inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true })
}
maker.on("message", () => {
  inspector.post("Profiler.takePreciseCoverage", (error, result) => {
    if (error !== null) throw error
    // The inspector has addresses where scripts have paths.
    const own = new Map(scripts.map(({ file }) => [pathToFileURL(file).href, file]))
    const counted = result.result.flatMap(({ url, functions }) => {
      const file = own.get(url)
      return file === undefined ? [] : [{ file, functions }]
    })
    const message: RealmMessage = { coverage: counted }
    maker.postMessage(message)
  })
})

const element = { text: JSON.stringify(session), remove: () => {} }
const language = runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[]
const kept = new Set([...language, ...WEB])
// Node loads some of them when they are first looked at, with what is about to go.
for (const name of WEB) Reflect.get(globalThis, name)
for (const name of Object.getOwnPropertyNames(globalThis)) if (!kept.has(name)) Reflect.deleteProperty(globalThis, name)
Object.assign(globalThis, {
  window: globalThis,
  self: globalThis,
  navigator: { vendor: "" },
  document: { getElementById: () => element, addEventListener: listen, readyState: "loading", currentScript: null },
  parent: {
    postMessage(_message: unknown, _origin: string, [port]: [MessagePort]) {
      const message: RealmMessage = { port }
      maker.postMessage(message, [port])
    },
  },
  addEventListener: listen,
})

new Script(runtime, { filename: "sandbox-runtime.js" }).runInThisContext()
for (const { file, text, lineOffset, columnOffset } of scripts) {
  try {
    new Script(text, { filename: file, lineOffset, columnOffset }).runInThisContext()
  } catch (error) {
    fire("error", { message: messageOf(error) })
  }
}
fire("DOMContentLoaded", {})
fire("load", {})
