import { isNativeError } from "node:util/types"
import type { ErrorCode } from "../boundary/wire/errors.ts"
import { RECORD_OVERHEAD } from "../boundary/wire/limits.ts"
import { rawBytes, serialize } from "../boundary/wire/serialize.ts"
import type { Operation } from "../protocol/operations.ts"

/** JSON of a frame to the page is kept to about this many characters. */
const FRAME_CHARACTERS = 256 * 1024

/** The lists of a payload to the page. */
const LISTS = ["events", "channels", "ends", "replies"] as const
type List = (typeof LISTS)[number]

/**
 * Collects what goes to the page: answers, messages of channels, events. The first leaves in the frame of its turn, at once; what
 * comes up in later turns of the same round of the event loop, as from commands that awaited something, leaves together at its end:
 * a frame costs all that carry it as much as a hundred answers.
 */
export class PageOutbox {
  readonly #send: (frame: Uint8Array) => void
  readonly #maxBytes: number
  #lists: Record<List, string> = empty()
  #blobs: Uint8Array[] = []
  #characters = 0
  #scheduled = false
  /** Whether a frame has left in this round of the event loop. */
  #hasSent = false

  /** `maxBytes`: what needs a frame that is larger than this is not sent. */
  constructor(send: (frame: Uint8Array) => void, maxBytes: number) {
    this.#send = send
    this.#maxBytes = maxBytes
  }

  /** A value that cannot be sent rejects the call instead. */
  resolve(id: number, value: unknown): void {
    try {
      this.#push("replies", `${id},1`, value, "the command's reply")
    } catch (error) {
      this.reject(id, error)
    }
  }

  /** `reason` as the page gets it: an `Error` gives its message, anything else goes as it is. */
  reject(id: number, reason: unknown): void {
    let json: string
    try {
      json = serialize(isError(reason) ? reason.message : reason)
    } catch {
      json = '"the command threw what cannot be turned into JSON"'
    }
    if (this.#isTooLong(json)) json = JSON.stringify(this.#tooLarge("the command's reply"))
    this.#add("replies", `[${id},0,${json}]`, json.length)
  }

  /** The call does not run, for a reason of the protocol's own. */
  refuse(id: number, code: ErrorCode): void {
    this.#add("replies", `[${id},3,["${code}",""]]`, 0)
  }

  /** Has the page do something, and settle the call with what comes of it. Id 0: no call. */
  operate(id: number, operation: Operation): void {
    const json = serialize(operation)
    this.#add("replies", `[${id},2,${json}]`, json.length)
  }

  /** @throws RangeError for a message that is too large, TypeError for one that cannot be turned into JSON */
  message(id: number, index: number, message: unknown): void {
    this.#push("channels", `${id},${index}`, message, "the channel's message")
  }

  end(id: number, count: number): void {
    this.#add("ends", `[${id},${count}]`, 0)
  }

  /**
   * @param json the payload, serialized once for all who get it
   * @throws RangeError for a payload that is too large
   */
  event(event: string, json: string, ids: readonly number[]): void {
    if (this.#isTooLong(json)) throw new RangeError(this.#tooLarge("the event's payload"))
    this.#add("events", `[${JSON.stringify(event)},${json},[${ids}]]`, json.length)
  }

  #push(list: List, head: string, value: unknown, what: string): void {
    let raw: Uint8Array | null
    let json = "null"
    try {
      // Inside, because even asking what it is may throw: a proxy decides what it answers.
      raw = rawBytes(value)
      if (raw === null) json = serialize(value)
    } catch (error) {
      throw new TypeError(`${what} cannot be turned into JSON${inWords(error)}`)
    }
    if (raw === null ? this.#isTooLong(json) : raw.length > this.#maxBytes - RECORD_OVERHEAD)
      throw new RangeError(this.#tooLarge(what))
    if (raw === null) this.#add(list, `[${head},${json}]`, json.length)
    else this.#add(list, `[${head},null,${this.#blobs.push(raw) - 1}]`, raw.length)
  }

  /** A character takes at most three bytes of UTF-8: only a text that might be too long is measured. */
  #isTooLong(json: string): boolean {
    const limit = this.#maxBytes - RECORD_OVERHEAD
    return json.length * 3 > limit && Buffer.byteLength(json) > limit
  }

  #tooLarge(what: string): string {
    return `${what} is larger than ${this.#maxBytes} bytes (plugins.sallyport.limits.outgoingBytes)`
  }

  #add(list: List, tuple: string, size: number): void {
    this.#lists[list] += this.#lists[list] === "" ? tuple : `,${tuple}`
    this.#characters += size
    if (this.#characters > FRAME_CHARACTERS) this.flush()
    else if (!this.#scheduled && !this.#hasSent) {
      this.#scheduled = true
      queueMicrotask(() => this.flush())
    }
  }

  #endOfRound(): void {
    this.#hasSent = false
    this.flush()
  }

  flush(): void {
    this.#scheduled = false
    let lists = ""
    for (const list of LISTS) if (this.#lists[list] !== "") lists += `"${list}":[${this.#lists[list]}],`
    if (lists === "") return
    const frame = layOut(`{${lists}"blobs":[${this.#blobs.map((blob) => blob.length)}]}`, this.#blobs)
    this.#lists = empty()
    this.#blobs = []
    this.#characters = 0
    if (!this.#hasSent) setImmediate(() => this.#endOfRound())
    this.#hasSent = true
    this.#send(frame)
  }
}

/** What the protocol's `encodePayload` makes, written once, by Node's own means. Memory of its own: whoever carries it may hand that over. */
function layOut(json: string, blobs: readonly Uint8Array[]): Uint8Array {
  const length = Buffer.byteLength(json)
  let size = 4 + length
  for (const blob of blobs) size += blob.length
  const bytes = Buffer.allocUnsafeSlow(size)
  bytes.writeUInt32BE(length)
  let offset = 4 + bytes.write(json, 4)
  for (const blob of blobs) {
    bytes.set(blob, offset)
    offset += blob.length
  }
  return bytes
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

function empty(): Record<List, string> {
  return { events: "", channels: "", ends: "", replies: "" }
}
