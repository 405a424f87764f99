import { type ChildProcess, fork } from "node:child_process"
import { extname } from "node:path"
import { DEV_VARIABLE, type Envelope, type FromCore, type ToCore } from "../../dev-messages.ts"
import type { CoreProgram } from "./find-core.ts"

/** How long a Core may take to end, in ms: its commands have five seconds, its author's own code two. */
const END_MS = 8000
/** How long it may take to end when the system asks, in ms. */
const KILL_MS = 2000

/** How a Core ended. */
export interface CoreEnd {
  readonly how: string
  /** By itself, and well. */
  readonly isWell: boolean
}

const beside = (name: string): URL => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url)

/** A Core that runs in a process of its own. */
export class CoreProcess {
  readonly ended: Promise<CoreEnd>
  readonly #child: ChildProcess
  #hasEnded = false
  #hasStarted = false

  /**
   * @param cwd the project's folder
   * @param config its configuration, for a mock
   */
  constructor(
    { file, isMock }: CoreProgram,
    { cwd, config, hear }: { readonly cwd: string; readonly config: string; hear(message: FromCore): void },
  ) {
    const [program, ...args] = isMock ? [beside("mock-core"), config, file] : [file]
    this.#child = fork(program as string | URL, args as string[], {
      cwd,
      env: { ...process.env, [DEV_VARIABLE]: "1" },
      // Which messages of Node's are for people who develop is a matter of its versions.
      execArgv: ["--disable-warning=ExperimentalWarning", "--import", beside("report-loaded-files").href],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // Ctrl+C is for the parent, which ends it in order.
      detached: process.platform !== "win32",
    })
    this.#child.on("message", (envelope: Partial<Envelope<FromCore>> | null) => {
      const message = envelope?.sallyport
      if (message === undefined) return
      if (message.kind === "starting") this.#hasStarted = true
      hear(message)
    })
    this.ended = new Promise((resolve) => {
      const end = (how: string, isWell: boolean): void => {
        this.#hasEnded = true
        resolve({ how, isWell })
      }
      this.#child.once("error", ({ message }) => end(`could not be started: ${message}`, false))
      this.#child.once("exit", (code, signal) => end(`ended with ${signal ?? `exit status ${code}`}`, code === 0))
    })
  }

  /** Whether it has called `createApp`. */
  get hasStarted(): boolean {
    return this.#hasStarted
  }

  send(message: ToCore): void {
    if (this.#child.connected) this.#child.send({ sallyport: message } satisfies Envelope<ToCore>, () => {})
  }

  /** Ends it: as it would end itself, where it is an app by now. */
  async end(): Promise<void> {
    if (this.#hasEnded) return
    const late = setTimeout(() => this.#child.kill(), this.#hasStarted ? END_MS : 0)
    const tooLate = setTimeout(() => this.#child.kill("SIGKILL"), END_MS + KILL_MS)
    this.send({ kind: "end" })
    await this.ended
    clearTimeout(late)
    clearTimeout(tooLate)
  }
}
