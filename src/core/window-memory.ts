/**
 * What one window's sessions hold of the Core's memory, all together. A page has as many sessions as it likes, up to a limit: what
 * counted for each of them alone would count for nothing.
 */
export class WindowMemory {
  readonly #limit: number
  #calls = 0
  #input = 0

  /** @param limit bytes that the window's calls may hold, and as much again what has come of further ones */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Takes memory for a call, from before it is parsed until it is answered. Returns false, and takes none, when there is not so much. */
  takeCall(bytes: number): boolean {
    if (this.#calls + bytes > this.#limit) return false
    this.#calls += bytes
    return true
  }

  giveCall(bytes: number): void {
    this.#calls -= bytes
  }

  /**
   * Takes memory for a message, from its first byte until it is read. Apart from calls: which calls are in it is only known when
   * it has been read, and each of them then has an answer. Returns false, and takes none, when there is not so much.
   */
  takeInput(bytes: number): boolean {
    if (this.#input + bytes > this.#limit) return false
    this.#input += bytes
    return true
  }

  giveInput(bytes: number): void {
    this.#input -= bytes
  }
}
