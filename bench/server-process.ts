import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"

/** What its parent asks a server. */
export interface Question {
  readonly id: number
  readonly ask: string
  /** What the question is about. */
  readonly about?: unknown
}

export type FromServer =
  | { readonly kind: "listening" }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown; readonly error: string | null }

/** A server in a process of its own: what it does takes no time of whoever drives the browser, and can be told apart. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answer: Extract<FromServer, { kind: "answer" }>) => void>()
  #lastId = 0

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on("message", (message: FromServer) => {
      if (message.kind !== "answer") return
      this.#waiting.get(message.id)?.(message)
      this.#waiting.delete(message.id)
    })
    child.once("exit", () => {
      for (const [id, settle] of this.#waiting)
        settle({ kind: "answer", id, value: null, error: "the server's process has ended" })
      this.#waiting.clear()
    })
  }

  /** Starts a file that calls `answerQuestions`. Throws an `Error` when it ends before it listens. */
  static async start(
    file: URL,
    args: readonly string[],
    { env = {}, execArgv = [] }: { readonly env?: Record<string, string>; readonly execArgv?: readonly string[] } = {},
  ): Promise<ServerProcess> {
    const child = fork(file, args, {
      env: { ...process.env, ...env },
      execArgv: ["--disable-warning=ExperimentalWarning", ...execArgv],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    })
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`${file.pathname} ended with ${code} before it listened`)
    })
    await Promise.race([once(child, "message"), ended])
    ended.catch(() => {})
    return new ServerProcess(child)
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN
  }

  ask<T>(ask: string, about?: unknown): Promise<T> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        if (error === null) resolve(value as T)
        else reject(new Error(error))
      })
      this.#child.send({ id, ask, about } satisfies Question, (error) => {
        if (error) reject(error)
      })
    })
  }

  /** CPU time of all its threads since it started, in µs. */
  async cpuTime(): Promise<number> {
    const { user, system } = await this.ask<NodeJS.CpuUsage>("cpu")
    return user + system
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, "exit")
    await this.ask("close").catch(() => this.#child.kill())
    await ended
  }
}
