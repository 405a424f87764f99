import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import type { Profiler } from "node:inspector"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export type Pattern = "isolation" | "brownfield"

/** A moment that a script took down: its name, and when it was, in ms since 1970 by the clock of its process. */
export type Mark = readonly [name: string, ms: number]

export type Answer = string | number | Profiler.Profile | readonly Mark[] | null

export type Question =
  | { readonly ask: "open"; readonly label: string }
  | { readonly ask: "cpu" }
  | { readonly ask: "startProfile"; readonly samplingUs: number }
  | { readonly ask: "stopProfile" }
  | { readonly ask: "mark" }
  | { readonly ask: "marks" }
  | { readonly ask: "close" }

export type ToCore = { readonly id: number } & Question

export type FromCore =
  | { readonly kind: "listening"; readonly pid: number }
  | { readonly kind: "answer"; readonly id: number; readonly value: Answer; readonly error: string | null }

export interface AppOptions {
  readonly pattern: Pattern
  /** The isolation app's script. */
  readonly hook: string
  /** Labels of its windows. Default: `main`. */
  readonly labels?: readonly string[]
  readonly limits?: Readonly<Record<string, number>>
  /** URL of a module that stands for `src/index.ts`. Default: the package as it is built. */
  readonly source?: string
}

/** Only a cross-origin isolated page gets a clock of 5 µs; in one of 100 µs or a millisecond a single call vanishes. */
const FINE_CLOCK = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
}

const FRONTEND = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Benchmark</title></head><body></body></html>
`

/** A real Core in a process of its own, so that what it takes can be told from what the measuring takes. */
export class CoreProcess {
  readonly pid: number
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (message: Extract<FromCore, { kind: "answer" }>) => void>()
  #lastId = 0

  private constructor(child: ChildProcess, folder: string, pid: number) {
    this.#child = child
    this.#folder = folder
    this.pid = pid
    child.on("message", (message: FromCore) => {
      if (message.kind !== "answer") return
      this.#waiting.get(message.id)?.(message)
      this.#waiting.delete(message.id)
    })
    child.once("exit", () => {
      for (const [id, settle] of this.#waiting)
        settle({ kind: "answer", id, value: null, error: "the Core's process has ended" })
      this.#waiting.clear()
    })
  }

  /** @throws Error when it ends before it listens */
  static async start(options: AppOptions): Promise<CoreProcess> {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-bench-"))
    await writeApp(folder, options)
    const child = fork(fileURLToPath(new URL("core.ts", import.meta.url)), [folder, options.source ?? "sallyport"], {
      // The port that is remembered goes with the folder.
      env: { ...process.env, XDG_STATE_HOME: join(folder, "state") },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      // Standard output is for the figures alone.
      stdio: ["ignore", 2, "inherit", "ipc"],
      // Profiles are larger than what JSON over a pipe is quick with.
      serialization: "advanced",
    })
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`the Core's process ended with ${code} before it listened`)
    })
    const [message] = await Promise.race([once(child, "message"), ended])
    ended.catch(() => {})
    return new CoreProcess(child, folder, (message as Extract<FromCore, { kind: "listening" }>).pid)
  }

  /** The link that opens a window, once. */
  async launchUrl(label: string = "main"): Promise<string> {
    return (await this.#ask({ ask: "open", label })) as string
  }

  /** What its process has taken of processors so far, all threads, in µs. */
  async cpuUs(): Promise<number> {
    return (await this.#ask({ ask: "cpu" })) as number
  }

  async startProfile(samplingUs: number): Promise<void> {
    await this.#ask({ ask: "startProfile", samplingUs })
  }

  async stopProfile(): Promise<Profiler.Profile> {
    return (await this.#ask({ ask: "stopProfile" })) as Profiler.Profile
  }

  /** From now on it takes moments down, at each step of a call. */
  async mark(): Promise<void> {
    await this.#ask({ ask: "mark" })
  }

  /** The moments it has taken down since it was asked last. */
  async marks(): Promise<readonly Mark[]> {
    return (await this.#ask({ ask: "marks" })) as readonly Mark[]
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit")
      await this.#ask({ ask: "close" })
      await ended
    }
    await rm(this.#folder, { recursive: true, force: true })
  }

  #ask(question: Question): Promise<Answer> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        if (error === null) resolve(value)
        else reject(new Error(error))
      })
      this.#child.send({ id, ...question })
    })
  }
}

async function writeApp(folder: string, { pattern, hook, labels = ["main"], limits = {} }: AppOptions): Promise<void> {
  const use = pattern === "isolation" ? { use: "isolation", options: { dir: "isolation" } } : { use: "brownfield" }
  const files: Record<string, string> = {
    "tauri.conf.json": JSON.stringify({
      identifier: "org.sallyport.bench",
      build: { frontendDist: "frontend" },
      app: {
        windows: labels.map((label) => ({ label })),
        security: { pattern: use, headers: FINE_CLOCK },
      },
      plugins: { sallyport: { limits } },
    }),
    "isolation/index.html": '<!doctype html>\n<script src="index.js"></script>\n',
    "isolation/index.js": hook,
    "frontend/index.html": FRONTEND,
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}
