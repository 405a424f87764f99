import { ERRORS, type ErrorCode } from "../boundary/wire/errors.ts"
import type { PortMessage } from "../boundary/wire/messages.ts"
import { PART_BYTES, postBytes } from "../boundary/wire/parts.ts"
import { cutBlobs, encodePayload, splitPayload } from "../boundary/wire/payload.ts"
import { PROTOCOL_VERSION } from "../boundary/wire/version.ts"
import { CLOSE } from "../protocol/close-codes.ts"
import { IPC_PATH } from "../protocol/endpoints.ts"
import type { Operation } from "../protocol/operations.ts"
import type { PagePayload, Welcome } from "../protocol/page-messages.ts"
import type { Callbacks } from "./callbacks.ts"
import type { Calls } from "./calls.ts"
import { IsolationFrame } from "./isolation-frame.ts"
import type { Listeners } from "./listeners.ts"
import { perform } from "./operations.ts"

/** How a session ended: whether another may be tried, and what the calls that were sent are told. */
export interface SessionEnd {
  readonly code: ErrorCode
  readonly message?: string | undefined
  /**
   * `never`: no session of this page will do better; `reached`: this one had been open; `welcomed`: the Core had let it in, and calls wait for
   * the next; `unreached`: calls that wait are told.
   */
  readonly retry: "never" | "reached" | "welcomed" | "unreached"
}

/** Who in the page hears what the Core sends. */
export interface Receivers {
  readonly calls: Calls
  readonly callbacks: Callbacks
  readonly listeners: Listeners
}

/** Full batches that may be with the sandbox at a time: one being taken, the next ones already there when it is done. */
const BATCHES_AHEAD = 4

/** Of a socket that can send. */
const OPEN = 1

/** How often a session is looked after while calls wait, in ms. */
export const WATCH_MS = 500

/** One socket and, in isolation, one frame: from hello to the end of either. Thrown away whole, never mended. */
export class Session {
  readonly #calls: Calls
  readonly #callbacks: Callbacks
  readonly #listeners: Listeners
  readonly #ended: (end: SessionEnd) => void
  readonly #socket: WebSocket
  #frame: IsolationFrame | null = null
  #timeout: ReturnType<typeof setTimeout> | undefined
  #open = false
  /** Whether calls can be handed over. To a sandbox already before it is open: its port, or its listener, holds them so long. */
  #takesCalls = false
  #over = false
  #ahead = 0
  /** Frames of the sandbox that have been sent whole. */
  #sentFrames = 0
  /** Bytes that are still to come of a frame that comes in parts. */
  #partBytes = 0
  /** Ticks since the sandbox was heard. Not a time: a thread that it shares with the page stands still for both. */
  #silentTicks = 0
  welcome: Welcome | null = null

