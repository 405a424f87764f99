import { WebSocket } from "ws"

interface Answer {
  readonly id: number
  readonly type: string
  readonly message?: string
  readonly result: unknown
}

/** A session of WebDriver BiDi (W3C) without Puppeteer, which does not offer what only Firefox's own window knows. */
export class BidiSession {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on("message", (data) => {
      const answer = JSON.parse(String(data)) as Answer
      this.#waiting.get(answer.id)?.(answer)
      this.#waiting.delete(answer.id)
    })
  }

  static async start(endpoint: string): Promise<BidiSession> {
    const socket = new WebSocket(endpoint)
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject))
    const session = new BidiSession(socket)
    await session.#send("session.new", { capabilities: {} })
    return session
  }

  /** Opens a tab, and returns its context. */
  async newTab(): Promise<string> {
    return ((await this.#send("browsingContext.create", { type: "tab" })) as { context: string }).context
  }

  /** The context of the browser's own window. Only when Firefox was started with `--remote-allow-system-access`. */
  async ownWindow(): Promise<string> {
    const { contexts } = (await this.#send("browsingContext.getTree", { "moz:scope": "chrome" })) as {
      contexts: { context: string }[]
    }
    if (contexts[0] === undefined) throw new Error("Firefox has no window")
    return contexts[0].context
  }

  /** Navigates and waits until the document has loaded. */
  async goto(context: string, url: string): Promise<void> {
    await this.#send("browsingContext.navigate", { context, url, wait: "complete" })
  }

  /** Runs an expression, which must be a text or a promise of one. */
  async evaluate(context: string, expression: string): Promise<string> {
    const { type, result, exceptionDetails } = (await this.#send("script.evaluate", {
      expression,
      target: { context },
      awaitPromise: true,
    })) as { type: string; result?: { value: string }; exceptionDetails?: { text: string } }
    if (type !== "success" || result === undefined) throw new Error(exceptionDetails?.text ?? type)
    return result.value
  }

  #send(method: string, params: object): Promise<unknown> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ type, message, result }) =>
        type === "success" ? resolve(result) : reject(new Error(`${method}: ${message}`)),
      )
      this.#socket.send(JSON.stringify({ id, method, params }))
    })
  }
}
