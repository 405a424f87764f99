import type { TimeSlices, Worker } from "./time-slices.ts"

/** What an inbox is for: the session. */
export interface InboxOwner<Call> {
  /** Reads a message; what it returns is run, one call after the other, before the next message is read. */
  read(message: string | Uint8Array): readonly Call[]
  run(call: Call): void
  /** Called when more waits than one slice could do: no more shall come until `resume`. */
  pause(): void
  resume(): void
  /** Called whenever all has been done. */
  caughtUp(): void
}

/** What one session has been sent and has not run yet. It is done in its order, when it is the window's turn (`TimeSlices`). */
export class Inbox<Call> implements Worker {
  readonly #owner: InboxOwner<Call>
  readonly #slices: TimeSlices
  #messages: (string | Uint8Array)[] = []
  #calls: readonly Call[] = []
  #nextCall = 0
  /** Whether the window's slices know that there is something to do. */
  #isWorker = false
  #waits = false

  constructor(owner: InboxOwner<Call>, slices: TimeSlices) {
    this.#owner = owner
    this.#slices = slices
  }

  /** Whether there is something left to do. */
  get isEmpty(): boolean {
    return this.#messages.length === 0 && this.#nextCall === this.#calls.length
  }

  add(message: string | Uint8Array): void {
    this.#messages.push(message)
    if (this.#isWorker) return
    this.#isWorker = true
    this.#slices.add(this)
  }

  /** Drops what waits: the session is over. */
  clear(): void {
    this.#messages = []
    this.#calls = []
    this.#nextCall = 0
  }

  step(): boolean {
    // By the length: past the end of a list, its prototypes are asked for the index.
    if (this.#nextCall < this.#calls.length) {
      this.#owner.run(this.#calls[this.#nextCall++] as Call)
      return false
    }
    this.#nextCall = 0
    this.#calls = []
    const message = this.#messages.shift()
    if (message !== undefined) this.#calls = this.#owner.read(message)
    return true
  }

  waits(): void {
    if (!this.#waits) this.#owner.pause()
    this.#waits = true
  }

  done(): void {
    this.#isWorker = false
    if (this.#waits) this.#owner.resume()
    this.#waits = false
    this.#owner.caughtUp()
  }
}
