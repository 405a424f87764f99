/**
 * The app that a fault happens to, in a process of its own: a real Core. Each run of a command is a line of its journal, written
 * before it answers and by the kernel before it goes on, so that not even SIGKILL loses one. Started by subject-process.ts.
 */
import { subscribe } from "node:diagnostics_channel"
import { openSync, readdirSync, readlinkSync, writeSync } from "node:fs"
import type * as Sallyport from "sallyport"
import type { Census, FromSubject, SubjectSettings, ToSubject } from "./subject-process.ts"

const { module, config, journal, audit, keepRunning, ownWindow } = JSON.parse(process.argv[2] ?? "") as SubjectSettings
const { command, createApp, DIAGNOSTICS_CHANNEL } = (await import(module)) as typeof Sallyport

const tell = (message: FromSubject): void => void process.send?.(message)
const runs = openSync(journal, "a")
/** Runs that are left before this process is to be killed. */
let left = Number.POSITIVE_INFINITY
const noted = (args: unknown): number => {
  const { n } = args as { n: number }
  writeSync(runs, `${n}\n`)
  if (--left === 0) process.kill(process.pid, "SIGKILL")
  return n
}

const commands = {
  /** Answers at once. */
  count: command((args) => noted(args)),
  /** Answers never, and ends with its session. */
  hold: command(async (args, { signal }) => {
    noted(args)
    await new Promise((resolve) => signal.addEventListener("abort", resolve))
    return null
  }),
}

subscribe(DIAGNOSTICS_CHANNEL, (decision) => {
  const { kind } = decision as Sallyport.Decision
  // There are ten thousand of them, and the journal has them all.
  if (kind !== "call") tell({ kind: "decision", decision: decision as Sallyport.Decision })
})
const app = await createApp({
  config,
  commands,
  keepRunning,
  ...(audit === null ? {} : { audit }),
  ...(ownWindow ? {} : { show: () => {} }),
  log: (line) => tell({ kind: "log", line }),
})
tell({ kind: "listening", origin: app.origin })
app.closed.then(() => {
  tell({ kind: "closed" })
  // From here on it ends by itself, unless something is left that keeps it.
  process.removeAllListeners("disconnect")
  process.disconnect?.()
})

process.on("message", (message: ToSubject) => {
  if (message.kind === "census") tell({ kind: "census", census: census() })
  else if (message.kind === "die") left = message.runs
  else if (message.kind === "close") void app.close()
  else void open(message.label)
})
process.once("disconnect", () => process.exit(1))

async function open(label: string): Promise<void> {
  try {
    // Its own launcher shows it, or whoever started this process is to.
    const window = ownWindow ? await app.open(label) : await app.open(label, (url) => tell({ kind: "opened", url }))
    if (ownWindow) tell({ kind: "opened", url: "" })
    window.closed.then(() => tell({ kind: "window-closed" }))
  } catch (error) {
    tell({ kind: "log", line: `open: ${error instanceof Error ? error.message : error}` })
  }
}

/** What this process holds now. A file that cannot even be listed counts as none: the listing itself needs a descriptor. */
function census(): Census {
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ""
    }
  })
  return {
    sockets: targets.filter((target) => target.startsWith("socket:")).length,
    files: targets.filter((target) => target.startsWith("/")).length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  }
}
