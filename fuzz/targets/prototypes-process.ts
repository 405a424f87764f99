import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import type { Socket } from "node:net"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Pollution } from "./pollution.ts"

/** What the app's process is told of a run. */
export interface AppRun {
  readonly pollution: Pollution | null
  /** The steps in which the prototypes are polluted. */
  readonly polluted: readonly string[]
}

interface Waiting {
  readonly word: string
  readonly resolve: (text: string) => void
  readonly reject: (error: Error) => void
}

const PROGRAM = fileURLToPath(new URL("prototypes-app.ts", import.meta.url))

/** The process that runs an app with polluted prototypes, and what it has said during a run. */
export class AppProcess {
  readonly links: string[] = []
  /** Commands that ran, each with its window. */
  readonly ran: string[] = []
  origin = ""
  readonly #child: ChildProcess
  readonly #waiting: Waiting[] = []
  #unread = ""
  #errors = ""
  #ended: string | null = null

  constructor(folder: string) {
    const homes = { XDG_STATE_HOME: "state", XDG_DATA_HOME: "data", XDG_CONFIG_HOME: "config", XDG_CACHE_HOME: "cache" }
    const env = Object.fromEntries(Object.entries(homes).map(([name, home]) => [name, join(folder, home)]))
    this.#child = fork(PROGRAM, [folder], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, ...env },
      execArgv: [],
    })
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#read(text))
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = `${this.#errors}${text}`.slice(-2000)
    })
    this.#child.on("error", () => {})
    this.#child.on("close", (code, signal) => {
      this.#ended ??= `the process ended (${signal ?? code}): ${this.#errors}`
      this.#fail(this.#ended)
    })
  }

  /** Keeps this process running until `rest`. */
  wake(): void {
    this.#child.ref()
    this.#child.channel?.ref()
    for (const stream of this.#streams) stream?.ref()
  }

  /** Between two runs it does not keep this process running, whose end ends it. */
  rest(): void {
    this.#child.unref()
    this.#child.channel?.unref()
    for (const stream of this.#streams) stream?.unref()
  }

  get #streams(): readonly (Socket | null)[] {
    return [this.#child.stdout, this.#child.stderr] as (Socket | null)[]
  }

  get hasEnded(): boolean {
    return this.#ended !== null
  }

  begin(run: AppRun): void {
    this.links.length = 0
    this.ran.length = 0
    this.#child.send(JSON.stringify(run), () => {})
  }

  /** Resolves with what follows `word` in the process's answer; rejects when it has failed or ended. */
  say(text: string, word: string): Promise<string> {
    const heard = this.hear(word)
    this.#child.send(text, () => {})
    return heard
  }

  hear(word: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(new Error(this.#ended))
      this.#waiting.push({ word, resolve, reject })
    })
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return
    const closed = once(this.#child, "close")
    this.#child.kill("SIGKILL")
    await closed
  }

  #fail(why: string): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(why))
  }

  #read(text: string): void {
    const lines = `${this.#unread}${text}`.split("\n")
    this.#unread = lines.pop() ?? ""
    for (const line of lines) {
      const [, word = "", rest = ""] = /^(\w+) (.*)$/.exec(line) ?? []
      if (word === "ran") this.ran.push(rest)
      else if (word === "link") this.links.push(rest)
      else if (word === "origin") this.origin = rest
      else {
        const at = this.#waiting.findIndex((one) => one.word === word)
        if (at >= 0) this.#waiting.splice(at, 1)[0]?.resolve(rest)
      }
    }
  }
}
