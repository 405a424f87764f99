import type { Duplex } from "node:stream"

/** Connections that have not shown the gate cookie yet. A browser's shows it within milliseconds. */
const MAX_STRANGERS = 1024

/** Unless the system lets this process have fewer. */
const MAX_CONNECTIONS = 4096

/**
 * Every open connection. Those that have not shown who they are share a number of places, in which the newest takes the
 * oldest's: so another process that holds thousands open, without a word, takes them from itself and not from the app.
 */
export class Connections {
  readonly #all = new Set<Duplex>()
  readonly #strangers = new Set<Duplex>()
  readonly #room: number
  readonly #places: number
  readonly #full: (room: number) => void
  #isFull = false

  /**
   * @param room for connections, of all kinds
   * @param full told with it when there is no room for another, and again when there had been plenty meanwhile
   */
  constructor(room: number = MAX_CONNECTIONS, full: (room: number) => void = () => {}) {
    this.#room = Math.min(room, MAX_CONNECTIONS)
    this.#places = Math.min(MAX_STRANGERS, Math.ceil(this.#room / 2))
    this.#full = full
  }

  add(socket: Duplex): void {
    this.#all.add(socket)
    this.#strangers.add(socket)
    socket.once("close", () => {
      this.#all.delete(socket)
      this.#strangers.delete(socket)
      if (this.#all.size <= this.#room / 2) this.#isFull = false
    })
    const isFull = this.#all.size > this.#room
    if (isFull && !this.#isFull) this.#full(this.#room)
    this.#isFull ||= isFull
    if (!isFull && this.#strangers.size <= this.#places) return
    for (const oldest of this.#strangers) {
      // "close" comes later, and by then there may be another one too many.
      this.#strangers.delete(oldest)
      oldest.destroy()
      return
    }
  }

  /** It has shown the gate cookie. */
  welcome(socket: Duplex): void {
    this.#strangers.delete(socket)
  }

  /** Ends all of them, also those that are no HTTP connections any more. */
  destroy(): void {
    for (const socket of this.#all) socket.destroy()
  }
}
