import { type ChildProcess, fork } from "node:child_process"
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Decision } from "sallyport"
import { type VictimOptions, writeApp } from "./victim-app.ts"
import { weakenedSource } from "./weakened-source.ts"

/** What the process is started with. */
export interface VictimSettings {
  /** From where it imports Sallyport. */
  readonly module: string
  readonly config: string
  readonly commands: readonly string[]
  readonly requireIsolation: boolean
  readonly publicKey: string | null
  readonly hasBrowser: boolean
  readonly hasDevServer: boolean
  /** The audit log, when it has one; then it has the plugins for files, too. */
  readonly audit: string | null
  readonly initScript: string | null
}

export type ToVictim =
  | { readonly kind: "open"; readonly label: string }
  /** As it is by default: in a browser. */
  | { readonly kind: "show"; readonly label: string }
  | { readonly kind: "emit"; readonly label: string; readonly event: string; readonly payload: unknown }
  /** Its clock goes ahead. */
  | { readonly kind: "later"; readonly ms: number }
  | { readonly kind: "memory" }
  | { readonly kind: "close" }

export type FromVictim =
  | { readonly kind: "listening"; readonly origin: string }
  | { readonly kind: "opened"; readonly url: string }
  /** A window that a page has created. */
  | { readonly kind: "shown"; readonly url: string }
  | {
      readonly kind: "ran"
      readonly command: string
      readonly args: unknown
      readonly window: string
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly kind: "decision"; readonly decision: Decision }
  | { readonly kind: "log"; readonly line: string }
  | { readonly kind: "memory"; readonly bytes: number }

type Ran = Extract<FromVictim, { kind: "ran" }>

/** How long an app may take to end, in ms: longer than it gives commands that run. */
const END_MS = 8000

/** An app under attack: a real Core in a process of its own, and what its parent has heard of it. */
export class Victim {
  origin = ""
  /** Commands that ran since `forget`. */
  ran: Ran[] = []
  decisions: Decision[] = []
  /** Links of the windows that pages have created since `forget`. */
  shown: string[] = []
  readonly folder: string
  readonly #settings: VictimSettings
  #child: ChildProcess | null = null
  #opened: ((url: string) => void) | undefined
  #measured: ((bytes: number) => void) | undefined

  private constructor(settings: VictimSettings) {
    this.#settings = settings
    this.folder = settings.config
  }

  static async start(options: VictimOptions): Promise<Victim> {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-victim-"))
    await writeApp(folder, options)
    const { weakness } = options
    const module = weakness === null || weakness === "brownfield" ? "sallyport" : await weakenedSource(weakness)
    const { commands = [], requireIsolation = false, publicKey = null, browser, initScript = null } = options
    const hasBrowser = browser !== undefined
    const { hasDevServer = false } = options
    const audit = options.hasFiles ? auditLogOf(folder) : null
    if (audit !== null) await mkdir(dirname(audit), { recursive: true })
    const settings = {
      module,
      config: folder,
      commands,
      requireIsolation,
      publicKey,
      hasBrowser,
      hasDevServer,
      audit,
      initScript,
    }
    const victim = new Victim(settings)
    await victim.begin()
    return victim
  }

