import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import type { Decision } from "sallyport"
import { AppHost, type FromApp, type ToApp, type VictimSettings } from "./app-host.ts"
import { type VictimOptions, writeApp } from "./victim-app.ts"
import { weakenedSource } from "./weakened-source.ts"

type Ran = Extract<FromApp, { kind: "ran" }>

/** An app under attack, a real Core, and what has been heard of it. Its process is its own unless it is given one. */
export class Victim {
  origin = ""
  /** Commands that ran since `forget`. */
  ran: Ran[] = []
  /** Links of the windows that pages have created since `forget`. */
  shown: string[] = []
  readonly folder: string
  /** Whether other apps run in its process. */
  readonly isShared: boolean
  readonly #settings: VictimSettings
  #decisions: Decision[] = []
  #host: AppHost | null
  #app: number | null = null
  #opened: ((url: string) => void) | undefined
  #measured: ((bytes: number) => void) | undefined

  private constructor(settings: VictimSettings, host: AppHost | null) {
    this.#settings = settings
    this.#host = host
    this.isShared = host !== null
    this.folder = settings.config
  }

  /** @param host a process for apps that no attack ends, restarts, or measures */
  static async start(options: VictimOptions, host: AppHost | null = null): Promise<Victim> {
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
      tellsDecisions: host === null,
      environment: environment(folder, hasBrowser),
    }
    const victim = new Victim(settings, host)
    await victim.begin()
    return victim
  }

  /**
   * Starts the app.
   *
   * @throws Error with what the app said, when it does not start
   */
  async begin(): Promise<void> {
    const host = this.#host ?? new AppHost(this.#settings.module === "sallyport", this.#settings.environment)
    try {
      const { app, origin } = await host.start(this.#settings, (message) => this.#hear(message))
      this.origin = origin
      this.#app = app
      this.#host = host
    } catch (error) {
      if (!this.isShared) await host.end()
      throw error
    }
  }

  /** Ends the process and starts another one, on the same port. */
  async restart(): Promise<void> {
    this.#mustBeAlone()
    const before = this.origin
    await this.end()
    await this.begin()
    if (this.origin !== before) throw new Error(`the app was at ${before} and is at ${this.origin} now`)
  }

  /** Where it listens. */
  get port(): number {
    return Number(new URL(this.origin).port)
  }

  /** Whether it has ended without having been told to: an attack that ends the Core has succeeded. */
  get hasDied(): boolean {
    return this.#app !== null && !this.isAlive
  }

  get isAlive(): boolean {
    return this.#app !== null && this.#host?.isAlive === true
  }

  hasRun(command: string): boolean {
    return this.ran.some((ran) => ran.command === command)
  }

  /** What the app has decided since `forget`. */
  get decisions(): readonly Decision[] {
    this.#mustBeAlone()
    return this.#decisions
  }

  hasDecided(kind: Decision["kind"]): boolean {
    return this.decisions.some((decision) => decision.kind === kind)
  }

  forget(): void {
    this.ran = []
    this.#decisions = []
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
    this.#mustBeAlone()
    this.#say({ kind: "later", ms })
  }

  /** Bytes of memory that it has now; `null` when it does not answer within ten seconds. */
  memory(): Promise<number | null> {
    this.#mustBeAlone()
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

  /** Ends the app, with its process if that is its own, and leaves its files as they are. */
  async end(): Promise<void> {
    const [host, app] = [this.#host, this.#app]
    this.#app = null
    if (host === null || app === null) return
    await host.stop(app)
    if (this.isShared) return
    this.#host = null
    await host.end()
  }

  #mustBeAlone(): void {
    if (this.isShared) throw new Error("what an attack asks for is of a process: it must be `alone`")
  }

  #say(message: ToApp): void {
    if (this.#app !== null) this.#host?.say(this.#app, message)
  }

  #hear(message: FromApp): void {
    if (message.kind === "ran") this.ran.push(message)
    if (message.kind === "decision") this.#decisions.push(message.decision)
    if (message.kind === "opened") this.#opened?.(message.url)
    if (message.kind === "memory") this.#measured?.(message.bytes)
    if (message.kind === "shown") this.shown.push(message.url)
  }
}

/** Where an app with the plugins for files has its audit log. */
export function auditLogOf(folder: string): string {
  return join(folder, "data", "org.sallyport.victim", "logs", "audit.jsonl")
}

/** What the app remembers goes with its folder, and so does what it shows windows with. */
function environment(folder: string, hasBrowser: boolean): Readonly<Record<string, string>> {
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
