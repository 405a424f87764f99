import type { OutgoingHttpHeaders, ServerResponse } from "node:http"
import type { Config, Csp } from "../config/config.ts"
import { completeCsp, type Needs, STRICT } from "./csp.ts"
import { injectScript } from "./html.ts"
import { cspHash } from "./respond.ts"

/** What the app origin's documents and files go out with: the bridge, the policy, the headers. */
export class AppPages {
  /** For every response on the app origin. */
  readonly headers: Readonly<Record<string, string>>
  readonly #policy: string | null
  readonly #script: string
  readonly #needs: Needs
  readonly #keep: boolean | readonly string[]
  readonly #log: (line: string) => void
  readonly #warned = new Set<string>()

  constructor(config: Config, bridge: string, port: number, dev: boolean, log: (line: string) => void) {
    const script = config.freezePrototype ? `${bridge};Object.freeze(Object.prototype)` : bridge
    const path = process.platform === "win32" ? { separator: "\\", delimiter: ";" } : { separator: "/", delimiter: ":" }
    this.#script = `<script data-sallyport='${JSON.stringify(path)}'>${script}</script>`
    const frame = config.pattern.use === "isolation" ? `http://127.0.0.1:${port}` : null
    this.#needs = { bridge: cspHash(script), socket: `ws://localhost:${port}`, frame }
    this.#keep = config.keepCsp
    this.#log = log
    this.#policy = this.#complete(policyOf(config, dev))
    this.headers = {
      "X-Content-Type-Options": "nosniff",
      "Cross-Origin-Resource-Policy": "same-origin",
      ...config.headers,
    }
  }

  #complete(csp: Csp | null): string | null {
    // An explicit null means no policy at all; that other sites may not frame the app is no concern of the page's.
    if (csp === null) return "frame-ancestors 'self'"
    const { policy, missing } = completeCsp(csp, this.#needs, this.#keep)
    this.#warn(missing)
    return policy === "" ? null : policy
  }

  /**
   * Sends a document with the bridge in it. It is never stored: a copy from a cache could be one without the bridge, which
   * frames and scripts get from the same address.
   */
  send(response: ServerResponse, status: number, html: Uint8Array, own: OutgoingHttpHeaders = {}): void {
    const { bytes, charset, missing } = injectScript(html, this.#script, this.#needs, this.#keep)
    this.#warn(missing)
    response.writeHead(status, {
      ...this.headers,
      ...own,
      ...this.policyHeader,
      "Content-Type": `text/html; charset=${charset}`,
      "Content-Length": bytes.length,
      ...NO_CACHE,
    })
    response.end(response.req.method === "HEAD" ? undefined : bytes)
  }

  get policyHeader(): Readonly<Record<string, string>> {
    return this.#policy === null ? {} : { "Content-Security-Policy": this.#policy }
  }

  #warn(missing: readonly string[]): void {
    for (const source of missing) {
      if (this.#warned.has(source)) continue
      this.#warned.add(source)
      this.#log(
        `app.security.dangerousDisableAssetCspModification keeps the page's policy as it is, and every call fails without: ${source}`,
      )
    }
  }
}

/** What comes from an address where a document may also come from: the two differ by who asks. */
export const NO_CACHE = { "Cache-Control": "no-store", Vary: "Sec-Fetch-Dest" }

function policyOf(config: Config, dev: boolean): Csp | null {
  const csp = dev && config.devCsp !== undefined ? config.devCsp : config.csp
  return csp === undefined ? STRICT : csp
}