  constructor(credential: string, { calls, callbacks, listeners }: Receivers, ended: (end: SessionEnd) => void) {
    this.#calls = calls
    this.#callbacks = callbacks
    this.#listeners = listeners
    this.#ended = ended
    const socket = new WebSocket(`ws://${location.host}${IPC_PATH}`)
    this.#socket = socket
    socket.binaryType = "arraybuffer"
    socket.onopen = () => socket.send(JSON.stringify({ hello: PROTOCOL_VERSION, credential }))
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.#greet(JSON.parse(data) as Welcome)
      else this.#receive(new Uint8Array(data as ArrayBuffer))
    }
    socket.onclose = ({ code, reason }) => {
      if (code === CLOSE.CREDENTIAL_UNKNOWN) this.end({ code: "SESSION_REFUSED", message: reason, retry: "never" })
      else this.#lost(reason === "" ? undefined : reason)
    }
  }

  /**
   * Whether calls can be handed over now. What fills no batch waits until the sandbox has none: meanwhile more may come to
   * travel with it, and each message between processes costs as much as a hundred calls. (RFC 896 does so for small segments.)
   * A frame that was taken out of the page ends the session here. When the socket is gone, only the event of it is still to come.
   */
  isReadyFor(isFull: boolean): boolean {
    this.checkFrame()
    return this.#takesCalls && this.#canSend && this.#ahead < (isFull ? BATCHES_AHEAD : 1)
  }

  get #canSend(): boolean {
    return !this.#over && this.#socket.readyState === OPEN
  }

  checkFrame(): void {
    if (this.#frame !== null && !this.#frame.isAttached) this.#lost("the isolation frame was removed from the page")
  }

  /**
   * Called every `WATCH_MS` while calls wait. No event tells that a frame's process has died, or that a hook never returns: a
   * sandbox that leaves even an empty batch unanswered for three times as long as a frame may take to load is gone.
   */
  watch(): void {
    this.checkFrame()
    if (this.#frame === null || !this.#open || this.#over) return
    if (++this.#silentTicks * WATCH_MS > 3 * (this.welcome?.limits.frameTimeoutMs ?? 0)) {
      this.#calls.spend()
      return this.#lost("the isolation frame does not answer: its process has ended, or the hook does not return")
    }
    if (this.#ahead === 0) {
      this.#ahead++
      this.#frame.post("[]")
    }
  }

  end(end: SessionEnd): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timeout)
    this.#socket.onclose = null
    this.#socket.onmessage = null
    this.#socket.close()
    this.#frame?.remove()
    this.#calls.takeBack()
    this.#ended(end)
  }

  /** Hands over a batch of the calls that are queued. */
  sendSome(): void {
    if (this.welcome === null) return
    const frame = this.#frame
    // Lent until a frame leaves: until then the Core has seen none of them. Bytes are copied only while the frame is being opened.
    const lends = frame === null ? "no" : this.#open ? "text" : "all"
    const { tuples, blobs } = this.#calls.take(this.welcome.limits, lends)
    if (frame === null) {
      // Brownfield: the same payload, as it is.
      const lengths = blobs.map((blob) => blob.length)
      const payload = encodePayload(`{"calls":[${tuples.join()}],"blobs":[${lengths}]}`, blobs)
      postBytes(payload, PART_BYTES, (part) => this.#send(part))
      return
    }
    this.#ahead++
    for (const blob of blobs) frame.post(blob)
    // A line a call: if one of them cannot be parsed, the sandbox still finds the others.
    frame.post(`[${tuples.join(",\n")}]`)
  }

  #greet(welcome: Welcome): void {
    this.welcome = welcome
    this.#calls.holdTo(welcome.limits)
    if (welcome.frame === null) return this.#opened()
    this.#timeout = setTimeout(() => this.#noSandbox(), welcome.limits.frameTimeoutMs)
    this.#frame = new IsolationFrame(welcome.frame, {
      connected: () => this.#takeCalls(),
      receive: (message) => {
        // A record of a frame that is gone is not sent: the Core has not seen its calls then, so they run in the next session.
        this.checkFrame()
        if (this.#over) return
        this.#silentTicks = 0
        if (typeof message === "string") return this.#hear(JSON.parse(message) as PortMessage)
        if (typeof message === "number") this.#send(message)
        else postBytes(new Uint8Array(message as ArrayBuffer), PART_BYTES, (part) => this.#send(part))
        const isPart = this.#isPart(message)
        // The sandbox's first frame holds no call. What a socket that is gone was given, it dropped.
        if (this.#partBytes === 0 && this.#canSend && this.#sentFrames++ > 0) this.#calls.giveAway()
        if (!isPart) this.#taken()
      },
      lost: () => this.#lost("the isolation frame was navigated"),
    })
  }

  #refuse([id, code, text]: readonly [id: number, code: string, text: string]): void {
    this.#calls.refuse(id, code as ErrorCode, inFull(code as ErrorCode, text))
  }

  #hear(message: PortMessage): void {
    for (const refused of message.refused ?? []) this.#refuse(refused)
    if (message.failed !== undefined) {
      const [code, detail] = message.failed as [ErrorCode, string]
      this.end({ code, message: inFull(code, detail), retry: "never" })
    }
    if (message.ready) this.#opened()
    if (message.taken) this.#taken()
  }

  /** A frame, a part of one, or the length of one that comes in parts. */
  #send(message: number | ArrayBuffer): void {
    if (this.#canSend) this.#socket.send(typeof message === "number" ? `${message}` : message)
  }

  /** Whether a frame has begun before this. */
  #isPart(message: unknown): boolean {
    const isPart = this.#partBytes > 0
    if (typeof message === "number") this.#partBytes = message
    else if (isPart) this.#partBytes -= (message as ArrayBuffer).byteLength
    return isPart
  }

  /** A sealed frame means this, too, except that what a hook has thought about longer or logged comes unasked. */
  #taken(): void {
    if (this.#ahead > 0) this.#ahead--
    if (this.#open) this.onReady()
  }

  /** Called when calls can be handed over again. */
  onReady: () => void = () => {}

  #takeCalls(): void {
    this.#takesCalls = true
    this.onReady()
  }

  #opened(): void {
    clearTimeout(this.#timeout)
    this.#open = true
    this.#takeCalls()
  }

  #receive(bytes: Uint8Array): void {
    const { json, rest } = splitPayload(bytes)
    const { events = [], channels = [], ends = [], replies = [], blobs: lengths = [] } = JSON.parse(json) as PagePayload
    const blobs = cutBlobs(lengths, rest)
    const read = (value: unknown, blob: number | undefined): unknown =>
      blob === undefined ? value : blobs[blob]?.slice().buffer
    for (const event of events) this.#listeners.receive(event)
    for (const [id, index, message, blob] of channels) this.#callbacks.run(id, { message: read(message, blob), index })
    for (const [id, count] of ends) this.#callbacks.run(id, { end: true, index: count })
    for (const reply of replies) {
      const [id, ok, value, blob] = [reply[0], reply[1], reply[2], reply[3]]
      if (ok < 2) this.#calls.settle(id, ok === 1, read(value, blob))
      else if (ok === 3) this.#refuse([id, ...(value as [ErrorCode, string])])
      else
        perform(value as Operation).then(
          (result) => this.#calls.settle(id, true, result),
          (reason: unknown) => this.#calls.settle(id, false, reason),
        )
    }
  }

  #noSandbox(): void {
    this.end({
      code: "SANDBOX_UNAVAILABLE",
      message: `the isolation frame did not load from ${new URL(this.welcome?.frame ?? "").origin}: look in the console for a Content-Security-Policy or an extension that blocks it`,
      retry: "unreached",
    })
  }

  #lost(message?: string): void {
    const retry = this.#open ? "reached" : this.welcome === null ? "unreached" : "welcomed"
    this.end({ code: "CONNECTION_LOST", message, retry })
  }
}

/** The sandbox says only what the code does not. What a hook threw is the hook's own text. */
function inFull(code: ErrorCode, detail: string): string {
  if (detail === "") return ERRORS[code]
  return code === "HOOK_REFUSED" ? detail : `${ERRORS[code]}: ${detail}`
}
