import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Decision } from "sallyport"

/** What an app under attack is started with. */
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
  /** Whether it tells what it decides. Decisions do not say of which app they are: it must be the only one of its process. */
  readonly tellsDecisions: boolean
  /** What the app finds in its environment besides the process's own. */
  readonly environment: Readonly<Record<string, string>>
}

export type ToApp =
  | { readonly kind: "start"; readonly settings: VictimSettings }
  | { readonly kind: "open"; readonly label: string }
  /** As it is by default: in a browser. */
  | { readonly kind: "show"; readonly label: string }
  | { readonly kind: "emit"; readonly label: string; readonly event: string; readonly payload: unknown }
  /** The clock of its process goes ahead. */
  | { readonly kind: "later"; readonly ms: number }
  | { readonly kind: "memory" }
  | { readonly kind: "close" }

export type FromApp =
  | { readonly kind: "listening"; readonly origin: string }
  /** It does not start, for the reason that this text gives. */
  | { readonly kind: "failed"; readonly text: string }
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
  | { readonly kind: "closed" }

/** Each message says which app it is for, or from. */
export type ToHost = ToApp & { readonly app: number }
export type FromHost = FromApp & { readonly app: number }

/** How long an app may take to end, in ms: longer than it gives commands that run. */
const END_MS = 8000

/** A process that runs apps under attack: `victim.ts`. */
export class AppHost {
  readonly #child: ChildProcess
  readonly #hear = new Map<number, (message: FromApp) => void>()
  #started = 0
  #said = ""

  /** @param isLoud whether its errors are ours to see; an app without its defences may die, and loudly */
  constructor(isLoud: boolean, environment: Readonly<Record<string, string>> = {}) {
    this.#child = fork(fileURLToPath(new URL("victim.ts", import.meta.url)), {
      env: { ...process.env, ...environment },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    })
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-10_000)
      if (isLoud) process.stderr.write(text)
    })
    this.#child.on("message", ({ app, ...message }: FromHost) => this.#hear.get(app)?.(message))
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Number of apps that were started in it. */
  get started(): number {
    return this.#started
  }

  /** Number of apps that run in it. */
  get running(): number {
    return this.#hear.size
  }

  /**
   * Starts an app. Returns its number in this process, and where it listens.
   *
   * @throws Error with what the app said, when it does not start
   */
  async start(settings: VictimSettings, hear: (message: FromApp) => void): Promise<{ app: number; origin: string }> {
    const app = ++this.#started
    const origin = await new Promise<string>((resolve, reject) => {
      const ended = (): void => reject(new Error(`the app's process ended before it listened: ${this.#said}`))
      this.#child.once("close", ended)
      this.#hear.set(app, (message) => {
        if (message.kind === "listening") resolve(message.origin)
        else if (message.kind === "failed") reject(new Error(`the app does not start: ${message.text}`))
        else return
        this.#child.off("close", ended)
      })
      this.say(app, { kind: "start", settings })
    }).catch((error: unknown) => {
      this.#hear.delete(app)
      throw error
    })
    this.#hear.set(app, hear)
    return { app, origin }
  }

  say(app: number, message: ToApp): void {
    // A process that has ended says so itself.
    this.#child.send({ ...message, app } satisfies ToHost, () => {})
  }

  /** Has an app close. It stays open when an attack keeps it busy, until its process ends. */
  async stop(app: number): Promise<void> {
    if (this.isAlive)
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, END_MS)
        const done = (): void => {
          clearTimeout(late)
          this.#child.off("exit", done)
          resolve()
        }
        this.#child.once("exit", done)
        this.#hear.set(app, ({ kind }) => {
          if (kind === "closed") done()
        })
        this.say(app, { kind: "close" })
      })
    this.#hear.delete(app)
  }

  /** Ends the process with whatever runs in it. */
  async end(): Promise<void> {
    if (!this.isAlive) return
    const ended = new Promise((resolve) => this.#child.once("exit", resolve))
    // It ends when its parent has gone.
    this.#child.disconnect()
    const late = setTimeout(() => this.#child.kill("SIGKILL"), END_MS)
    await ended
    clearTimeout(late)
  }
}
