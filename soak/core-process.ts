import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** In bytes, after a collection. */
export interface Memory {
  readonly heap: number
  /** Of buffers outside the heap. */
  readonly external: number
  readonly rss: number
}

/** How many objects of each kind are still in the Core's memory, after a collection. */
export interface Left {
  readonly sessions: number
  readonly connections: number
  readonly webSockets: number
  readonly channels: number
  readonly resources: number
  readonly signals: number
  /** Descriptors that the process has open, sockets included; 0 where the system does not say. */
  readonly files: number
  readonly timers: number
}

export type Answer = string | string[] | number | Memory | Left | null

export type ToCore = { readonly id: number } & (
  | { readonly ask: "open"; readonly label: string }
  | { readonly ask: "memory" }
  | { readonly ask: "peak" }
  | { readonly ask: "left" }
  | { readonly ask: "refusals" }
  | { readonly ask: "snapshot"; readonly file: string }
  | { readonly ask: "close" }
)

export type FromCore =
  | { readonly kind: "listening"; readonly origin: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: Answer; readonly error: string | null }

/** A hook that lets everything pass: only the browser's phase runs it. */
const HOOK = "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload\n"
const FRONTEND = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Load</title></head><body></body></html>
`

/** A real Core in a process of its own, which is asked for its memory. */
export class CoreProcess {
  readonly origin: string
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (message: Extract<FromCore, { kind: "answer" }>) => void>()
  #lastId = 0

  private constructor(child: ChildProcess, folder: string, origin: string) {
    this.#child = child
    this.#folder = folder
    this.origin = origin
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

  /** Starts an app with windows of these labels. */
  static async start(labels: readonly string[], limits: Readonly<Record<string, number>> = {}): Promise<CoreProcess> {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-soak-"))
    await writeApp(folder, labels, limits)
    const child = fork(fileURLToPath(new URL("core.ts", import.meta.url)), [folder], {
      // The port that is remembered goes with the folder.
      env: { ...process.env, XDG_STATE_HOME: join(folder, "state") },
      execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    })
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`the Core's process ended with ${code} before it listened`)
    })
    const [message] = await Promise.race([once(child, "message"), ended])
    ended.catch(() => {})
    return new CoreProcess(child, folder, (message as Extract<FromCore, { kind: "listening" }>).origin)
  }

  /** The link that opens a window, once. */
  async launchUrl(label: string): Promise<string> {
    return (await this.#ask({ ask: "open", label })) as string
  }

  async memory(): Promise<Memory> {
    return (await this.#ask({ ask: "memory" })) as Memory
  }

  /** The most bytes of heap and buffers that it has had at a time, looked at every 50 ms, since it was asked last. */
  async peak(): Promise<number> {
    return (await this.#ask({ ask: "peak" })) as number
  }

  async left(): Promise<Left> {
    return (await this.#ask({ ask: "left" })) as Left
  }

  /** What it has refused or logged since it was asked last: under an honest load, nothing. */
  async refusals(): Promise<string[]> {
    return (await this.#ask({ ask: "refusals" })) as string[]
  }

  /** For who looks into it: Chromium's developer tools open the file. */
  async writeSnapshot(file: string): Promise<void> {
    await this.#ask({ ask: "snapshot", file })
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit")
      await this.#ask({ ask: "close" })
      await ended
    }
    await rm(this.#folder, { recursive: true, force: true })
  }

  #ask(question: DistributiveOmit<ToCore, "id">): Promise<Answer> {
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

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never

async function writeApp(
  folder: string,
  labels: readonly string[],
  limits: Readonly<Record<string, number>>,
): Promise<void> {
  const files: Record<string, string> = {
    "tauri.conf.json": JSON.stringify({
      identifier: "org.sallyport.soak",
      build: { frontendDist: "frontend" },
      app: {
        windows: labels.map((label) => ({ label })),
        security: { pattern: { use: "isolation", options: { dir: "isolation" } } },
      },
      plugins: { sallyport: { limits } },
    }),
    "isolation/index.html": '<!doctype html>\n<script src="index.js"></script>\n',
    "isolation/index.js": HOOK,
    "frontend/index.html": FRONTEND,
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}
