import type { ErrorCode } from "../protocol/errors.ts"
import { normalizeHeaders } from "../protocol/headers.ts"
import type { PageLimits } from "../protocol/messages.ts"
import { exceedsNesting } from "../protocol/parse.ts"
import { encoder } from "../protocol/payload.ts"
import { rawBytes, serialize } from "../protocol/serialize.ts"
import { IsolationError } from "./isolation-error.ts"
import { PendingCalls } from "./pending-calls.ts"

/** Calls that travel together: their tuples' JSON, and the raw arguments that these name by index. */
export interface Batch {
  readonly tuples: readonly string[]
  readonly blobs: readonly Uint8Array<ArrayBuffer>[]
}

/** What settles a promise. */
interface Settlers {
  resolve: (value: unknown) => void
  reject: (reason: unknown) => void
}

/** A call that has not been settled: one object for its whole life, for the engine's sake. */
interface Call extends Settlers {
  readonly id: number
  /** What it counts for. */
  readonly bytes: number
  /** The tuple's JSON without its end, until it is sent. */
  head: string
  /** Its raw argument, until it is sent. */
  blob: Uint8Array<ArrayBuffer> | null
}

/** What settles the promise that was made last. One function for all promises: one of its own would cost each call a tenth. */
const held = {} as Settlers
function hold(resolve: (value: unknown) => void, reject: (reason: unknown) => void): void {
  held.resolve = resolve
  held.reject = reject
}

/** What the Core counts for a call besides its tuple, at most: this side must not be the more generous one. */
const ENVELOPE_BYTES = 64
/** Bytes of a frame's JSON that are not its calls, at most. */
const FRAME_BYTES = 256
/** Characters of JSON, or bytes of raw arguments, in a batch: so few that sandbox and Core work on different ones at the same time. */
const BATCH = 128 * 1024
/** Ids are 32 bits wide. */
const LAST_ID = 0xffff_ffff

/**
 * Every call that has not been settled. A call is either queued or sent; it leaves by exactly one of `settle` and the
 * two ways of failing, and an id that is not here is ignored.
 */
export class Calls {
  readonly #pending = new PendingCalls<Call>()
  #queue: Call[] = []
  /** Characters and bytes that are queued, about. */
  #queuedSize = 0
  #lastId: number
  #bytes = 0

  constructor(lastId = 0) {
    this.#lastId = lastId
  }

  get pending(): number {
    return this.#pending.size
  }

  /** Serializes at once, so that later changes to the arguments change nothing. Rejects what cannot be sent. */
  add(cmd: unknown, args: unknown, options: unknown, limits: PageLimits | null): Promise<unknown> {
    const promise = new Promise(hold)
    const { resolve, reject } = held
    try {
      this.#enqueue(resolve, reject, cmd, args, options, limits)
    } catch (error) {
      reject(error)
    }
    return promise
  }

