/**
 * The app under load, in a process of its own: a real Core. Started by core-process.ts with the configuration's folder; it
 * does what it is asked over IPC, and its own memory is all it measures.
 */
import { subscribe } from "node:diagnostics_channel"
import { readdirSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { queryObjects, writeHeapSnapshot } from "node:v8"
import { WebSocket } from "ws"
import { Channel } from "../src/core/channel.ts"
import { Session } from "../src/core/session.ts"
import { command, createApp, type Decision, DIAGNOSTICS_CHANNEL } from "../src/index.ts"
import { WebSocketConnection } from "../src/server/websocket-connection.ts"
import type { Answer, FromCore, Left, Memory, ToCore } from "./core-process.ts"

/** Something that a page holds by a number. */
class Held {
  isOpen = true
  close(): void {
    this.isOpen = false
  }
}

const commands = {
  echo: command((args) => args),
  /** Answers at once, with nothing. */
  take: command(() => null),
  /** Uses its arguments after something that it waits for. */
  keep: command(async (args) => {
    await delay(1000)
    return typeof args
  }),
  length: command((args) => (args as Uint8Array).length),
  /** Leaves a resource. */
  hold: command((_, { resources }) => resources.add(new Held())),
  /** Answers when its page is gone, and holds its channel until then. */
  wait: command(async (args, { signal }) => {
    const { channel } = args as { readonly channel: Channel }
    channel.send("begun")
    await new Promise((resolve) => signal.addEventListener("abort", resolve))
    return channel.isOpen
  }),
}

const tell = (message: FromCore): void => void process.send?.(message)
const refusals: string[] = []
/** The first of them, for a hostile window brings about very many. */
const note = (line: string): void => {
  if (refusals.length < 1000) refusals.push(line)
}
subscribe(DIAGNOSTICS_CHANNEL, (message) => {
  const decision = message as Decision
  // A browser opens sockets in advance; one that it never used times out, and that is nobody's error.
  if (decision.kind === "request-refused" && decision.code === "ERR_HTTP_REQUEST_TIMEOUT") return
  if (decision.kind.endsWith("refused")) note(`${decision.kind}: ${"reason" in decision ? decision.reason : ""}`)
})

const bytesNow = (): number => {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}
let peakBytes = 0
const sampling = setInterval(() => {
  peakBytes = Math.max(peakBytes, bytesNow())
}, 50)
sampling.unref()

const app = await createApp({
  config: process.argv[2],
  commands,
  requireIsolation: true,
  keepRunning: true,
  singleInstance: false,
  log: note,
})
tell({ kind: "listening", origin: app.origin })

process.on("message", async (message: ToCore) => {
  const { id, ask } = message
  try {
    tell({ kind: "answer", id, value: await answer(message), error: null })
  } catch (error) {
    tell({ kind: "answer", id, value: null, error: `${ask}: ${error instanceof Error ? error.message : error}` })
  }
})
process.once("disconnect", () => process.exit(1))

async function answer(message: ToCore): Promise<Answer> {
  switch (message.ask) {
    case "open": {
      let link = ""
      await app.open(message.label, (url) => {
        link = url
      })
      return link
    }
    case "memory":
      return measureMemory()
    case "peak": {
      const peak = Math.max(peakBytes, bytesNow())
      peakBytes = 0
      return peak
    }
    case "left":
      return countLeft()
    case "refusals":
      return refusals.splice(0)
    case "snapshot":
      return writeHeapSnapshot(message.file)
    case "close":
      await app.close()
      setImmediate(() => process.disconnect?.())
      process.removeAllListeners("disconnect")
      return null
  }
}

/** Several times with a turn between: finalizers run behind a collection, and free more. */
async function measureMemory(): Promise<Memory> {
  for (let round = 0; round < 3; round++) {
    gc?.()
    await delay(10)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed, external, rss }
}

/** What sessions are made of, and is still there after a collection. */
async function countLeft(): Promise<Left> {
  await measureMemory()
  const count = (kind: abstract new (...args: never[]) => unknown): number =>
    queryObjects(kind as never, { format: "count" }) as unknown as number
  return {
    sessions: count(Session),
    connections: count(WebSocketConnection),
    webSockets: count(WebSocket),
    channels: count(Channel),
    resources: count(Held),
    signals: count(AbortController),
    // Of those that are not resources of an object in memory any more, only the system knows.
    files: process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0,
    timers: process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length,
  }
}
