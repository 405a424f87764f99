import { CLOSE } from "../protocol/close-codes.ts"
import type { Connection } from "./connection.ts"
import { decided } from "./decisions.ts"
import { readHello } from "./hello.ts"

/** Why a connection is rejected: the close code, and a text for a person. */
export interface Rejection {
  readonly code: number
  readonly reason: string
}

/** Connections that have not said hello. They hold nothing but their socket, and have little time. */
export class Handshakes {
  readonly #limits: { readonly pendingSockets: number; readonly helloTimeoutMs: number }
  /** The oldest first, each with what makes room. */
  readonly #waiting = new Map<Connection, () => void>()

  constructor(limits: { readonly pendingSockets: number; readonly helloTimeoutMs: number }) {
    this.#limits = limits
  }

  /**
   * Waits for a connection's hello.
   *
   * @param authenticate is given the window credential, and takes over the connection or says why not
   */
  begin(connection: Connection, authenticate: (credential: string) => Rejection | null): void {
    if (this.#waiting.size >= this.#limits.pendingSockets) {
      // A page says hello at once. One that holds silent sockets open must not keep other windows out.
      const [makeRoom] = this.#waiting.values()
      makeRoom?.()
    }
    const timeout = setTimeout(() => reject(connection, CLOSE.HELLO_TIMEOUT, "no hello"), this.#limits.helloTimeoutMs)
    const leave = (): void => {
      clearTimeout(timeout)
      this.#waiting.delete(connection)
      connection.onMessage = null
      connection.onClose = null
    }
    this.#waiting.set(connection, () => {
      leave()
      reject(connection, CLOSE.TOO_MANY_SESSIONS, "too many sockets wait to say hello")
    })
    connection.onClose = leave
    connection.onMessage = (message) => {
      leave()
      const credential = readHello(message)
      if (credential === null) return reject(connection, CLOSE.HELLO_INVALID, "no hello of this protocol version")
      const rejection = authenticate(credential)
      if (rejection !== null) reject(connection, rejection.code, rejection.reason)
    }
  }

  /** Closes all connections, because the app is closing. */
  close(): void {
    for (const connection of this.#waiting.keys()) {
      connection.onMessage = null
      connection.close(CLOSE.CLOSING, "the app is closing")
    }
  }
}

function reject(connection: Connection, code: number, reason: string): void {
  // Until the peer has answered the close, its messages still arrive.
  connection.onMessage = null
  decided({ kind: "session-refused", reason })
  connection.close(code, reason)
}
