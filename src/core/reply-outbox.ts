import { isNativeError } from "node:util/types"
import { encodePayload } from "../protocol/payload.ts"
import { rawBytes, serialize } from "../protocol/serialize.ts"

/** JSON of a frame to the page is kept to about this many characters. */
const FRAME_CHARACTERS = 256 * 1024

/** Bytes of a frame that are not its reply: the length, names, brackets, the id, the table of blobs. */
const ENVELOPE_BYTES = 256

/** Collects replies; those that come up in one turn leave in one frame. */
export class ReplyOutbox {
  readonly #send: (frame: Uint8Array) => void
  readonly #maxBytes: number
  #tuples: string[] = []
  #blobs: Uint8Array[] = []
  #characters = 0
  #scheduled = false

  /** `maxBytes`: a reply whose frame would be larger than this is rejected instead of sent. */
  constructor(send: (frame: Uint8Array) => void, maxBytes: number) {
    this.#send = send
    this.#maxBytes = maxBytes
  }

  resolve(id: number, value: unknown): void {
    let raw: Uint8Array | null
    let json = "null"
    try {
      // Inside, because even asking what it is may throw: a proxy decides what it answers.
      raw = rawBytes(value)
      if (raw === null) json = serialize(value)
    } catch (error) {
      return this.reject(id, `the command returned what cannot be turned into JSON${inWords(error)}`)
    }
    if (raw === null ? this.#isTooLong(json) : raw.length > this.#maxBytes - ENVELOPE_BYTES)
      return this.reject(id, this.#tooLarge)
    if (raw === null) this.#push(`[${id},1,${json}]`, json.length)
    else this.#push(`[${id},1,null,${this.#blobs.push(raw) - 1}]`, raw.length)
  }

  /** `reason` as the page gets it: an `Error` gives its message, anything else goes as it is. */
  reject(id: number, reason: unknown): void {
    let json: string
    try {
      json = serialize(isError(reason) ? reason.message : reason)
    } catch {
      json = '"the command threw what cannot be turned into JSON"'
    }
    if (this.#isTooLong(json)) json = JSON.stringify(this.#tooLarge)
    this.#push(`[${id},0,${json}]`, json.length)
  }

  /** A character takes at most three bytes of UTF-8: only a text that might be too long is measured. */
  #isTooLong(json: string): boolean {
    const limit = this.#maxBytes - ENVELOPE_BYTES
    return json.length * 3 > limit && Buffer.byteLength(json) > limit
  }

  get #tooLarge(): string {
    return `the command's reply is larger than ${this.#maxBytes} bytes (plugins.sallyport.limits.outgoingBytes)`
  }

  #push(tuple: string, size: number): void {
    this.#tuples.push(tuple)
    this.#characters += size
    if (this.#characters > FRAME_CHARACTERS) this.flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      queueMicrotask(() => this.flush())
    }
  }

  flush(): void {
    this.#scheduled = false
    if (this.#tuples.length === 0) return
    const lengths = this.#blobs.map((blob) => blob.length)
    const frame = encodePayload(`{"replies":[${this.#tuples.join(",")}],"blobs":[${lengths}]}`, this.#blobs)
    this.#tuples = []
    this.#blobs = []
    this.#characters = 0
    this.#send(frame)
  }
}

/** Of whatever realm: one that a `node:vm` context threw is no `instanceof Error`. */
function isError(reason: unknown): reason is Error {
  return reason instanceof Error || isNativeError(reason)
}

/** What was thrown, behind a colon; nothing where it has no text: a symbol, an object without prototype. */
function inWords(thrown: unknown): string {
  try {
    return `: ${isError(thrown) ? thrown.message : thrown}`
  } catch {
    return ""
  }
}
