import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { stripVTControlCharacters } from "node:util"
import type { Screen } from "./screen.fixture.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** How long anything may take under load, in ms. */
const PATIENCE_MS = 30_000

/** A project in a folder of its own, and `sallyport dev` that runs it. */
export class DevRun {
  readonly folder: string
  #child: ChildProcess | null = null
  #output = ""

  /** @param folder that of a run, for another one of the same project */
  constructor(files: Readonly<Record<string, string>>, folder: string | null = null) {
    this.folder = folder ?? realpathSync(mkdtempSync(join(tmpdir(), "sallyport-dev-")))
    this.write(files)
    if (folder !== null) return
    mkdirSync(join(this.folder, "node_modules"))
    symlinkSync(root, join(this.folder, "node_modules", "sallyport"))
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.folder, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }

  /** Starts it, without a display: it prints the links of its windows. */
  start(...args: readonly string[]): void {
    this.#start(args, {})
  }

  /** Starts it with what shows windows. */
  startOn(screen: Screen): void {
    this.#start([], screen.env)
  }

  #start(args: readonly string[], screen: NodeJS.ProcessEnv): void {
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env
    const folders = { XDG_STATE_HOME: join(this.folder, "state"), XDG_DATA_HOME: join(this.folder, "data") }
    this.#output = ""
    this.#child = spawn(process.execPath, [join(root, "dist/cli/main.js"), "dev", ...args], {
      cwd: this.folder,
      env: { ...env, ...screen, ...folders, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.#output += stripVTControlCharacters(chunk.toString())
      })
  }

  get output(): string {
    return this.#output
  }

  /** Waits until something is printed. Returns what the expression's first group holds, or the whole. */
  async printed(expected: RegExp): Promise<string> {
    const end = performance.now() + PATIENCE_MS
    for (;;) {
      const found = expected.exec(this.#output)
      if (found !== null) return found[1] ?? found[0]
      if (performance.now() > end) throw new Error(`${expected} was not printed:\n${this.#output}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** The link of the window that was opened last. */
  link(): Promise<string> {
    return this.printed(/in a browser on this machine: (\S+)/)
  }

  /** Resolves with the exit status. */
  async ended(): Promise<number | null> {
    const child = this.#child
    if (child === null) return null
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
    return child.exitCode
  }

  /** Ctrl+C. */
  async interrupt(): Promise<number | null> {
    this.#child?.kill("SIGINT")
    return this.ended()
  }

  /** Command lines of the processes that run in the folder. */
  processes(): readonly string[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          if (!readlinkSync(`/proc/${pid}/cwd`).startsWith(this.folder)) return []
          return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")]
        } catch {
          return []
        }
      })
  }

  async remove(): Promise<void> {
    await this.interrupt()
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
