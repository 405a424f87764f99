import type { IncomingMessage, ServerResponse } from "node:http"
import type { Gate } from "../core/gate.ts"
import { CREDENTIAL_ITEM, LAUNCH_PATH } from "../protocol/endpoints.ts"
import type { GateCookie } from "./gate-cookie.ts"
import { cspHash, NEVER_STORED, refuse, sendHtml } from "./respond.ts"

/**
 * Trades the ticket for the window credential. The ticket is in the fragment, which no request carries, and is gone from
 * the history before it is used.
 */
const SCRIPT = `
(async () => {
  const ticket = location.hash.slice(1)
  history.replaceState(null, "", location.pathname)
  const failed = (text) => { document.body.textContent = text }
  try {
    const response = await fetch("${LAUNCH_PATH}", { method: "POST", body: ticket })
    if (!response.ok) return failed("This link has been used or has expired. Please open the window from the app again.")
    const { url, ...identity } = await response.json()
    sessionStorage.setItem("${CREDENTIAL_ITEM}", JSON.stringify(identity))
    location.replace(new URL(url, location.origin + "/"))
  } catch {
    failed("The app is not running. Please start it again.")
  }
})()
`
const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Opening</title><style>body { font: 1rem system-ui; margin: 2rem; color-scheme: light dark }</style></head>
<body><script>${SCRIPT}</script></body>
</html>
`
const POLICY = `default-src 'none'; script-src ${cspHash(SCRIPT)}; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** A ticket has 43 characters. */
const TICKET_BYTES = 64

/** The page that a window's launch link shows for a moment, and the exchange behind it. */
export class OpenPage {
  readonly #gate: Gate
  readonly #cookie: GateCookie
  readonly #origin: string

  constructor(gate: Gate, cookie: GateCookie, origin: string) {
    this.#gate = gate
    this.#cookie = cookie
    this.#origin = origin
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET" || request.method === "HEAD")
      return sendHtml(response, 200, PAGE, { ...NEVER_STORED, "content-security-policy": POLICY })
    if (request.method !== "POST") return refuse(response, 405)
    if (request.headers.origin !== this.#origin) {
      this.#gate.refused("launch ticket from another origin", { origin: request.headers.origin?.slice(0, 200) ?? "" })
      return refuse(response, 403)
    }
    const ticket = await readText(request, TICKET_BYTES)
    const grant = ticket === null ? null : this.#gate.redeemLaunchTicket(ticket)
    if (grant === null) {
      this.#gate.refused("launch ticket unknown, used or expired", {})
      return refuse(response, 403)
    }
    const body = JSON.stringify(grant)
    response
      .writeHead(200, { ...NEVER_STORED, "content-type": "application/json", "set-cookie": this.#cookie.header })
      .end(body)
  }
}

/** A request's body, or `null` when it is longer than `limit` bytes. */
async function readText(request: IncomingMessage, limit: number): Promise<string | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("latin1")
}
