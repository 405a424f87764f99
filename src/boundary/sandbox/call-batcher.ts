/**
 * Collects what leaves in one message, and has it sealed.
 *
 * Promises that calls are sealed as the hook returned them, although it may go on writing to their bytes, and that no message is larger
 * than the Core accepts. Stops P15 and P16.
 */
import type { LogLine, RefusedCall } from "../wire/messages.ts"
import type { RecordSealer } from "./record-sealer.ts"

/** A call that the hook has passed: the tuple's JSON, and its raw argument, to which the tuple does not refer yet. */
export interface PassedCall {
  readonly tuple: string
  readonly blob: Uint8Array | null
}

type List = "calls" | "refused" | "logs"

/** A message's JSON is kept to about this many characters, so that the Core's other windows get their time slice. */
const MESSAGE_CHARACTERS = 256 * 1024

/** The first entry asks for a microtask. Hooks that finish in the same turn have theirs before it, so their calls leave together. */
export class CallBatcher {
  readonly #seal: RecordSealer
  readonly #limits: { readonly jsonBytes: number; readonly blobBytes: number }
  readonly #broken: (error: unknown) => void
  #lists: Record<List, string[]> = { calls: [], refused: [], logs: [] }
  #blobs: Uint8Array[] = []
  #characters = 0
  #blobBytes = 0
  /** Whether a message will leave at the end of this turn. */
  isWaiting = false

  constructor(seal: RecordSealer, limits: { jsonBytes: number; blobBytes: number }, broken: (error: unknown) => void) {
    this.#seal = seal
    this.#limits = limits
    this.#broken = broken
  }

  call({ tuple, blob }: PassedCall): void {
    this.#add("calls", tuple, blob)
  }

  rejected(call: RefusedCall): void {
    this.#add("refused", JSON.stringify(call), null)
  }

  log(line: LogLine): void {
    this.#add("logs", JSON.stringify(line), null)
  }

  #add(list: List, json: string, blob: Uint8Array | null): void {
    const blobBytes = blob?.length ?? 0
    if (this.isWaiting && this.#isFullWith(json.length, blobBytes)) this.#leave()
    this.#characters += json.length
    this.#blobBytes += blobBytes
    // A copy, because the hook may have its next turn before the seal.
    this.#lists[list].push(blob === null ? json : `${json.slice(0, -1)},${this.#blobs.push(blob.slice()) - 1}]`)
    if (this.isWaiting) return
    this.isWaiting = true
    queueMicrotask(() => {
      this.isWaiting = false
      this.#leave()
    })
  }

  #isFullWith(characters: number, blobBytes: number): boolean {
    // A character takes at most three bytes of UTF-8.
    const limit = Math.min(MESSAGE_CHARACTERS, this.#limits.jsonBytes / 3)
    return this.#characters + characters > limit || this.#blobBytes + blobBytes > this.#limits.blobBytes
  }

  #leave(): void {
    const { calls, refused, logs } = this.#lists
    const lengths = this.#blobs.map(({ length }) => length)
    const json = `{"calls":[${calls}],"refused":[${refused}],"logs":[${logs}],"blobs":[${lengths}]}`
    this.#seal(json, this.#blobs).catch(this.#broken)
    this.#lists = { calls: [], refused: [], logs: [] }
    this.#blobs = []
    this.#characters = 0
    this.#blobBytes = 0
  }
}
