import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Decision } from "sallyport"
import type { Replacement } from "../attacks/attack.ts"
import { weakenedSource } from "../attacks/weakened-source.ts"
import { waitFor } from "../e2e/drivers/wait-for.ts"
import { type Display, openDisplay } from "./display.ts"
import { LEDGER } from "./ledger.ts"
import { type Descent, endAll, startedWith } from "./processes.ts"

export interface SubjectOptions {
  /** What is broken in the source, so that a check can be seen to fail, or changed so that minutes become seconds. */
  readonly changes?: readonly Replacement[]
  readonly limits?: Readonly<Record<string, number>>
  /** What `app.security` says besides the pattern. */
  readonly security?: object
  readonly audit?: string
  /** Whether the app goes on without a window. Default: true. */
  readonly keepRunning?: boolean
  /** Whether its windows are shown by Sallyport's own launcher, on a display that nobody sees. Default: false. */
  readonly ownWindow?: boolean
  /** A program and its first arguments that start the app's: `prlimit`, `faketime`. */
  readonly under?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** What the process is started with. */
export interface SubjectSettings {
  readonly module: string
  readonly config: string
  readonly journal: string
  readonly audit: string | null
  readonly keepRunning: boolean
  readonly ownWindow: boolean
}

export type ToSubject =
  | { readonly kind: "open"; readonly label: string }
  | { readonly kind: "census" }
  /** It is to kill itself in the middle of the run that is the `runs`th from now. */
  | { readonly kind: "die"; readonly runs: number }
  | { readonly kind: "close" }

export type FromSubject =
  | { readonly kind: "listening"; readonly origin: string }
  | { readonly kind: "opened"; readonly url: string }
  | { readonly kind: "window-closed" }
  | { readonly kind: "closed" }
  | { readonly kind: "census"; readonly census: Census }
  | { readonly kind: "decision"; readonly decision: Decision }
  | { readonly kind: "log"; readonly line: string }

/** What a process holds. */
export interface Census {
  readonly sockets: number
  readonly files: number
  readonly listeners: number
}

/** The isolation app passes everything; `spin` keeps its thread busy first, so that its process can be told from others. */
const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.spin) for (const end = performance.now() + payload.spin; performance.now() < end; );
  return payload
}`

/** Marks what a subject has started, and what that has started: by it, what is left is found. */
const MARK = "SALLYPORT_FAULT"

let count = 0

/** An app that faults happen to, in a process of its own, and what has been heard of it. */
export class Subject {
  readonly folder: string
  readonly decisions: Decision[] = []
  readonly logged: string[] = []
  /** Windows that the app has taken for closed. */
  windowsClosed = 0
  origin = ""
  readonly #settings: SubjectSettings
  readonly #options: SubjectOptions
  readonly #mark: string
  #child: ChildProcess | null = null
  #display: Display | null = null
  #opened: ((url: string) => void) | undefined
  #census: ((census: Census) => void) | undefined

  private constructor(settings: SubjectSettings, options: SubjectOptions) {
    this.#settings = settings
    this.#options = options
    this.folder = settings.config
    this.#mark = `${process.pid}-${++count}`
  }

  static async start(options: SubjectOptions = {}): Promise<Subject> {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-fault-"))
    await writeApp(folder, options)
    const { changes = [], audit = null, keepRunning = true, ownWindow = false } = options
    const module = changes.length === 0 ? "sallyport" : await weakenedSource(changes)
    const journal = join(folder, "journal")
    const subject = new Subject({ module, config: folder, journal, audit, keepRunning, ownWindow }, options)
    try {
      await subject.start()
    } catch (error) {
      await subject.close()
      throw error
    }
    return subject
  }

  /** Starts its process: the first, or one after another that was killed. */
  async start(): Promise<void> {
    const { under = [], environment, ownWindow = false } = this.#options
    if (ownWindow) this.#display ??= await openDisplay()
    const program = fileURLToPath(new URL("subject.ts", import.meta.url))
    const line = [...under, process.execPath, "--disable-warning=ExperimentalWarning", program]
    const [command = "", ...args] = [...line, JSON.stringify(this.#settings)]
    const child = spawn(command, args, {
      env: {
        ...process.env,
        // The port that is remembered, profiles and redirects go with the folder.
        XDG_STATE_HOME: join(this.folder, "state"),
        XDG_DATA_HOME: join(this.folder, "data"),
        TMPDIR: this.temporary,
        [MARK]: this.#mark,
        ...(this.#display === null ? {} : { DISPLAY: this.#display.name }),
        ...environment,
      },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    })
    this.#child = child
    child.stderr?.on("data", (chunk: Buffer) => this.logged.push(...chunk.toString().trimEnd().split("\n")))
    child.on("message", (message: FromSubject) => this.#hear(message))
    this.origin = await new Promise<string>((resolve, reject) => {
      child.once("error", reject)
      child.once("exit", (code, signal) =>
        reject(new Error(`the app ended with ${signal ?? code} before it listened:\n${this.logged.join("\n")}`)),
      )
      child.on("message", (message: FromSubject) => {
        if (message.kind === "listening") resolve(message.origin)
      })
    })
  }

  /** Where the app puts temporary files. */
  get temporary(): string {
    return join(this.folder, "temporary")
  }

  get port(): number {
    return Number(new URL(this.origin).port)
  }

  /** Of the Core itself, not of what it was started under. */
  get pid(): number {
    const own = this.processes.find(({ commandLine }) => commandLine.includes("subject.ts"))
    if (own === undefined) throw new Error("the app does not run")
    return own.pid
  }

  get isAlive(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** How it ended: its exit status, or the signal. */
  get ended(): number | string | null {
    return this.#child?.signalCode ?? this.#child?.exitCode ?? null
  }

  /** Every process that it has started and that still runs, its own included. */
  get processes(): readonly Descent[] {
    return startedWith(`${MARK}=${this.#mark}`)
  }

  /** Processes of the browser that its own launcher has started. */
  get browserProcesses(): readonly Descent[] {
    return this.processes.filter(({ commandLine }) => /chrom/.test(commandLine) && !commandLine.includes("subject.ts"))
  }

  /** Whether a window's sandbox has come up since the last start, or `forget`. */
  get hasWindow(): boolean {
    return this.decisions.some(({ kind }) => kind === "hook")
  }

  forget(): void {
    this.decisions.length = 0
    this.windowsClosed = 0
  }

  /** The link that opens a window, once; empty when its own launcher shows it. */
  launchUrl(label = "main"): Promise<string> {
    const opened = new Promise<string>((resolve) => {
      this.#opened = resolve
    })
    this.#say({ kind: "open", label })
    return opened
  }

  census(): Promise<Census> {
    const answer = new Promise<Census>((resolve) => {
      this.#census = resolve
    })
    this.#say({ kind: "census" })
    return answer
  }

  /** It will be killed in the middle of a run of a command, the `runs`th from now. */
  killAtRun(runs: number): Promise<void> {
    const ended = once(this.#child as ChildProcess, "exit")
    this.#say({ kind: "die", runs })
    return ended.then(() => this.forget())
  }

  /** Each run of a command so far: the number that its call had. */
  async runs(): Promise<number[]> {
    const text = await readFile(this.#settings.journal, "utf8").catch(() => "")
    return text.split("\n").filter(Boolean).map(Number)
  }

  /** Sessions that have started and not ended, as the app has said. */
  get sessions(): number {
    const heard = (kind: Decision["kind"]): number => this.decisions.filter((one) => one.kind === kind).length
    return heard("session-started") - heard("session-ended")
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name)
  }

  /** SIGKILL, and nobody has a last word. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child === null || !this.isAlive) return
    const ended = once(child, "exit")
    this.signal("SIGKILL")
    await ended
    this.forget()
  }

  /** Makes its temporary files an hour older. */
  async age(): Promise<void> {
    const anHourAgo = Date.now() / 1000 - 3600
    for (const name of await readdir(this.temporary)) await utimes(join(this.temporary, name), anHourAgo, anHourAgo)
  }

  /** Ends it as its user would. Returns what it has left: processes and temporary files. */
  async close(): Promise<string[]> {
    if (this.isAlive) {
      const ended = once(this.#child as ChildProcess, "exit")
      this.#say({ kind: "close" })
      const late = setTimeout(() => this.#child?.kill("SIGKILL"), 20_000)
      await ended
      clearTimeout(late)
    }
    await waitFor("what it has started ends", async () => this.processes.length === 0, 5000).catch(() => {})
    const left = this.processes.map(({ commandLine }) => `a process: ${commandLine.slice(0, 120)}`)
    await endAll(this.processes)
    await this.#display?.close()
    const files = await readdir(this.temporary).catch(() => [])
    left.push(...files.filter((name) => name.startsWith("sallyport-")).map((name) => `a temporary folder: ${name}`))
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
    return left
  }

  #say(message: ToSubject): void {
    if (this.isAlive) this.#child?.send(message)
  }

  #hear(message: FromSubject): void {
    if (message.kind === "decision") this.decisions.push(message.decision)
    if (message.kind === "log") this.logged.push(message.line)
    if (message.kind === "opened") this.#opened?.(message.url)
    if (message.kind === "census") this.#census?.(message.census)
    if (message.kind === "window-closed") this.windowsClosed++
  }
}

async function writeApp(folder: string, { limits = {}, security = {} }: SubjectOptions): Promise<void> {
  const files: Record<string, string> = {
    "tauri.conf.json": JSON.stringify({
      identifier: "org.sallyport.fault",
      build: { frontendDist: "frontend" },
      app: {
        windows: [{ label: "main" }, { label: "other" }],
        security: { pattern: { use: "isolation", options: { dir: "isolation" } }, ...security },
      },
      plugins: { sallyport: { limits } },
    }),
    "isolation/index.html": '<!doctype html>\n<script src="index.js"></script>\n',
    "isolation/index.js": HOOK,
    "frontend/index.html": '<!doctype html>\n<title>Subject</title>\n<body><script src="/ledger.js"></script></body>\n',
    "frontend/ledger.js": LEDGER,
  }
  await mkdir(join(folder, "temporary"))
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}
