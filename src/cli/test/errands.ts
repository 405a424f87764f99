import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** A call for a page to make. */
export interface Errand {
  readonly cmd: string
  readonly payload: unknown
  /** A raw argument, in base64, instead of `payload`. */
  readonly bytes: string | null
  readonly headers: Readonly<Record<string, string>> | null
}

/** What a page reports: `null` when the call passed, whatever the command then said. */
export interface Report {
  readonly refused: { readonly code: string; readonly message: string } | null
}

/** No browser takes longer to show its first page, in ms; nor to make one call, with whatever its hook does. */
const PAGE_MS = 60_000

/**
 * Sends the test's pages on errands and takes their reports. It is a server of its own, beside the app's: what goes through
 * the app goes through the hook, and the hook is what is tested.
 */
export class Errands {
  readonly #server: Server
  /** Only who knows it is a page of ours. */
  readonly #secret = randomBytes(16).toString("hex")
  readonly #pages: ReadonlyMap<string, Page>
  #appOrigin = ""

  private constructor(server: Server, windows: readonly string[]) {
    this.#server = server
    this.#pages = new Map(windows.map((label) => [label, new Page()]))
    server.on("request", (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response))
  }

  static async start(windows: readonly string[]): Promise<Errands> {
    const server = createServer()
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return new Errands(server, windows)
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The script of a page that runs errands, one after the other, for ever. */
  get page(): string {
    return `const address = ${JSON.stringify(`${this.origin}/${this.#secret}/`)} + encodeURIComponent(decodeURIComponent(location.search.slice(1)))
const run = async () => {
  for (let report = null; ; ) {
    const response = await fetch(address, { method: "POST", body: JSON.stringify(report) })
    const { cmd, payload, bytes, headers } = await response.json()
    const args = bytes === null ? payload : Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))
    report = await window.__TAURI_INTERNALS__.invoke(cmd, args, headers === null ? undefined : { headers }).then(
      () => ({ refused: null }),
      (error) => ({ refused: error?.name === "IsolationError" ? { code: error.code, message: error.message } : null }),
    )
  }
}
run()
`
  }

  /** Only pages of this origin may read. */
  allow(appOrigin: string): void {
    this.#appOrigin = appOrigin
  }

  /** @throws Error when the window's page does not answer */
  send(window: string, errand: Errand): Promise<Report> {
    const page = this.#pages.get(window)
    if (page === undefined) throw new Error(`there is no window "${window}"`)
    return page.send(errand, window)
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, "close")
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [secret, label] = (request.url ?? "").slice(1).split("/")
    const page = this.#pages.get(decodeURIComponent(label ?? ""))
    if (secret !== this.#secret || page === undefined || request.method !== "POST") {
      response.writeHead(404).end()
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const report = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Report | null
    const errand = await page.next(report)
    response.writeHead(200, { "access-control-allow-origin": this.#appOrigin, "content-type": "application/json" })
    response.end(JSON.stringify(errand))
  }
}

/** One page: it asks for an errand, and reports when it asks for the next. */
class Page {
  #ask: (() => void) | null = null
  #asked: Promise<void> = new Promise((resolve) => {
    this.#ask = resolve
  })
  #give: (errand: Errand) => void = () => {}
  #report: (report: Report) => void = () => {}

  async send(errand: Errand, label: string): Promise<Report> {
    await inTime(this.#asked, `the page of the window "${label}" did not come`)
    this.#asked = new Promise((resolve) => {
      this.#ask = resolve
    })
    const reported = new Promise<Report>((resolve) => {
      this.#report = resolve
    })
    this.#give(errand)
    return inTime(reported, `the page of the window "${label}" did not answer a call of "${errand.cmd}"`)
  }

  next(report: Report | null): Promise<Errand> {
    const errand = new Promise<Errand>((resolve) => {
      this.#give = resolve
    })
    this.#ask?.()
    if (report !== null) this.#report(report)
    return errand
  }
}

async function inTime<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), PAGE_MS)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
