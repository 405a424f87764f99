import { once } from "node:events"
import { Agent, type IncomingHttpHeaders, type RequestOptions, request } from "node:http"
import { WebSocket } from "ws"
import type { SandboxSession } from "../src/boundary/wire/messages.ts"
import { SESSION_ELEMENT } from "../src/boundary/wire/messages.ts"
import { PROTOCOL_VERSION } from "../src/boundary/wire/version.ts"
import { IPC_PATH, LAUNCH_PATH } from "../src/protocol/endpoints.ts"
import type { Welcome } from "../src/protocol/page-messages.ts"
import { LoadSession } from "./load-session.ts"

/** What a browser says of a frame that it navigates: an isolation document is served to nothing else. */
const OF_A_FRAME = {
  "sec-fetch-dest": "iframe",
  "sec-fetch-mode": "navigate",
  "sec-fetch-site": "cross-site",
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 })

/**
 * A window as the Core sees it from outside, without a browser: what its page, its bridge and its sandbox say, over real
 * sockets. Only the hook is missing: it would run here, and what is measured is the Core.
 */
export class LoadWindow {
  readonly #origin: string
  readonly #cookie: string
  readonly #credential: string

  private constructor(origin: string, cookie: string, credential: string) {
    this.#origin = origin
    this.#cookie = cookie
    this.#credential = credential
  }

  /** Trades the ticket of a launch link for the window's credential. Throws an `Error` when the app does not take it. */
  static async open(launchUrl: string): Promise<LoadWindow> {
    const { origin, hash } = new URL(launchUrl)
    const { headers, text } = await fetchText(
      `${origin}${LAUNCH_PATH}`,
      { method: "POST", headers: { origin } },
      hash.slice(1),
    )
    const [cookie = ""] = headers["set-cookie"] ?? []
    const { credential } = JSON.parse(text) as { readonly credential: string }
    return new LoadWindow(origin, cookie.split(";", 1)[0] ?? "", credential)
  }

  /** Says hello and loads the frame, as a page does. Throws an `Error` when the Core turns it away. */
  async connect(): Promise<LoadSession> {
    const { socket, welcome } = await this.hello()
    try {
      if (welcome.frame === null) return new LoadSession(socket, null)
      const { text } = await fetchText(welcome.frame, { headers: OF_A_FRAME })
      const session = new LoadSession(socket, readSessionData(text))
      session.announceHook()
      return session
    } catch (error) {
      socket.terminate()
      throw error
    }
  }

  /** Only the socket and its welcome: a page that goes no further. */
  async hello(): Promise<{ readonly socket: WebSocket; readonly welcome: Welcome }> {
    const socket = new WebSocket(`${this.#origin.replace("http:", "ws:")}${IPC_PATH}`, {
      headers: { origin: this.#origin, cookie: this.#cookie },
      perMessageDeflate: false,
    })
    socket.once("open", () => socket.send(JSON.stringify({ hello: PROTOCOL_VERSION, credential: this.#credential })))
    const closed = once(socket, "close").then(([code, reason]) => {
      throw new Error(`the Core turned a window away: ${code} ${reason}`)
    })
    const [data] = await Promise.race([once(socket, "message"), closed])
    // From here on it is no news when it closes.
    closed.catch(() => {})
    return { socket, welcome: JSON.parse(String(data)) as Welcome }
  }
}

function readSessionData(html: string): SandboxSession {
  const [, json] = new RegExp(`id="${SESSION_ELEMENT}">([^<]*)<`).exec(html) ?? []
  if (json === undefined) throw new Error("the isolation document holds no session data")
  return JSON.parse(json) as SandboxSession
}

async function fetchText(
  url: string,
  options: RequestOptions,
  body?: string,
): Promise<{ readonly headers: IncomingHttpHeaders; readonly text: string }> {
  const [response] = await once(request(url, { agent, ...options }).end(body), "response")
  let text = ""
  for await (const chunk of response.setEncoding("utf8")) text += chunk
  if (response.statusCode !== 200)
    throw new Error(`${options.method ?? "GET"} ${new URL(url).pathname.slice(0, 20)}…: ${response.statusCode}`)
  return { headers: response.headers, text }
}

/** Closes the connections that are kept for further requests. */
export function letGo(): void {
  agent.destroy()
}
