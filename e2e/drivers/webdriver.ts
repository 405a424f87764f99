/** What the tests need of WebDriver (W3C Recommendation), with one session and several windows. */
export class WebDriverSession {
  readonly version: string
  readonly #address: string
  /** Commands concern the window that was switched to last: they go one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(address: string, version: string) {
    this.#address = address
    this.version = version
  }

  static async start(address: string): Promise<WebDriverSession> {
    const capabilities = { alwaysMatch: { timeouts: { script: 60_000 } } }
    const started = (await request("POST", `${address}/session`, { capabilities })) as {
      sessionId: string
      capabilities: { browserVersion: string }
    }
    return new WebDriverSession(`${address}/session/${started.sessionId}`, started.capabilities.browserVersion)
  }

  currentWindow(): Promise<string> {
    return request("GET", `${this.#address}/window`) as Promise<string>
  }

  async end(): Promise<void> {
    await request("DELETE", this.#address)
  }

  /** Runs commands in a window, when those before have ended. */
  in<T>(handle: string, run: (commands: WindowCommands) => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      await request("POST", `${this.#address}/window`, { handle })
      return run(new WindowCommands(this.#address))
    })
    this.#last = result.catch(() => {})
    return result
  }
}

const NAMED_KEYS: Readonly<Record<string, string>> = {
  Alt: "\ue00a",
  Backspace: "\ue003",
  Control: "\ue009",
  End: "\ue010",
  Enter: "\ue007",
  F2: "\ue032",
  Shift: "\ue008",
}

class WindowCommands {
  readonly #address: string

  constructor(address: string) {
    this.#address = address
  }

  async post(command: string, body: object): Promise<void> {
    await request("POST", `${this.#address}/${command}`, body)
  }

  /** Opens another window, and returns its handle. */
  async newWindow(): Promise<string> {
    const { handle } = (await request("POST", `${this.#address}/window/new`, { type: "window" })) as { handle: string }
    return handle
  }

  /** Holds the keys down in their order, and lets them go in reverse (WebDriver, 17.4.2: named keys). */
  async press(keys: readonly string[]): Promise<void> {
    const values = keys.map((key) => NAMED_KEYS[key] ?? key)
    const down = values.map((value) => ({ type: "keyDown", value }))
    const up = values.toReversed().map((value) => ({ type: "keyUp", value }))
    await this.post("actions", { actions: [{ type: "key", id: "keyboard", actions: [...down, ...up] }] })
  }

  async screenshot(): Promise<Uint8Array> {
    return Buffer.from((await request("GET", `${this.#address}/screenshot`)) as string, "base64")
  }

  async closeWindow(): Promise<void> {
    await request("DELETE", `${this.#address}/window`)
  }

  /** JSON goes over as text: WebDriver's own cloning knows no lone surrogates and no deep nesting. */
  async execute<T>(body: string): Promise<T> {
    const script = `const done = arguments[arguments.length - 1];
      (async () => {${body}\n})().then((value) => done({ json: JSON.stringify(value) }), (error) => done({ error: String(error) }))`
    const { json, error } = (await request("POST", `${this.#address}/execute/async`, { script, args: [] })) as {
      json?: string | null
      error?: string
    }
    if (error !== undefined) throw new Error(error)
    return (json === undefined || json === null ? undefined : JSON.parse(json)) as T
  }
}

async function request(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  })
  const { value } = (await response.json()) as { value: unknown }
  if (!response.ok) throw new Error(`WebDriver: ${JSON.stringify(value)}`)
  return value
}
