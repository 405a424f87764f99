import type { PayloadMemory } from "../boundary/core/call-payload.ts"
import type { Limits } from "../boundary/wire/limits.ts"
import { payloadMemory } from "./payload-memory.ts"
import type { WindowMemory } from "./window-memory.ts"

/** Bytes that a message takes besides its own, while it waits. */
const MESSAGE_BYTES = 256

/** Share of one session in its window's memory. */
export class SessionMemory {
  /** For the calls of each message that is read. */
  readonly payloads: PayloadMemory
  readonly #window: WindowMemory
  /** Bytes of calls that wait to be run. */
  #queued = 0
  /** Bytes of messages that have come, wholly or in part, and have not been read. */
  #input = 0

  constructor(window: WindowMemory, limits: Limits) {
    this.#window = window
    this.payloads = payloadMemory(limits, (bytes) => {
      const isTaken = window.takeCall(bytes)
      if (isTaken) this.#queued += bytes
      return isTaken
    })
  }

  /** A call does not wait any more. It holds its memory until `give`. */
  begin(bytes: number): void {
    this.#queued -= bytes
  }

  /** Gives back what a call held that has begun. */
  give(bytes: number): void {
    this.#window.giveCall(bytes)
  }

  /** Takes memory for a message of `length` bytes. Returns false, and takes none, when not enough is left. */
  takeInput(length: number): boolean {
    const isTaken = this.#window.takeInput(length + MESSAGE_BYTES)
    if (isTaken) this.#input += length + MESSAGE_BYTES
    return isTaken
  }

  giveInput(length: number): void {
    this.#input -= length + MESSAGE_BYTES
    this.#window.giveInput(length + MESSAGE_BYTES)
  }

  /** Gives back the memory of what waits. Calls that run keep theirs. */
  end(): void {
    this.#window.giveCall(this.#queued)
    this.#window.giveInput(this.#input)
    this.#queued = 0
    this.#input = 0
  }
}