  #enqueue(
    resolve: Settlers["resolve"],
    reject: Settlers["reject"],
    cmd: unknown,
    args: unknown,
    options: unknown,
    limits: PageLimits | null,
  ): void {
    if (typeof cmd !== "string") throw new TypeError(`invoke() takes the command's name as a string, not ${typeof cmd}`)
    const raw = rawBytes(args)
    let tail = `,${JSON.stringify(cmd)},${raw === null ? serializeArguments(args) : "null"}`
    const headers = readHeaders(options)
    if (raw !== null || headers !== null) tail += `,${JSON.stringify(headers)}`
    // Only now: a getter, a `toJSON` or a list of headers may have made calls of its own.
    const id = this.#nextId()
    const head = `[${id}${tail}`
    const bytes = head.length + (raw?.length ?? 0) + ENVELOPE_BYTES
    if (limits !== null) {
      if (this.#pending.size >= limits.callsInFlight) throw new IsolationError("TOO_MANY_CALLS")
      const excess = excessOf(head, raw, limits)
      if (excess !== null) throw new IsolationError(excess)
      if (this.#bytes + bytes > limits.bytesInFlight) throw new IsolationError("TOO_MANY_BYTES")
    }
    this.#lastId = id
    this.#bytes += bytes
    const call = { resolve, reject, id, bytes, head, blob: raw === null ? null : raw.slice() }
    this.#pending.add(id, call)
    this.#queue.push(call)
    this.#queuedSize += bytes
  }

  /** Ids begin anew when they are used up; those of calls that still wait are left out. */
  #nextId(): number {
    let id = this.#lastId
    do id = id < LAST_ID ? id + 1 : 1
    while (this.#pending.has(id))
    return id
  }

  /** Rejects of the calls that were made before the limits were known those that are too large, then the newest, until the others keep to the limits. */
  holdTo(limits: PageLimits): void {
    const queue = this.#queue
    for (let index = queue.length - 1; index >= 0; index--) {
      const { head, blob } = queue[index] as Call
      const excess = excessOf(head, blob, limits)
      if (excess !== null) for (const call of queue.splice(index, 1)) this.#turnAway(call, excess)
    }
    while (queue.length > 0 && (this.#pending.size > limits.callsInFlight || this.#bytes > limits.bytesInFlight))
      this.#turnAway(
        queue.pop() as Call,
        this.#pending.size > limits.callsInFlight ? "TOO_MANY_CALLS" : "TOO_MANY_BYTES",
      )
  }

  #turnAway({ id, bytes }: Call, code: ErrorCode): void {
    this.#queuedSize -= bytes
    this.refuse(id, code)
  }

  /** Hands out queued calls, in order, as many as make a batch that the Core takes in one frame; at least one. Now they count as sent. */
  take({ jsonBytes = Infinity, blobBytes }: PageLimits): Batch {
    // A character takes at most three bytes of UTF-8; the call's end and what divides it from the next are not in its head.
    let characters = Math.min(BATCH, (jsonBytes - FRAME_BYTES) / 3)
    let bytes = Math.min(BATCH, blobBytes)
    let count = 0
    for (const { head, blob } of this.#queue) {
      characters -= head.length + 16
      bytes -= blob?.length ?? 0
      if (count > 0 && (characters < 0 || bytes < 0)) break
      count++
    }
    const blobs: Uint8Array<ArrayBuffer>[] = []
    const tuples = this.#queue.splice(0, count).map((call) => {
      const { head, blob } = call
      call.head = ""
      call.blob = null
      this.#queuedSize -= call.bytes
      return blob === null ? `${head}]` : `${head},${blobs.push(blob) - 1}]`
    })
    return { tuples, blobs }
  }

  /** Whether as much is queued as one batch takes: there is no use in waiting for more. */
  get fillsBatch(): boolean {
    return this.#queuedSize >= BATCH
  }

  get queued(): number {
    return this.#queue.length
  }

  settle(id: number, ok: boolean, value: unknown): void {
    const call = this.#pending.take(id)
    if (call === undefined) return
    this.#bytes -= call.bytes
    if (ok) call.resolve(value)
    else call.reject(value)
  }

  refuse(id: number, code: ErrorCode, message?: string): void {
    this.settle(id, false, new IsolationError(code, message))
  }

  /** Rejects the calls that were sent; those still queued wait for the next session, for nobody has seen them. */
  failSent(code: ErrorCode, message?: string): void {
    const queued = new Set(this.#queue.map(({ id }) => id))
    for (const id of this.#pending.ids) if (!queued.has(id)) this.settle(id, false, new IsolationError(code, message))
  }

  failAll(code: ErrorCode, message?: string): void {
    this.#queue = []
    this.#queuedSize = 0
    this.failSent(code, message)
  }
}

/** What the Core would end the session for, were it sent. The sandbox turns away the JSON itself, after the hook. */
function excessOf(head: string, raw: Uint8Array | null, limits: PageLimits): ErrorCode | null {
  const { blobBytes, jsonBytes = Infinity, nesting = Infinity } = limits
  if (raw !== null && raw.length > blobBytes) return "BLOB_TOO_LARGE"
  if (head.length * 3 > jsonBytes - FRAME_BYTES && encoder.encode(head).length > jsonBytes - FRAME_BYTES)
    return "JSON_TOO_LARGE"
  // The call's own bracket is one level more.
  return exceedsNesting(head, nesting + 1) ? "NESTING_TOO_DEEP" : null
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
