/**
 * The only way from a session's socket to its calls: receive parts, open the record, decode the payload.
 *
 * Promises that every call it returns was sealed by this session's sandbox, unchanged, once and in order; and that nothing opens
 * after the first message that is invalid, or after `end`. Stops P2, P6, P7, P9, P12, P13 and P22: calls in the clear, whichever
 * way a page sends them, and forged records until one fits.
 */
import { type Limits, largestRecord } from "../wire/limits.ts"
import { type PayloadMemory, type ReceivedPayload, readCallPayload } from "./call-payload.ts"
import { PartAssembler } from "./part-assembler.ts"
import type { RecordOpener } from "./record-opener.ts"

export class SealedSession {
  readonly #opener: RecordOpener | null
  readonly #limits: Limits
  readonly #memory: PayloadMemory
  readonly #parts: PartAssembler
  #isOver = false

  /**
   * @param opener `null` in brownfield only: payloads come in the clear, and no hook is promised
   * @param memory bounds what calls may hold; it decides when a call is rejected, never what one says
   */
  constructor(opener: RecordOpener | null, limits: Limits, memory: PayloadMemory) {
    this.#opener = opener
    this.#limits = limits
    this.#memory = memory
    this.#parts = new PartAssembler(largestRecord(limits))
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** True once the sandbox has sealed anything. */
  get hasSealed(): boolean {
    return (this.#opener?.opened ?? 0) > 0
  }

  /** True while parts of an announced record are missing. */
  get expectsPart(): boolean {
    return this.#parts.isOpen
  }

  /** Returns what `open` takes next: a record, or a text that says why the message is invalid. `null` when more parts must come. */
  receive(message: string | Uint8Array): Uint8Array | string | null {
    return this.#parts.add(message)
  }

  /**
   * Opens a record, in the order in which `receive` returned them. Throws for a text.
   *
   * @throws Error that says what is wrong: then the session is over
   */
  open(record: Uint8Array | string): ReceivedPayload {
    try {
      if (typeof record === "string") throw new TypeError(record)
      const payload = this.#isOver ? null : this.#payloadOf(record)
      if (payload === null) throw new TypeError("not the next record that this session's sandbox sealed")
      return readCallPayload(payload, this.#limits, this.#memory)
    } catch (error) {
      this.end()
      throw error
    }
  }

  #payloadOf(record: Uint8Array): Uint8Array | null {
    return this.#opener === null ? record : this.#opener.open(record)
  }

  /** Ends the session: nothing opens any more, and its key is filled with zeros. */
  end(): void {
    this.#isOver = true
    this.#opener?.wipe()
  }
}
