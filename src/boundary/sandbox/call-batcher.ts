import type { LogLine, RefusedCall } from "../wire/messages.ts"
import type { RecordSealer } from "./record-sealer.ts"

/**
 * A call that the hook has passed: the tuple's JSON, and its raw argument, which the tuple does not name yet. The hook may go on writing
 * to these bytes: they are what it returned only until it gets its next turn.
 */
export interface PassedCall {
  readonly tuple: string
  readonly blob: Uint8Array | null
}

type List = "calls" | "refused" | "logs"

/** A raw argument of so many bytes is not copied to wait for others. */
const LARGE_BLOB = 256 * 1024

/** JSON of a frame is kept to about this many characters, so that the Core's other windows get their turn. */
const FRAME_CHARACTERS = 256 * 1024

/**
 * What waits to be sealed. Whatever comes up in one turn leaves together: the first entry asks for a microtask, and hooks
 * that finish in the same turn have theirs before it.
 */
export class CallBatcher {
  readonly #sealer: RecordSealer
  readonly #frameCharacters: number
  readonly #frameBlobBytes: number
  readonly #broken: (error: unknown) => void
  #lists: Record<List, string> = { calls: "", refused: "", logs: "" }
  #blobs: Uint8Array[] = []
  #characters = 0
  #blobBytes = 0
  #isWaiting = false

  constructor(
    sealer: RecordSealer,
    limits: { jsonBytes: number; blobBytes: number },
    broken: (error: unknown) => void,
  ) {
    this.#sealer = sealer
    // A character takes at most three bytes of UTF-8, and a frame may not be larger than the Core takes.
    this.#frameCharacters = Math.min(FRAME_CHARACTERS, limits.jsonBytes / 3)
    this.#frameBlobBytes = limits.blobBytes
    this.#broken = broken
  }

  /** Whether a frame will leave at the end of this turn. */
  get isWaiting(): boolean {
    return this.#isWaiting
  }

  call({ tuple, blob }: PassedCall): void {
    this.#add("calls", tuple, blob)
  }

  refused(call: RefusedCall): void {
    this.#add("refused", JSON.stringify(call), null)
  }

  log(line: LogLine): void {
    this.#add("logs", JSON.stringify(line), null)
  }

  #add(list: List, tuple: string, blob: Uint8Array | null): void {
    const blobBytes = blob?.length ?? 0
    this.#characters += tuple.length
    this.#blobBytes += blobBytes
    if (this.#characters > this.#frameCharacters || this.#blobBytes > this.#frameBlobBytes) {
      this.#seal()
      this.#characters = tuple.length
      this.#blobBytes = blobBytes
    }
    const isLarge = blobBytes >= LARGE_BLOB
    const text = blob === null ? tuple : `${tuple.slice(0, -1)},${this.#blobs.push(isLarge ? blob : blob.slice()) - 1}]`
    this.#lists[list] += this.#lists[list] === "" ? text : `,${text}`
    // Its one copy is the payload, laid out before the hook gets its next turn.
    if (isLarge) this.#seal()
    if (this.#isWaiting) return
    this.#isWaiting = true
    queueMicrotask(() => {
      this.#isWaiting = false
      this.#seal()
    })
  }

  #seal(): void {
    const { calls, refused, logs } = this.#lists
    const blobs = this.#blobs
    if (calls + refused + logs === "") return
    this.#lists = { calls: "", refused: "", logs: "" }
    this.#blobs = []
    this.#characters = 0
    this.#blobBytes = 0
    const lengths = blobs.map((blob) => blob.length)
    const json = `{"calls":[${calls}],"refused":[${refused}],"logs":[${logs}],"blobs":[${lengths}]}`
    this.#sealer.seal(json, blobs).catch(this.#broken)
  }
}
