import { mkdtemp, rm } from "node:fs/promises"
import type { Profiler } from "node:inspector"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AppOptions, type Pattern, writeApp } from "../sallyport-app.ts"
import { ServerProcess } from "../server-process.ts"

/** A moment that a script took down: its name, and when it was, in ms since 1970 by the clock of its process. */
export type Mark = readonly [name: string, ms: number]

export interface CoreOptions extends AppOptions {
  readonly pattern: Pattern
  readonly hook: string
  /** URL of a module that stands for `src/index.ts`. Default: the package as it is built. */
  readonly source?: string
}

/** A real Core in a process of its own, which is looked into. */
export class CoreProcess {
  readonly #server: ServerProcess
  readonly #folder: string

  private constructor(server: ServerProcess, folder: string) {
    this.#server = server
    this.#folder = folder
  }

  /** @throws Error when it ends before it listens */
  static async start({ pattern, source = "sallyport", ...options }: CoreOptions): Promise<CoreProcess> {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-bench-"))
    await writeApp(folder, pattern, options)
    const server = await ServerProcess.start(new URL("core.ts", import.meta.url), [folder, source], {
      // The port that is remembered goes with the folder.
      env: { XDG_STATE_HOME: join(folder, "state") },
    })
    return new CoreProcess(server, folder)
  }

  get pid(): number {
    return this.#server.pid
  }

  /** The link that opens a window, once. */
  launchUrl(label: string = "main"): Promise<string> {
    return this.#server.ask("open", label)
  }

  startProfile(samplingUs: number): Promise<void> {
    return this.#server.ask("startProfile", samplingUs)
  }

  stopProfile(): Promise<Profiler.Profile> {
    return this.#server.ask("stopProfile")
  }

  /** From now on it takes moments down, at each step of a call. */
  mark(): Promise<void> {
    return this.#server.ask("mark")
  }

  /** The moments it has taken down since it was asked last. */
  marks(): Promise<readonly Mark[]> {
    return this.#server.ask("marks")
  }

  async close(): Promise<void> {
    await this.#server.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
