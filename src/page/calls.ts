import { ERRORS, type ErrorCode } from "../boundary/wire/errors.ts"
import { normalizeHeaders } from "../boundary/wire/headers.ts"
import { RECORD_OVERHEAD } from "../boundary/wire/limits.ts"
import { exceedsNesting } from "../boundary/wire/parse.ts"
import { encoder } from "../boundary/wire/payload.ts"
import { rawBytes, serialize } from "../boundary/wire/serialize.ts"
import type { PageLimits } from "../protocol/page-messages.ts"
import { IsolationError } from "./isolation-error.ts"

/** Calls that travel together: their tuples' JSON, and the raw arguments that these name by index. */
export interface Batch {
  readonly tuples: readonly string[]
  readonly blobs: readonly Uint8Array<ArrayBuffer>[]
}

/** A promise, with what settles it. */
interface Deferred {
  readonly promise: Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** A call that has not been settled. */
interface Call extends Deferred {
  readonly id: number
  /** What it counts for. */
  readonly bytes: number
  /** The tuple's JSON, until it is sent; without its end where there is a raw argument, whose index is not known yet. */
  text: string
  /** Its raw argument, until it is sent. */
  blob: Uint8Array<ArrayBuffer> | null
  /** Whether it cannot be sent again: its raw argument is gone, or a sandbox has fallen silent over it. */
  isSpent: boolean
  /** Sessions that ended while it waited. */
  waited: number
}

/** Characters of JSON, or bytes of raw arguments, in a batch: so few that sandbox and Core work on different ones at the same time. */
const BATCH = 256 * 1024
/** So many sessions may end before one has taken a call: then something in the page, or the call's own hook, ends each. */
const SESSIONS = 5
/** Ids are 32 bits wide. */
const LAST_ID = 0xffff_ffff

/**
 * Every call that has not been settled. A call is either queued or sent; it leaves by exactly one of `settle` and the
 * two ways of failing, and an id that is not here is ignored.
 */
export class Calls {
  readonly #pending = new Map<number, Call>()
  #queue: Call[] = []
  /** Handed out, and perhaps to be taken back. */
  #lent: Call[] = []
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
    const deferred = newDeferred()
    try {
      this.#enqueue(deferred, cmd, args, options, limits)
    } catch (error) {
      deferred.reject(error)
    }
    return deferred.promise
  }

  #enqueue(deferred: Deferred, cmd: unknown, args: unknown, options: unknown, limits: PageLimits | null): void {
    if (typeof cmd !== "string") throw new TypeError(`invoke() takes the command's name as a string, not ${typeof cmd}`)
    // Taken before a getter, a `toJSON` or a list of headers can make calls of its own.
    const id = this.#nextId()
    this.#lastId = id
    const raw = rawBytes(args)
    let text = raw === null ? serialized(id, cmd, args) : `[${id},${JSON.stringify(cmd)},null`
    const headers = readHeaders(options)
    if (raw !== null) text += `,${JSON.stringify(headers)}`
    else if (headers !== null) text = `${text.slice(0, -1)},${JSON.stringify(headers)}]`
    const bytes = text.length + (raw?.length ?? 0) + RECORD_OVERHEAD
    if (limits !== null) {
      if (this.#pending.size >= limits.callsInFlight) throw new IsolationError("TOO_MANY_CALLS")
      const excess = excessOf(text, raw, limits)
      if (excess !== null) throw new IsolationError(excess)
      if (this.#bytes + bytes > limits.bytesInFlight) throw new IsolationError("TOO_MANY_BYTES")
    }
    this.#bytes += bytes
    const blob = raw === null ? null : raw.slice()
    const call = { ...deferred, id, bytes, text, blob, isSpent: false, waited: 0 }
    this.#pending.set(id, call)
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
      const { text, blob } = queue[index] as Call
      const excess = excessOf(text, blob, limits)
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

  /**
   * Hands out queued calls, in order, as many as make a batch that the Core takes in one frame; at least one. Now they count as sent, or
   * are lent until `giveAway` or `takeBack`: then with a copy of their raw arguments, or without.
   */
  take({ jsonBytes = Infinity, blobBytes }: PageLimits, lends: "no" | "text" | "all" = "no"): Batch {
    // A character takes at most three bytes of UTF-8; an index and what divides a call from the next are not in its text.
    let characters = Math.min(BATCH, (jsonBytes - RECORD_OVERHEAD) / 3)
    let bytes = Math.min(BATCH, blobBytes)
    let count = 0
    for (const { text, blob } of this.#queue) {
      characters -= text.length + 16
      bytes -= blob?.length ?? 0
      if (count > 0 && (characters < 0 || bytes < 0)) break
      count++
    }
    const blobs: Uint8Array<ArrayBuffer>[] = []
    const tuples = this.#queue.splice(0, count).map((call) => {
      const { text, blob } = call
      this.#queuedSize -= call.bytes
      if (lends === "no") empty(call)
      else this.#lent.push(call)
      if (blob === null) return text
      // A raw argument is transferred, and gone.
      call.isSpent = lends !== "all"
      if (call.isSpent) call.blob = null
      return `${text},${blobs.push(call.isSpent ? blob : blob.slice()) - 1}]`
    })
    return { tuples, blobs }
  }

