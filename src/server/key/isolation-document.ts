/**
 * Serves the document of the isolation frame: the runtime, the hook, and the session's key.
 *
 * Promises that a key goes into a document of an opaque origin without network, once for each frame ticket, in answer to a browser
 * that loads a frame from another site. Stops N1, P10, P11 and P26: a script that fetches the document, opens it as a window or frames
 * it at home, and a command that fetches for a page. The page knows the ticket, so the ticket alone must not be enough. A process
 * that redeems the ticket before the frame does is noticed in the audit (N9).
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { FrameGrant } from "../../boundary/core/frame-tickets.ts"
import { type SandboxSession, SESSION_ELEMENT } from "../../boundary/wire/messages.ts"
import type { Gate } from "../../core/gate.ts"
import type { IsolationApp } from "../../isolation-app/isolation-app.ts"
import { pathOf } from "../host.ts"
import { cspHash, NEVER_STORED, refuse, sendHtml } from "../respond.ts"
import { isOwnFile, isOwnSocket } from "./own-sockets.ts"

/** Every feature of browsers, to be denied (Permissions Policy, 9.1). Browsers ignore names that they do not know. */
const FEATURES = `accelerometer ambient-light-sensor attribution-reporting autoplay bluetooth browsing-topics camera
  clipboard-read clipboard-write compute-pressure cross-origin-isolated display-capture encrypted-media fullscreen
  gamepad geolocation gyroscope hid identity-credentials-get idle-detection keyboard-map local-fonts magnetometer
  microphone midi otp-credentials payment picture-in-picture publickey-credentials-create publickey-credentials-get
  screen-wake-lock serial speaker-selection storage-access usb web-share window-management xr-spatial-tracking`.split(
  /\s+/,
)

/** Why a request of one of the app's own commands is rejected. */
const BY_ITSELF = "isolation document requested by this process itself"

export class IsolationDocument {
  readonly #gate: Gate
  readonly #isolationApp: IsolationApp
  readonly #sandbox: string
  readonly #appOrigin: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(gate: Gate, isolationApp: IsolationApp, sandbox: string, appOrigin: string) {
    this.#gate = gate
    this.#isolationApp = isolationApp
    this.#sandbox = sandbox
    this.#appOrigin = appOrigin
    const scripts = [cspHash(sandbox), ...isolationApp.scripts.map((source) => `'${source}'`)]
    this.#headers = {
      ...NEVER_STORED,
      "content-security-policy": `default-src 'none'; script-src ${scripts.join(" ")}; frame-ancestors ${appOrigin}; sandbox allow-scripts`,
      // A page under COEP can have the frame. It cannot read it: `#whyNot` answers navigations only.
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "cross-origin",
      "permissions-policy": FEATURES.map((feature) => `${feature}=()`).join(", "),
    }
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const turnAway = (reason: string): void => {
      this.#gate.refused(reason, { site: String(request.headers["sec-fetch-site"] ?? "").slice(0, 200) })
      refuse(response, 403)
    }
    const reason = this.#whyNot(request)
    if (reason !== null) return turnAway(reason)
    // Nothing was awaited until here: of two requests with one ticket, the second finds it spent.
    const grant = this.#gate.redeemFrameTicket(pathOf(request).slice(1), `http://${request.headers.host}`)
    if (grant === null) {
      this.#gate.refused("frame ticket unknown, used, expired or for another origin", {})
      return refuse(response, 403)
    }
    // Last, because it takes long: a request without a ticket must not cause it.
    if (await isOwnFile(request.socket)) return turnAway(BY_ITSELF)
    // For a client that has left meanwhile, no `close` would come in which to wipe the key.
    if (request.socket.destroyed) return
    const html = Buffer.from(this.#render(grant))
    response.once("close", () => html.fill(0))
    sendHtml(response, 200, html, this.#headers)
  }

  /** Returns why a request is not that of a browser which loads a frame, or `null`. */
  #whyNot({ method, headers, socket }: IncomingMessage): string | null {
    if (method !== "GET") return "isolation document by another method than GET"
    if (
      headers["sec-fetch-dest"] !== "iframe" ||
      headers["sec-fetch-mode"] !== "navigate" ||
      headers["sec-fetch-site"] !== "cross-site"
    )
      return "isolation document requested by something that is no frame"
    if (isOwnSocket(socket)) return BY_ITSELF
    return null
  }

  #render({ session, key, label, limits }: FrameGrant): string {
    const { jsonBytes, blobBytes, nesting, hookTimeoutMs } = limits
    const data: SandboxSession = {
      session: [...session],
      key: [...key],
      label,
      limits: { jsonBytes, blobBytes, nesting, hookTimeoutMs },
      parent: this.#appOrigin,
    }
    const json = JSON.stringify(data).replaceAll("<", "\\u003c")
    // JavaScript cannot wipe texts: they stay until their memory is used again.
    data.key.fill(0)
    // A data element, so that the runtime has the same text and hash for every session.
    return this.#isolationApp.render(
      `<script type="application/json" id="${SESSION_ELEMENT}">${json}</script><script>${this.#sandbox}</script>`,
    )
  }
}
