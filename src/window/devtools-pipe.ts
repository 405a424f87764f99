import type { Readable, Writable } from "node:stream"

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly targetId?: unknown }
  readonly result?: unknown
}

/**
 * The pipe of a Chromium that was started with `--remote-debugging-pipe`: only the process that started it can write to it. It
 * asks for lists of windows, raises and closes windows, and never looks into a page: no domain that reports what a page does is on.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/
 */
export class DevToolsPipe {
  /** Called with the id of a window's target when that window is gone. */
  onDetached: (targetId: string) => void = () => {}
  readonly #toBrowser: Writable
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  #id = 0
  #rest = ""
  #isOver = false

  constructor(toBrowser: Writable, fromBrowser: Readable) {
    this.#toBrowser = toBrowser
    toBrowser.on("error", () => this.#end())
    fromBrowser.on("error", () => this.#end()).on("close", () => this.#end())
    fromBrowser.setEncoding("utf8").on("data", (text: string) => this.#receive(text))
  }

  /** Rejects when the browser refuses, or has gone. */
  ask<Result>(method: string, params: object = {}): Promise<Result> {
    if (this.#isOver) return Promise.reject(new Error("the browser has ended"))
    const id = ++this.#id
    this.#toBrowser.write(`${JSON.stringify({ id, method, params })}\0`)
    return new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject })) as Promise<Result>
  }

  #receive(text: string): void {
    const messages = (this.#rest + text).split("\0")
    this.#rest = messages.pop() ?? ""
    for (const message of messages) this.#hear(Object.setPrototypeOf(JSON.parse(message), null) as Message)
  }

  #hear({ id, method, params, result }: Message): void {
    if (method === "Target.detachedFromTarget" && typeof params?.targetId === "string") this.onDetached(params.targetId)
    if (id === undefined) return
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (result === undefined) waiting?.reject(new Error("the browser refused"))
    else waiting?.resolve(result)
  }

  #end(): void {
    this.#isOver = true
    for (const { reject } of this.#waiting.values()) reject(new Error("the browser has ended"))
    this.#waiting.clear()
  }
}