  /** What was lent counts as sent: the Core may have seen it. */
  giveAway(): void {
    for (const call of this.#lent) empty(call)
    this.#lent = []
  }

  /** What was lent is queued again, ahead of what came later: the Core has not seen it. Not what was refused meanwhile, nor what is spent. */
  takeBack(): void {
    const lent = this.#lent.filter(({ id }) => this.#pending.has(id))
    this.#queue = [...lent, ...this.#queue]
    for (const { bytes } of lent) this.#queuedSize += bytes
    this.#lent = []
  }

  /** What was lent is not lent to another sandbox: its hook may be what never returns. */
  spend(): void {
    for (const call of this.#lent) call.isSpent = true
  }

  /** Whether this is what `add` gave for a call that waits to be sent. */
  isQueued(promise: Promise<unknown> | undefined): boolean {
    return this.#queue.some((call) => call.promise === promise)
  }

  /** Whether as much is queued as one batch takes: there is no use in waiting for more. */
  get fillsBatch(): boolean {
    return this.#queuedSize >= BATCH
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

  /**
   * A session has ended. Rejects the calls that the Core may have seen: whether they ran is unknown. Those still queued it has not seen: they
   * wait for the next session, unless they are spent or have waited for too many.
   */
  failSent(code: ErrorCode, message?: string): void {
    const queue = this.#queue
    const waiting = queue.filter((call) => !call.isSpent && ++call.waited < SESSIONS)
    this.#queue = waiting
    this.#queuedSize = waiting.reduce((size, { bytes }) => size + bytes, 0)
    const kept = new Set(waiting.map(({ id }) => id))
    const unseen = new Set(queue.map(({ id }) => id))
    for (const id of [...this.#pending.keys()])
      if (!kept.has(id)) this.refuse(id, code, lost(code, message, unseen.has(id)))
  }

  /** The same when no session can be had: all are rejected. */
  failAll(code: ErrorCode, message?: string): void {
    for (const call of this.#queue) call.waited = SESSIONS
    this.failSent(code, message)
  }
}

/** `Promise.withResolvers`, which the oldest supported engines do not have. */
function newDeferred(): Deferred {
  let [resolve, reject]: [Deferred["resolve"], Deferred["reject"]] = [() => {}, () => {}]
  const promise = new Promise<unknown>((...settlers) => {
    ;[resolve, reject] = settlers
  })
  return { promise, resolve, reject }
}

/** Why a call got no answer. Only where the Core has certainly not seen it is it certain that it did not run. */
function lost(code: ErrorCode, message: string | undefined, isUnseen: boolean): string {
  if (code !== "CONNECTION_LOST" && isUnseen) return message ?? ERRORS[code]
  const reason = message ?? (isUnseen ? "the app cannot be reached" : "the connection to the app was lost")
  return `${reason}: ${isUnseen ? "the call did not run" : "whether the call ran is unknown"}`
}

/** What was sent need not be kept. */
function empty(call: Call): void {
  call.text = ""
  call.blob = null
}

/** What the Core would end the session for, were it sent. The sandbox turns away the JSON itself, after the hook. */
function excessOf(text: string, raw: Uint8Array | null, limits: PageLimits): ErrorCode | null {
  const { blobBytes, jsonBytes = Infinity, nesting = Infinity } = limits
  if (raw !== null && raw.length > blobBytes) return "BLOB_TOO_LARGE"
  if (text.length * 3 > jsonBytes - RECORD_OVERHEAD && encoder.encode(text).length > jsonBytes - RECORD_OVERHEAD)
    return "JSON_TOO_LARGE"
  // The call's own bracket is one level more.
  return exceedsNesting(text, nesting + 1) ? "NESTING_TOO_DEEP" : null
}

function serialized(id: number, cmd: string, args: unknown): string {
  try {
    return `[${id},${JSON.stringify(cmd)},${serialize(args ?? {})}]`
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
