import { createCipheriv, randomBytes } from "node:crypto"
import { type IncomingHttpHeaders, request } from "node:http"
import { connect, type Socket } from "node:net"
import type { Subject } from "./subject-process.ts"

interface Welcome {
  readonly session: string
  readonly frame: string
}

/** What opens a window without a browser: the cookie and the credential that its launch link is worth. */
export interface RawWindow {
  readonly origin: string
  readonly cookie: string
  readonly credential: string
}

/** @param link default: one that the app is asked for */
export async function openRawWindow(subject: Subject, link?: string): Promise<RawWindow> {
  const { origin } = subject
  const ticket = new URL(link ?? (await subject.launchUrl())).hash.slice(1)
  const { headers, body, status } = await ask(`${origin}/__sallyport__/open`, { origin }, ticket)
  if (status !== 200) throw new Error(`the launch ticket was answered with ${status}`)
  const { credential } = JSON.parse(body) as { credential: string }
  return { origin, cookie: headers["set-cookie"]?.[0]?.split(";")[0] ?? "", credential }
}

/**
 * A page and its sandbox without a browser: speaks the protocol from docs/protocol.md over a socket of its own, byte by byte.
 */
export class RawPage {
  readonly socket: Socket
  readonly #window: RawWindow
  #received = Buffer.alloc(0)
  #waiting: (() => void) | undefined
  #isUpgraded = false
  #session = Buffer.alloc(0)
  #key = Buffer.alloc(0)
  #seq = 1n

  private constructor(socket: Socket, window: RawWindow) {
    this.socket = socket
    this.#window = window
    socket.on("error", () => {})
    socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#waiting?.()
    })
    socket.on("close", () => this.#waiting?.())
  }

  /** A socket that has sent nothing yet. */
  static async connect(window: RawWindow): Promise<RawPage> {
    const socket = connect(Number(new URL(window.origin).port), "127.0.0.1")
    await new Promise((resolve, reject) => {
      socket.once("connect", resolve)
      socket.once("error", reject)
    })
    return new RawPage(socket, window)
  }

  /** A page whose session stands and whose sandbox has said that it has a hook. */
  static async open(window: RawWindow, between?: () => Promise<unknown>): Promise<RawPage> {
    const page = await RawPage.connect(window)
    page.socket.write(page.handshake)
    page.socket.write(page.hello)
    try {
      await page.loadSandbox(between)
    } catch (error) {
      page.socket.destroy()
      throw error
    }
    page.socket.write(page.seal({ hook: "function", blobs: [] }))
    return page
  }

  get handshake(): Buffer {
    const { origin, cookie } = this.#window
    const lines = [
      "GET /__sallyport__/ipc HTTP/1.1",
      `Host: ${new URL(origin).host}`,
      `Origin: ${origin}`,
      `Cookie: ${cookie}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    ]
    return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`)
  }

  get hello(): Buffer {
    return masked(0x81, Buffer.from(JSON.stringify({ hello: 1, credential: this.#window.credential })))
  }

  /**
   * Waits for the welcome and takes the key out of the isolation document, as a browser's frame gets it.
   *
   * @param between what happens before the document is asked for
   */
  async loadSandbox(between: () => Promise<unknown> = async () => {}): Promise<void> {
    const { session, frame } = JSON.parse((await this.message()).toString()) as Welcome
    await between()
    const { status, body } = await ask(frame, {
      "sec-fetch-dest": "iframe",
      "sec-fetch-mode": "navigate",
      "sec-fetch-site": "cross-site",
    })
    const data = /id="sallyport-session">(.*?)<\/script>/.exec(body)?.[1]
    if (data === undefined) throw new Error(`the isolation document was answered with ${status}`)
    this.#session = Buffer.from(session, "base64url")
    this.#key = Buffer.from((JSON.parse(data) as { key: number[] }).key)
  }

  /** The next frame, sealed, as it goes over the wire. */
  seal(json: unknown): Buffer {
    const text = Buffer.from(JSON.stringify(json))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.length)
    const header = Buffer.alloc(9, 1)
    header.writeBigUInt64BE(this.#seq++, 1)
    const cipher = createCipheriv("aes-256-gcm", this.#key, Buffer.concat([Buffer.alloc(4), header.subarray(1)]))
    cipher.setAAD(Buffer.concat([this.#session, header]))
    const sealed = Buffer.concat([cipher.update(Buffer.concat([length, text])), cipher.final(), cipher.getAuthTag()])
    return masked(0x82, Buffer.concat([header, sealed]))
  }

  /** A frame with one call in it. */
  call(id: number, cmd: string, args: object): Buffer {
    return this.seal({ calls: [[id, cmd, args]], refused: [], logs: [], blobs: [] })
  }

  /** Makes a call and waits for its answer: `[id, ok, value]`. */
  async invoke(id: number, cmd: string, args: object): Promise<readonly unknown[] | undefined> {
    this.socket.write(this.call(id, cmd, args))
    const frame = await this.message()
    const { replies } = JSON.parse(frame.subarray(4, 4 + frame.readUInt32BE(0)).toString()) as { replies: unknown[][] }
    return replies.find(([of]) => of === id)
  }

  /** Called for each ping of the Core, with what to answer it by. By default it is answered at once. */
  onPing: (answer: () => void) => void = (answer) => answer()

  /** The Core's next message, of whatever kind. Throws when the socket is closed first. */
  async message(): Promise<Buffer> {
    for (;;) {
      const next = this.#take()
      if (next !== null) return next
      if (this.socket.closed) throw new Error("the Core has closed the socket")
      await new Promise<void>((resolve) => {
        this.#waiting = resolve
      })
    }
  }

  #take(): Buffer | null {
    if (!this.#isUpgraded) {
      const end = this.#received.indexOf("\r\n\r\n")
      if (end === -1) return null
      this.#received = this.#received.subarray(end + 4)
      this.#isUpgraded = true
    }
    const bytes = this.#received
    if (bytes.length < 2) return null
    const short = (bytes[1] ?? 0) & 0x7f
    if (short === 126 && bytes.length < 4) return null
    const [length, from] = short === 126 ? [bytes.readUInt16BE(2), 4] : [short, 2]
    if (short === 127 || bytes.length < from + length) return null
    this.#received = bytes.subarray(from + length)
    const payload = bytes.subarray(from, from + length)
    if (((bytes[0] ?? 0) & 0x0f) !== 9) return payload
    this.onPing(() => this.socket.write(masked(0x8a, payload)))
    return this.#take()
  }
}

/** A WebSocket frame of a client, with a mask that changes nothing (RFC 6455, 5.2). */
function masked(opcode: number, payload: Buffer): Buffer {
  const header = payload.length < 126 ? Buffer.of(opcode, 0x80 | payload.length) : Buffer.of(opcode, 0xfe, 0, 0)
  if (payload.length >= 126) header.writeUInt16BE(payload.length, 2)
  return Buffer.concat([header, Buffer.alloc(4), payload])
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One request, on a connection of its own: POST when there is a body. */
function ask(url: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Answer> {
  const { host, port, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: "127.0.0.1",
        port,
        path: pathname,
        method: body === undefined ? "GET" : "POST",
        headers: { host, ...headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("error", reject)
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    sent.on("error", reject)
    sent.end(body)
  })
}
