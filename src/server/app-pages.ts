import type { OutgoingHttpHeaders, ServerResponse } from "node:http"
import { bare, own } from "../boundary/wire/own.ts"
import type { Config, Csp } from "../config/config.ts"
import { ASSET_PATH } from "../protocol/endpoints.ts"
import { completeCsp, completeList, FRAMING, type Inline, STRICT, withFraming } from "./csp.ts"
import { type Injection, injectScript, readInline } from "./html.ts"
import { isolationSources } from "./isolation-origin.ts"
import { cspHash, sendHtml } from "./respond.ts"
import type { ServerOptions } from "./server.ts"
import { injectXhtml, xhtmlScript } from "./xhtml.ts"

/** What comes from an address where a document may also come from: the two differ by who asks. */
export const NO_CACHE = { "cache-control": "no-store", vary: "Sec-Fetch-Dest" }

/** No headers, and none that `Object.prototype` has. */
const NONE: OutgoingHttpHeaders = bare({})

export type AppPagesOptions = Pick<ServerOptions, "config" | "bridge" | "pageScripts" | "dev" | "log">

/** What the app origin's documents and files go out with: the bridge, the policy, the headers. Names are in lower case. */
export class AppPages {
  /** For every response on the app origin. */
  readonly headers: Readonly<Record<string, string>>
  readonly #csp: Csp | null
  readonly #injection: Injection
  /** The elements of `#injection`, for XHTML. */
  readonly #xhtml: string
  readonly #log: (line: string) => void
  readonly #warned = new Set<string>()

  constructor({ config, bridge, pageScripts, dev, log }: AppPagesOptions, port: number) {
    const path = process.platform === "win32" ? { separator: "\\", delimiter: ";" } : { separator: "/", delimiter: ":" }
    // Frozen behind the bridge and before every other script, as Tauri does it.
    const first = config.freezePrototype ? `${bridge};Object.freeze(Object.prototype)` : bridge
    const frames = config.pattern.use === "isolation" ? isolationSources(port) : []
    const assets = config.assetProtocol === null ? null : `http://localhost:${port}${ASSET_PATH}`
    const others = pageScripts.map((script) => `<script>${script}</script>`)
    const attribute = ` data-sallyport='${JSON.stringify(path)}'`
    this.#xhtml = xhtmlScript(first, attribute) + pageScripts.map((script) => xhtmlScript(script)).join("")
    this.#injection = {
      elements: `<script${attribute}>${first}</script>${others.join("")}`,
      needs: { scripts: [first, ...pageScripts].map(cspHash), socket: `ws://localhost:${port}`, frames, assets },
      keep: config.keepCsp,
    }
    this.#log = log
    this.#csp = policyOf(config, dev)
    // What it lacks should be read when the app starts, not when a page is asked for.
    this.#policy(undefined)
    this.headers = {
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      "content-security-policy": FRAMING,
      ...Object.fromEntries(Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), value])),
    }
  }

  /**
   * For documents, and what can be one.
   *
   * @param behind headers of a server behind this one; a policy among them applies too, completed
   * @param inline the document's inline elements
   */
  documentHeaders(behind: OutgoingHttpHeaders = NONE, inline?: Inline): OutgoingHttpHeaders {
    const theirs = own(behind, "content-security-policy")
    const policies = [this.#policy(inline)]
    if (theirs !== undefined) {
      const { policy, missing } = completeList(String(theirs), this.#injection.needs, this.#injection.keep)
      this.#warn(missing)
      policies.push(policy)
    }
    return { ...behind, ...this.headers, "content-security-policy": policies.join(", ") }
  }

  /**
   * Sends a document with the bridge in it. It is never stored: a copy from a cache could be one without the bridge, which
   * frames and scripts get from the same address.
   *
   * @param behind headers of a server behind this one
   */
  send(response: ServerResponse, status: number, html: Uint8Array, behind: OutgoingHttpHeaders = NONE): void {
    const declared = charsetOf(behind)
    const { bytes, charset, missing, inline } = injectScript(html, declared, this.#injection)
    this.#warn(missing)
    sendHtml(response, status, bytes, {
      ...this.documentHeaders(behind, inline),
      ...NO_CACHE,
      "content-type": `text/html; charset=${charset}`,
    })
  }

  /** Sends an XHTML document, with the bridge in it where it is the top of a window. Its inline elements need the policy's leave. */
  sendXhtml(
    response: ServerResponse,
    status: number,
    xhtml: Uint8Array,
    hasBridge: boolean,
    behind: OutgoingHttpHeaders,
  ): void {
    const { bytes, charset } = injectXhtml(xhtml, charsetOf(behind), hasBridge ? this.#xhtml : "")
    const type = String(behind["content-type"]).split(";", 1)[0]
    const known = charset === null ? type : `${type}; charset=${charset}`
    sendHtml(response, status, bytes, { ...this.documentHeaders(behind), ...NO_CACHE, "content-type": known })
  }

  /** Sends a document as it is, for a frame or a script: under the same policy, but without the bridge. */
  sendBare(response: ServerResponse, status: number, html: Buffer, behind: OutgoingHttpHeaders = NONE): void {
    const inline = readInline(html, charsetOf(behind))
    const type = String(own(behind, "content-type") ?? "text/html")
    sendHtml(response, status, html, { ...this.documentHeaders(behind, inline), ...NO_CACHE, "content-type": type })
  }

  #policy(inline: Inline | undefined): string {
    if (this.#csp === null) return FRAMING
    const { policy, missing } = completeCsp(this.#csp, this.#injection.needs, this.#injection.keep, inline)
    this.#warn(missing)
    return withFraming(policy)
  }

  #warn(missing: readonly string[]): void {
    for (const source of missing) {
      if (this.#warned.has(source)) continue
      this.#warned.add(source)
      this.#log(
        `app.security.dangerousDisableAssetCspModification keeps the page's policy as it is: calls, scripts of plugins or assets fail without ${source}`,
      )
    }
  }
}

function charsetOf(headers: OutgoingHttpHeaders): string | undefined {
  return /;\s*charset=["']?([^\s"';]+)/i.exec(String(own(headers, "content-type") ?? ""))?.[1]
}

function policyOf(config: Config, dev: boolean): Csp | null {
  const csp = dev && config.devCsp !== undefined ? config.devCsp : config.csp
  return csp === undefined ? STRICT : csp
}
