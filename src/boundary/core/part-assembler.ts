import { PART_BYTES } from "../wire/parts.ts"

/** Puts frames together that come in parts (docs/protocol.md, "Parts"). */
export class PartAssembler {
  readonly #limit: number
  #frame: Uint8Array | null = null
  #length = 0
  #missing = 0

  /** @param limit bytes of the largest frame */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Whether a frame has been announced that is not whole yet. */
  get isOpen(): boolean {
    return this.#missing > 0
  }

  /** A frame that is whole now; `null` when more of it has to come; a text says why this is no part of any. */
  add(message: string | Uint8Array): Uint8Array | string | null {
    if (typeof message === "string") {
      if (this.#missing > 0 || !/^[1-9]\d*$/.test(message)) return "text after hello that is no frame's length"
      if (Number(message) > this.#limit) return `a frame of ${message.slice(0, 20)} bytes`
      this.#length = Number(message)
      this.#missing = this.#length
      return null
    }
    if (this.#missing === 0) return message
    // Many small ones would take far more memory than they have bytes.
    if (message.length !== Math.min(PART_BYTES, this.#missing)) return "a part of a frame that has another length"
    // Each goes where it belongs, so that no frame is in memory twice.
    this.#frame ??= Buffer.allocUnsafeSlow(this.#length)
    this.#frame.set(message, this.#length - this.#missing)
    this.#missing -= message.length
    if (this.#missing > 0) return null
    const frame = this.#frame
    this.#frame = null
    return frame
  }
}
