import type { HookState, LogLine, RefusedCall } from "../protocol/messages.ts"
import type { Sealer } from "./sealer.ts"

/** A call that the hook has passed, serialized: the tuple's JSON without its end, and its raw argument. */
export interface PassedCall {
  readonly head: string
  readonly blob: Uint8Array | null
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
  readonly #broken: () => void
  #hook: HookState | undefined
  #calls: PassedCall[] = []
  #refused: string[] = []
  #logs: string[] = []
  #scheduled = false

  constructor(sealer: Sealer, limits: { jsonBytes: number; blobBytes: number }, broken: () => void) {
    this.#sealer = sealer
    // A character takes at most three bytes of UTF-8, and a frame may not be larger than the Core takes.
    this.#frameCharacters = Math.min(FRAME_CHARACTERS, limits.jsonBytes / 3)
    this.#frameBlobBytes = limits.blobBytes
    this.#broken = broken
  }

  announce(hook: HookState): void {
    this.#hook = hook
    this.#schedule()
  }

  call(call: PassedCall): void {
    this.#calls.push(call)
    this.#schedule()
  }

  refused(call: RefusedCall): void {
    this.#refused.push(JSON.stringify(call))
    this.#schedule()
  }

  log(line: LogLine): void {
    this.#logs.push(JSON.stringify(line))
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#hook !== undefined) this.#seal(JSON.stringify({ hook: this.#hook, blobs: [] }), [])
    this.#hook = undefined
    this.#refused = this.#sealList("refused", this.#refused)
    this.#logs = this.#sealList("logs", this.#logs)
    const calls = this.#calls
    this.#calls = []
    for (let next = 0; next < calls.length; ) next = this.#sealSome(calls, next)
  }

  /** Seals tuples that have no blobs, in as many frames as they need. Returns the list that is left: none. */
  #sealList(name: "refused" | "logs", tuples: readonly string[]): string[] {
    for (let next = 0; next < tuples.length; ) {
      let list = tuples[next++] as string
      while (next < tuples.length && list.length + (tuples[next] as string).length < this.#frameCharacters)
        list += `,${tuples[next++]}`
      this.#seal(`{"${name}":[${list}],"blobs":[]}`, [])
    }
    return []
  }

  /** Seals calls from `start` on into one frame, as many as fit, and at least one. Returns where the next frame begins. */
  #sealSome(calls: readonly PassedCall[], start: number): number {
    const blobs: Uint8Array[] = []
    let tuples = ""
    let blobBytes = 0
    let next = start
    for (; next < calls.length; next++) {
      const { head, blob } = calls[next] as PassedCall
      blobBytes += blob?.length ?? 0
      if (next > start && (tuples.length + head.length > this.#frameCharacters || blobBytes > this.#frameBlobBytes))
        break
      if (next > start) tuples += ","
      tuples += blob === null ? `${head}]` : `${head},${blobs.push(blob) - 1}]`
    }
    this.#seal(`{"calls":[${tuples}],"blobs":[${blobs.map((blob) => blob.length)}]}`, blobs)
    return next
  }

  #seal(json: string, blobs: readonly Uint8Array[]): void {
    this.#sealer.seal(json, blobs).catch(this.#broken)
  }
}
