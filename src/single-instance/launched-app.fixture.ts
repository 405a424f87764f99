/** An app that a test starts as a process of its own, like a user who starts it again. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** How long anything may take on a busy machine, in ms. */
const PATIENCE_MS = 30_000

/** Most of an app's start is spent on its types. */
const NODE_FLAGS = [
  "--disable-warning=ExperimentalWarning",
  `--import=${new URL("../../scripts/cached-types.mjs", import.meta.url)}`,
]

/** A folder with an app's files, and what its processes write into the user's folders. */
export class AppFolder {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-launched-")))
  readonly #started: LaunchedApp[] = []

  constructor() {
    mkdirSync(join(this.folder, "frontend"))
    this.config("tauri.conf.json")
  }

  /** Writes a configuration of the same identifier. */
  config(name: string): string {
    const file = join(this.folder, name)
    writeFileSync(file, JSON.stringify({ identifier: "org.sallyport.launched", build: { frontendDist: "frontend" } }))
    return file
  }

  /**
   * Starts the app without a display, so that it prints the links of its windows.
   *
   * @param program body of a program, in which `createApp` and `config` exist; standard input's end ends it
   */
  start(program: string, ...args: readonly string[]): LaunchedApp {
    const app = new LaunchedApp(this.folder, program, args)
    this.#started.push(app)
    return app
  }

  async remove(): Promise<void> {
    await Promise.all(this.#started.map((app) => app.kill("SIGKILL")))
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export class LaunchedApp {
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>
  #output = ""

  constructor(folder: string, program: string, args: readonly string[]) {
    const script = `import { command, createApp, InstanceError } from ${JSON.stringify(new URL("../index.ts", import.meta.url).href)}
      const config = ${JSON.stringify(join(folder, "tauri.conf.json"))}
      ${program}`
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env
    this.#child = spawn(
      process.execPath,
      [...NODE_FLAGS, "--input-type=module", "-e", script, "--", "program", ...args],
      {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...env, XDG_DATA_HOME: join(folder, "data"), XDG_STATE_HOME: join(folder, "state") },
      },
    )
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text
      })
    this.#ended = new Promise((resolve) => this.#child.once("close", resolve))
  }

  get output(): string {
    return this.#output
  }

  async printed(expected: RegExp): Promise<void> {
    for (const end = performance.now() + PATIENCE_MS; !expected.test(this.#output); ) {
      if (performance.now() > end) throw new Error(`${expected} was not printed:\n${this.#output}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Resolves with the exit status. */
  async ended(): Promise<number | null> {
    const late = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS)
    const status = await this.#ended
    clearTimeout(late)
    return status
  }

  /** Has it neither answer nor end. */
  stop(): void {
    this.#child.kill("SIGSTOP")
  }

  kill(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
    this.#child.kill(signal)
    return this.#ended
  }
}
