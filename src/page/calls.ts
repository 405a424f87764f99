import type { ErrorCode } from "../protocol/errors.ts"
import { normalizeHeaders } from "../protocol/headers.ts"
import type { PageLimits } from "../protocol/messages.ts"
import { rawBytes, serialize } from "../protocol/serialize.ts"
import { IsolationError } from "./isolation-error.ts"

/** A call that waits to be sent: the tuple's JSON without its end, and its raw argument. */
export interface QueuedCall {
  readonly head: string
  readonly blob: Uint8Array<ArrayBuffer> | null
}

interface PendingCall {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
  readonly bytes: number
}

/** What the Core counts for a call besides its tuple, at most: this side must not be the more generous one. */
const ENVELOPE_BYTES = 64

/**
 * Every call that has not been settled. A call is either queued or sent; it leaves by exactly one of `settle` and the
 * two ways of failing, and an id that is not here is ignored.
 */
export class Calls {
  readonly #pending = new Map<number, PendingCall>()
  #queue: QueuedCall[] = []
  #queuedIds: number[] = []
  #nextId = 1
  #bytes = 0

  get pending(): number {
    return this.#pending.size
  }

  /** Serializes at once, so that later changes to the arguments change nothing. Rejects what cannot be sent. */
  add(cmd: unknown, args: unknown, options: unknown, limits: PageLimits | null): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (typeof cmd !== "string")
        throw new TypeError(`invoke() takes the command's name as a string, not ${typeof cmd}`)
      const raw = rawBytes(args)
      if (limits !== null && this.#pending.size >= limits.callsInFlight) throw new IsolationError("TOO_MANY_CALLS")
      if (limits !== null && raw !== null && raw.length > limits.blobBytes) throw new IsolationError("BLOB_TOO_LARGE")
      const headers = readHeaders(options)
      const id = this.#nextId
      let head = `[${id},${JSON.stringify(cmd)},${raw === null ? serializeArguments(args) : "null"}`
      if (raw !== null || headers !== null) head += `,${JSON.stringify(headers)}`
      const bytes = head.length + (raw?.length ?? 0) + ENVELOPE_BYTES
      if (limits !== null && this.#bytes + bytes > limits.bytesInFlight) throw new IsolationError("TOO_MANY_BYTES")
      this.#nextId++
      this.#bytes += bytes
      this.#pending.set(id, { resolve, reject, bytes })
      this.#queuedIds.push(id)
      this.#queue.push({ head, blob: raw === null ? null : raw.slice() })
    })
  }

  /** Rejects the newest of the calls that were made before the limits were known, until the others keep to them. */
  holdTo(limits: PageLimits): void {
    while (
      this.#queue.length > 0 &&
      (this.#pending.size > limits.callsInFlight || this.#bytes > limits.bytesInFlight)
    ) {
      const code = this.#pending.size > limits.callsInFlight ? "TOO_MANY_CALLS" : "TOO_MANY_BYTES"
      this.#queue.pop()
      this.refuse(this.#queuedIds.pop() as number, code)
    }
  }

  /** Hands out queued calls, in order, until they hold about `characters` of JSON; at least one. Now they count as sent. */
  take(characters: number): QueuedCall[] {
    let count = 0
    for (let length = 0; count < this.#queue.length && length < characters; count++)
      length += (this.#queue[count] as QueuedCall).head.length + ((this.#queue[count] as QueuedCall).blob?.length ?? 0)
    this.#queuedIds.splice(0, count)
    return this.#queue.splice(0, count)
  }

  get queued(): number {
    return this.#queue.length
  }

  settle(id: number, ok: boolean, value: unknown): void {
    const call = this.#pending.get(id)
    if (call === undefined) return
    this.#pending.delete(id)
    this.#bytes -= call.bytes
    if (ok) call.resolve(value)
    else call.reject(value)
  }

  refuse(id: number, code: ErrorCode, message?: string): void {
    this.settle(id, false, new IsolationError(code, message))
  }

  /** Rejects the calls that were sent; those still queued wait for the next session, for nobody has seen them. */
  failSent(code: ErrorCode, message?: string): void {
    const queued = new Set(this.#queuedIds)
    for (const id of [...this.#pending.keys()])
      if (!queued.has(id)) this.settle(id, false, new IsolationError(code, message))
  }

  failAll(code: ErrorCode, message?: string): void {
    this.#queue = []
    this.#queuedIds = []
    this.failSent(code, message)
  }
}

function serializeArguments(args: unknown): string {
  try {
    return serialize(args ?? {})
  } catch (error) {
    throw new IsolationError(
      "NOT_SERIALIZABLE",
      `the arguments cannot be turned into JSON: ${error instanceof Error ? error.message : error}`,
    )
  }
}

function readHeaders(options: unknown): ReturnType<typeof normalizeHeaders> {
  return normalizeHeaders((options as { headers?: unknown } | null | undefined)?.headers)
}
