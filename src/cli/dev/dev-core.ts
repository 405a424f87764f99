import type { FromCore, ToCore } from "../../dev-messages.ts"
import type { ServerIdentity } from "../../server/server.ts"
import { CoreProcess } from "./core-process.ts"
import { DevInstance } from "./dev-instance.ts"
import { DevWindows } from "./dev-windows.ts"
import type { CoreProgram } from "./find-core.ts"

export interface DevCoreOptions {
  readonly program: CoreProgram
  /** The project's folder. */
  readonly cwd: string
  readonly config: string
  /** Folder of the browser profiles, as `WindowOptions` has it. */
  readonly profiles: string
  readonly decided: (message: Extract<FromCore, { kind: "decision" }>["decision"]) => void
  readonly say: (line: string) => void
  /** The app has ended by itself. */
  readonly ended: () => void
}

/** The Core that runs, and the next one in its place: windows stay, and their pages connect again. */
export class DevCore {
  readonly #options: DevCoreOptions
  readonly #windows: DevWindows
  readonly #instance: DevInstance
  /** Its own files, as far as any Core of this run has loaded them. */
  readonly files: Set<string> = new Set<string>()
  #process: CoreProcess | null = null
  #server: ServerIdentity | null = null
  /** What is under way, one after the other. */
  #work: Promise<void> = Promise.resolve()
  #isWanted = false
  #reload = false
  #isEnding = false

  constructor(options: DevCoreOptions) {
    this.#options = options
    const tell = (message: ToCore): void => this.#process?.send(message)
    this.#windows = new DevWindows(tell, options.profiles, options.say)
    this.#instance = new DevInstance(tell, options.say)
  }

  /**
   * Starts the Core, anew where one runs.
   *
   * @param reload whether pages are to load themselves again
   */
  start(reload: boolean): void {
    this.#reload ||= reload
    if (this.#isWanted) return
    this.#isWanted = true
    this.#work = this.#work
      .then(() => this.#start())
      .catch((error: unknown) => this.#options.say(`the Core could not be started: ${error}`))
  }

  async end(): Promise<void> {
    this.#isEnding = true
    await this.#work
    await this.#process?.end()
    await this.#windows.end()
    await this.#instance.end()
  }

  async #start(): Promise<void> {
    const former = this.#process
    this.#instance.coreEnds()
    await former?.end()
    await this.#windows.closeUnseen()
    if (this.#isEnding) return
    this.#isWanted = false
    const { program, cwd, config, say, ended } = this.#options
    const process: CoreProcess = new CoreProcess(program, {
      cwd,
      config,
      hear: (message) => this.#hear(process, message),
    })
    this.#process = process
    process.ended.then(({ how, isWell }) => {
      if (this.#process === process) this.#instance.coreEnds()
      // One that was told to end has another in its place.
      if (this.#process !== process || this.#isWanted || this.#isEnding) return
      if (isWell && process.hasStarted) return ended()
      const why = isWell ? "ended without calling createApp()" : how
      say(`the Core ${why}; it starts again when one of its files changes`)
    })
  }

  #hear(process: CoreProcess, message: FromCore): void {
    switch (message.kind) {
      case "starting":
        process.send({
          kind: "former",
          former: { server: this.#server, windows: this.#windows.former(), reload: this.#reload },
        })
        this.#reload = false
        return
      case "listening":
        this.#server = message.server
        if (message.lost.length > 0) {
          this.#options.say(
            `the Core listens on another port now (${message.server.port}): windows of the old one are closed`,
          )
          void this.#windows.close(message.lost)
        }
        return
      case "show":
        return this.#windows.show(message.id, message.url, message.window)
      case "redeemed":
        return this.#windows.redeemed(message.id, message.redemption)
      case "focus":
        return this.#windows.focus(message.id)
      case "revoked":
      case "close":
        return void this.#windows.close([message.id])
      case "decision":
        return this.#options.decided(message.decision)
      case "instance":
        return void this.#instance.take(message.instance, message.launch)
      case "instance-shows":
        return this.#instance.shows()
      case "instance-given-up":
        return void this.#instance.end()
      case "loaded":
        this.files.add(message.file)
        return
    }
  }
}
