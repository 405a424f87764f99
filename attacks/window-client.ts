import { createCipheriv } from "node:crypto"
import { once } from "node:events"
import type { WebSocket } from "ws"
import { associatedData, HEADER_BYTES, SESSION_ID_BYTES, sealNonce } from "../src/boundary/wire/sealing.ts"
import type { Stranger } from "./stranger.ts"
import { until } from "./stranger.ts"
import type { Victim } from "./victim-process.ts"

/** How a browser asks for the document of a frame on another site. */
export const AS_A_FRAME = {
  "sec-fetch-dest": "iframe",
  "sec-fetch-mode": "navigate",
  "sec-fetch-site": "cross-site",
} as const

/** What a window is told when its launch ticket is redeemed, and the cookie that it is given. */
export interface Launched {
  readonly credential: string
  readonly label: string
  readonly cookie: string
}

/** Trades a launch link as the window's own page does; `null` when it is refused. */
export function redeem(stranger: Stranger, url: string): Promise<Launched | null> {
  const { origin, hash } = new URL(url)
  return redeemTicket(stranger, origin, hash.slice(1))
}

export async function redeemTicket(stranger: Stranger, origin: string, body: string): Promise<Launched | null> {
  const answer = await stranger.ask("/__sallyport__/open", { method: "POST", headers: { origin }, body })
  if (answer.status !== 200) return null
  const cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0] ?? ""
  return { ...(JSON.parse(answer.body) as { credential: string; label: string }), cookie }
}

/** A window of the app without a browser: it does what the page and the sandbox would do, for the app to be seen serving it. */
export class WindowClient {
  readonly launched: Launched
  readonly #stranger: Stranger
  readonly #victim: Victim

  private constructor(victim: Victim, stranger: Stranger, launched: Launched) {
    this.#victim = victim
    this.#stranger = stranger
    this.launched = launched
  }

  /** @throws Error when the app does not let its own window in */
  static async open({ victim, stranger }: { victim: Victim; stranger: Stranger }): Promise<WindowClient> {
    const launched = await redeem(stranger, await victim.launchUrl("main"))
    if (launched === null) throw new Error("the app refused the launch link of its own window")
    return new WindowClient(victim, stranger, launched)
  }

  /** Headers of the page's own requests. */
  get headers(): { readonly origin: string; readonly cookie: string } {
    return { origin: this.#victim.origin, cookie: this.launched.cookie }
  }

  /**
   * A session; `null` when there is none to be had.
   *
   * @param more headers of its socket, besides the page's own
   */
  async session(more: Readonly<Record<string, string>> = {}): Promise<ClientSession | null> {
    const socket = await this.#stranger.socket({ headers: { ...this.headers, ...more } })
    return socket === null ? null : ClientSession.begin(socket, this.launched.credential)
  }

  /** The document of a session's frame: status, and text. */
  document(session: ClientSession): Promise<{ readonly status: number; readonly body: string }> {
    return this.#stranger.ask(new URL(session.frame).pathname, {
      headers: { host: new URL(session.frame).host, ...AS_A_FRAME },
    })
  }

  /** Everything that a window does, once: page, socket, frame, a call that runs and is answered. */
  async works(): Promise<boolean> {
    const page = await this.#stranger.ask("/", { headers: { cookie: this.launched.cookie } }).catch(() => null)
    if (page?.status !== 200) return false
    const session = await this.session()
    if (session === null) return false
    const { status, body } = await this.document(session).catch(() => ({ status: 0, body: "" }))
    if (status !== 200) return false
    const works = await session.call("allowed", keyIn(body))
    session.socket.terminate()
    return works
  }
}

/** Whether the app opens and serves a window, all of it within five seconds. */
export async function serves(scene: { victim: Victim; stranger: Stranger }): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, 5000, false)
  })
  const works = WindowClient.open(scene).then((window) => window.works())
  const isServed = await Promise.race([works.catch(() => false), late])
  clearTimeout(timer)
  return isServed
}

/** A socket of a window after its welcome. */
export class ClientSession {
  readonly socket: WebSocket
  readonly id: Uint8Array
  readonly frame: string
  #seq = 0
  #answers = 0

  private constructor(socket: WebSocket, { session, frame }: { session: string; frame: string }) {
    this.socket = socket
    this.id = Buffer.from(session, "base64url")
    this.frame = frame
    socket.on("message", () => this.#answers++)
  }

  /** `null` when the hello is refused. */
  static async begin(socket: WebSocket, credential: unknown): Promise<ClientSession | null> {
    socket.send(JSON.stringify({ hello: 1, credential }))
    const [text] = await Promise.race([once(socket, "message"), once(socket, "close").then(() => [null])])
    return text === null ? null : new ClientSession(socket, JSON.parse(String(text)))
  }

  /** Whether a call is answered. */
  async call(command: string, key: Uint8Array): Promise<boolean> {
    const before = this.#answers
    this.socket.send(this.seal({ calls: [[this.#seq + 1, command, {}]], blobs: [] }, key))
    return until(() => this.#answers > before)
  }

  /** The next frame, as a sandbox with that key seals it. */
  seal(payload: object, key: Uint8Array): Buffer {
    const seq = ++this.#seq
    const json = Buffer.from(JSON.stringify(payload))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(json.length)
    const data = associatedData(this.id, seq)
    const cipher = createCipheriv("aes-256-gcm", key, sealNonce(seq))
    cipher.setAAD(data)
    const sealed = [cipher.update(length), cipher.update(json), cipher.final(), cipher.getAuthTag()]
    return Buffer.concat([data.subarray(SESSION_ID_BYTES, SESSION_ID_BYTES + HEADER_BYTES), ...sealed])
  }
}

/** The sealing key in an isolation document. */
export function keyIn(document: string): Uint8Array {
  const { key } = JSON.parse(/<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(document)?.[1] ?? "{}")
  return Uint8Array.from(key)
}
