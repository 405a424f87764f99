/**
 * Joins the parts of one record (docs/protocol.md, "Parts").
 *
 * Promises one record for each announced length, made of exactly the bytes that followed, and never more memory than that length.
 * Stops P16 and P32: several records in parts at once, and many small parts, which take far more memory than their bytes. The record
 * itself is not trusted: it must still open.
 */
import { PART_BYTES } from "../wire/parts.ts"

export class PartAssembler {
  readonly #limit: number
  #record: Uint8Array | null = null
  #length = 0
  #missing = 0

  /** @param limit size of the largest record, in bytes */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** True from an announced length until its last part. */
  get isOpen(): boolean {
    return this.#missing > 0
  }

  /** Returns a record that is complete, `null` when more parts of it must come, or a text that says why the message is invalid. */
  add(message: string | Uint8Array): Uint8Array | string | null {
    if (typeof message === "string") {
      if (this.#missing > 0 || !/^[1-9]\d*$/.test(message)) return "text after hello that is no record's length"
      if (Number(message) > this.#limit) return `a record of ${message.slice(0, 20)} bytes`
      this.#length = Number(message)
      this.#missing = this.#length
      return null
    }
    if (this.#missing === 0) return message
    // Many small parts would take far more memory than they have bytes.
    if (message.length !== Math.min(PART_BYTES, this.#missing)) return "a part of a record that has another length"
    // Each part is written in place, so no record is in memory twice.
    this.#record ??= Buffer.allocUnsafeSlow(this.#length)
    this.#record.set(message, this.#length - this.#missing)
    this.#missing -= message.length
    if (this.#missing > 0) return null
    const record = this.#record
    this.#record = null
    return record
  }
}
