/**
 * A real app, in a process of its own, whose prototypes are polluted while it starts, serves or closes. The parent's client runs on clean
 * prototypes. Only texts pass between the two, and what the parent reads is written synchronously: Node's own objects inherit the
 * pollution, too.
 */
import { subscribe } from "node:diagnostics_channel"
import { writeSync } from "node:fs"
import { type App, createApp } from "../../src/app.ts"
import { command } from "../../src/core/command.ts"
import { DIAGNOSTICS_CHANNEL } from "../../src/core/decisions.ts"
import { fs } from "../../src/plugins/fs/index.ts"
import { store } from "../../src/plugins/store/index.ts"
import { type Pollution, pollute } from "./pollution.ts"
import type { AppRun } from "./prototypes-process.ts"

const config = process.argv[2] as string
// Taken before anything is polluted.
const { parse, stringify } = JSON
const say = (word: string, text = ""): void => void writeSync(1, `${word} ${text}\n`)

let app: App | undefined
let run: AppRun | undefined
let isPolluted = false
let clean = (): void => {}
/** Put into words when the prototypes are clean again. A map by number: a list does not grow over a setter on `Array.prototype`. */
const decided = new Map<number, unknown>()

subscribe(DIAGNOSTICS_CHANNEL, (decision) => void decided.set(decided.size, decision))

const runs = (name: string) =>
  command((args, { headers, window }) => {
    say("ran", `${name} ${window}`)
    decided.set(decided.size, ["ran", name, args, [...headers], window])
    return args instanceof Uint8Array ? args : name
  })

const STEPS: Readonly<Record<string, () => Promise<void> | void>> = {
  __proto__: null as never,
  async start() {
    app = await createApp({
      config,
      commands: { note: runs("note"), forbidden: runs("forbidden"), bytes: runs("bytes") },
      plugins: [fs(), store()],
      requireIsolation: true,
      audit: { file: `${config}/audit.jsonl`, chain: true },
      show: (url, { label, title, width, height }) => {
        say("link", url)
        decided.set(decided.size, ["shown", label, title, width, height])
        return null
      },
      log: (line) => void decided.set(decided.size, ["log", line]),
    })
    say("origin", app.origin)
  },
  async open() {
    await app?.open("main")
    await app?.open("other")
    await app?.open("reused")
  },
  event() {
    app?.emit("news", { a: 1 })
    app?.emitTo("other", "news", 2)
  },
  async close() {
    await app?.close()
  },
}

process.on("message", async (text: string) => {
  if (text[0] === "{") {
    run = parse(text) as AppRun
    decided.clear()
    return
  }
  if (text === "end") {
    clean()
    isPolluted = false
    await app?.close()
    app = undefined
    say("decided", stringify([...decided.values()]))
    return
  }
  const from = run?.polluted.indexOf(text) ?? -1
  if (from >= 0 !== isPolluted) {
    clean()
    clean = from >= 0 ? pollute(run?.pollution as Pollution) : () => {}
    isPolluted = from >= 0
  }
  try {
    await STEPS[text]?.()
    say("done", text)
  } catch (error) {
    say("done", `${text} failed: ${error instanceof Error ? error.message.split("\n", 1)[0] : "without an error"}`)
  }
})
say("ready")
process.on("disconnect", () => process.exit())
