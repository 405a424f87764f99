import type { WebSocket } from "ws"
import type { Connection } from "../core/connection.ts"

const PING_MS = 30_000
/** A timer that is this late, in ms, has slept: its process was stopped, or did nothing else for as long. */
const LATE_MS = 1000
/** Answers to pings that wait to be sent are for a peer that does not read: more than this and it gets none. */
const PONG_BYTES = 64 * 1024
/** RFC 6455, 5.5: a control frame holds 125 bytes, two of them the code. */
const REASON_BYTES = 123

/** A WebSocket as the Core knows it: the loopback kind of connection. */
export class WebSocketConnection implements Connection {
  onMessage: ((message: string | Uint8Array) => void) | null = null
  onClose: ((reason?: string) => void) | null = null
  readonly #socket: WebSocket
  #isAlive = true
  #isSilent = false

  constructor(socket: WebSocket) {
    this.#socket = socket
    let last = performance.now()
    const ping = setInterval(() => {
      const now = performance.now()
      const overslept = now - last > PING_MS + LATE_MS
      last = now
      // Who has slept, or does not read, judges nobody: the answer may have come, and the page may have slept as well.
      if (!this.#isAlive && !overslept && !socket.isPaused) {
        setImmediate(() => this.#judge())
        return
      }
      this.#isAlive = false
      socket.ping()
    }, PING_MS)
    socket.on("pong", () => {
      this.#isAlive = true
    })
    socket.on("ping", (data) => {
      if (socket.bufferedAmount < PONG_BYTES) socket.pong(data)
    })
    socket.on("message", (data, isBinary) => {
      const bytes = data as Buffer
      this.onMessage?.(isBinary ? bytes : bytes.toString("utf8"))
    })
    socket.on("close", () => {
      clearInterval(ping)
      this.onClose?.(this.#isSilent ? "the page does not answer" : undefined)
    })
    // A broken or oversized frame: `ws` closes the socket, and "close" says the rest.
    socket.on("error", () => {})
  }

  /** When the sockets have been read. */
  #judge(): void {
    if (this.#isAlive) return
    this.#isSilent = true
    this.#socket.terminate()
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  send(message: string | Uint8Array): void {
    // A socket that just broke has nobody to tell; "close" follows.
    this.#socket.send(message, { binary: typeof message !== "string" }, () => {})
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(code: number, reason: string): void {
    // The peer's answer to the close has to be read.
    this.#socket.resume()
    this.#socket.close(code, cutUtf8(reason, REASON_BYTES))
  }
}

/** The longest beginning of a text that takes at most `limit` bytes. */
function cutUtf8(text: string, limit: number): string {
  const bytes = new Uint8Array(limit)
  return text.slice(0, new TextEncoder().encodeInto(text, bytes).read)
}
