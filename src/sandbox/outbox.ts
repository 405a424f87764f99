import type { LogLine, RefusedCall } from "../protocol/messages.ts"
import type { Sealer } from "./sealer.ts"

/** A call that the hook has passed, serialized: the tuple's JSON without its end, and its raw argument. */
export interface PassedCall {
  readonly head: string
  readonly blob: Uint8Array | null
}

/** A tuple and the list of the payload that it belongs to. */
interface Entry extends PassedCall {
  readonly list: "calls" | "refused" | "logs"
}

/** JSON of a frame is kept to about this many characters, so that the Core's other windows get their turn. */
const FRAME_CHARACTERS = 256 * 1024

/**
 * What waits to be sealed. Whatever comes up in one turn leaves together: the first entry asks for a microtask, and hooks
 * that finish in the same turn have theirs before it.
 */
export class Outbox {
  readonly #sealer: Sealer
  readonly #frameCharacters: number
  readonly #frameBlobBytes: number
  readonly #broken: (error: unknown) => void
  #entries: Entry[] = []

  constructor(sealer: Sealer, limits: { jsonBytes: number; blobBytes: number }, broken: (error: unknown) => void) {
    this.#sealer = sealer
    // A character takes at most three bytes of UTF-8, and a frame may not be larger than the Core takes.
    this.#frameCharacters = Math.min(FRAME_CHARACTERS, limits.jsonBytes / 3)
    this.#frameBlobBytes = limits.blobBytes
    this.#broken = broken
  }

  call({ head, blob }: PassedCall): void {
    this.#add("calls", head, blob)
  }

  refused(call: RefusedCall): void {
    this.#add("refused", JSON.stringify(call).slice(0, -1), null)
  }

  log(line: LogLine): void {
    this.#add("logs", JSON.stringify(line).slice(0, -1), null)
  }

  #add(list: Entry["list"], head: string, blob: Uint8Array | null): void {
    if (this.#entries.push({ list, head, blob }) === 1) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    const entries = this.#entries
    this.#entries = []
    for (let next = 0; next < entries.length; ) next = this.#sealSome(entries, next)
  }

  /** Seals entries from `start` on into one frame, as many as fit, and at least one. Returns where the next frame begins. */
  #sealSome(entries: readonly Entry[], start: number): number {
    const lists = { calls: "", refused: "", logs: "" }
    const blobs: Uint8Array[] = []
    let characters = 0
    let blobBytes = 0
    let next = start
    for (; next < entries.length; next++) {
      const { list, head, blob } = entries[next] as Entry
      characters += head.length
      blobBytes += blob?.length ?? 0
      if (next > start && (characters > this.#frameCharacters || blobBytes > this.#frameBlobBytes)) break
      if (lists[list] !== "") lists[list] += ","
      lists[list] += blob === null ? `${head}]` : `${head},${blobs.push(blob) - 1}]`
    }
    const { calls, refused, logs } = lists
    const lengths = blobs.map((blob) => blob.length)
    const json = `{"calls":[${calls}],"refused":[${refused}],"logs":[${logs}],"blobs":[${lengths}]}`
    this.#sealer.seal(json, blobs).catch(this.#broken)
    return next
  }
}