  /**
   * Starts the process.
   *
   * @throws Error with what the app said, when it does not start
   */
  async begin(): Promise<void> {
    const { child, origin } = await listening(this.#settings)
    this.origin = origin
    this.#child = child
    child.on("message", (message: FromVictim) => this.#hear(message))
  }

  /** Ends the process and starts another one, on the same port. */
  async restart(): Promise<void> {
    const before = this.origin
    await this.end()
    await this.begin()
    if (this.origin !== before) throw new Error(`the app was at ${before} and is at ${this.origin} now`)
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Where it listens. */
  get port(): number {
    return Number(new URL(this.origin).port)
  }

  /** Whether it has ended without having been told to: an attack that ends the Core has succeeded. */
  get hasDied(): boolean {
    return this.#child !== null && !this.isAlive
  }

  get isAlive(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null
  }

  hasRun(command: string): boolean {
    return this.ran.some((ran) => ran.command === command)
  }

  hasDecided(kind: Decision["kind"]): boolean {
    return this.decisions.some((decision) => decision.kind === kind)
  }

  forget(): void {
    this.ran = []
    this.decisions = []
    this.shown = []
  }

  /** The link that opens a window, once. */
  launchUrl(label: string): Promise<string> {
    this.#say({ kind: "open", label })
    return new Promise((resolve) => {
      this.#opened = resolve
    })
  }

  /** Shows a window as apps do by default. */
  show(label: string): void {
    this.#say({ kind: "show", label })
  }

  emitTo(label: string, event: string, payload: unknown): void {
    this.#say({ kind: "emit", label, event, payload })
  }

  /** Has its clock go ahead. */
  later(ms: number): void {
    this.#say({ kind: "later", ms })
  }

  /** Bytes of memory that it has now; `null` when it does not answer within ten seconds. */
  memory(): Promise<number | null> {
    this.#say({ kind: "memory" })
    return new Promise((resolve) => {
      const late = setTimeout(resolve, 10_000, null)
      this.#measured = (bytes) => {
        clearTimeout(late)
        resolve(bytes)
      }
    })
  }

  async close(): Promise<void> {
    await this.end()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** Ends the process, and leaves its files as they are. */
  async end(): Promise<void> {
    const child = this.#child
    const isAlive = this.isAlive
    this.#child = null
    if (child === null || !isAlive) return
    const ended = new Promise((resolve) => child.once("exit", resolve))
    child.send({ kind: "close" } satisfies ToVictim, () => {})
    // One that an attack keeps busy does not hear it.
    const late = setTimeout(() => child.kill("SIGKILL"), END_MS)
    await ended
    clearTimeout(late)
  }

  #say(message: ToVictim): void {
    // One that has died says so itself.
    this.#child?.send(message, () => {})
  }

  #hear(message: FromVictim): void {
    if (message.kind === "ran") this.ran.push(message)
    if (message.kind === "decision") this.decisions.push(message.decision)
    if (message.kind === "opened") this.#opened?.(message.url)
    if (message.kind === "memory") this.#measured?.(message.bytes)
    if (message.kind === "shown") this.shown.push(message.url)
  }
}

interface Listening {
  readonly child: ChildProcess
  readonly origin: string
}

async function listening(settings: VictimSettings): Promise<Listening> {
  const child = fork(fileURLToPath(new URL("victim.ts", import.meta.url)), [JSON.stringify(settings)], {
    env: { ...process.env, ...environment(settings) },
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  })
  let said = ""
  const keep = (text: string): void => {
    said += text
  }
  child.stderr?.setEncoding("utf8").on("data", keep)
  const origin = await new Promise<string>((resolve, reject) => {
    child.once("close", (code) => reject(new Error(`the app ended with ${code} before it listened: ${said}`)))
    child.on("message", (message: FromVictim) => {
      if (message.kind === "listening") resolve(message.origin)
    })
  })
  // One without its defences may die, and loudly.
  const isAsItIs = settings.module === "sallyport"
  child.stderr?.off("data", keep)
  if (isAsItIs) child.stderr?.pipe(process.stderr)
  else child.stderr?.resume()
  return { child, origin }
}

/** Where an app with the plugins for files has its audit log. */
export function auditLogOf(folder: string): string {
  return join(folder, "data", "org.sallyport.victim", "logs", "audit.jsonl")
}

/** What the app remembers goes with its folder, and so does what it shows windows with. */
function environment({ config: folder, hasBrowser }: VictimSettings): NodeJS.ProcessEnv {
  const state = { XDG_STATE_HOME: join(folder, "state"), XDG_DATA_HOME: join(folder, "data") }
  if (!hasBrowser) return state
  return {
    ...state,
    TMPDIR: join(folder, "temporary"),
    // Only an app without a profile of its own takes it.
    USER_PROFILE: join(folder, "user-profile"),
    PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}`,
    // A browser without a screen does not look at it.
    DISPLAY: process.env.DISPLAY ?? ":0",
  }
}
