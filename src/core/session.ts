import { PartAssembler } from "../boundary/core/part-assembler.ts"
import type { RecordOpener } from "../boundary/core/record-opener.ts"
import { ERRORS, type ErrorCode } from "../boundary/wire/errors.ts"
import { type Limits, largestFrame } from "../boundary/wire/limits.ts"
import { CLOSE } from "../protocol/close-codes.ts"
import { type ReceivedCall, type ReceivedPayload, readCallPayload } from "./call-payload.ts"
import { type Channel, type ChannelCarrier, Channels } from "./channel.ts"
import type { Connection } from "./connection.ts"
import { decided, isObserved } from "./decisions.ts"
import type { Caller, Dispatcher, Outcome } from "./dispatcher.ts"
import type { Events } from "./events.ts"
import { Inbox } from "./inbox.ts"
import { PageOperation } from "./page-operation.ts"
import { PageOutbox } from "./page-outbox.ts"
import { Resources } from "./resources.ts"
import type { TimeSlices } from "./time-slices.ts"
import type { WindowMemory } from "./window-memory.ts"

/** What a message takes besides its bytes, while it waits. */
const MESSAGE_BYTES = 256

export interface SessionOptions {
  /** Base64url of the session id, for the audit. */
  readonly name: string
  readonly label: string
  readonly connection: Connection
  readonly dispatcher: Dispatcher
  readonly events: Events
  readonly limits: Limits
  /** `null`: brownfield, payloads come in the clear. */
  readonly opener: RecordOpener | null
  readonly log: (line: string) => void
  /** Called once, when it is over. */
  readonly ended: () => void
  /** The window's: all of its sessions share it. */
  readonly slices: TimeSlices
  /** The window's: what all of its sessions hold counts. */
  readonly memory: WindowMemory
}

/** One socket of one window, from its hello to its end: opens what comes, runs it, answers. */
export class Session implements Caller, ChannelCarrier, Outcome {
  readonly label: string
  readonly name: string
  readonly #connection: Connection
  readonly #dispatcher: Dispatcher
  readonly #limits: Limits
  readonly #opener: RecordOpener | null
  readonly #log: (line: string) => void
  readonly #ended: () => void
  readonly #memory: WindowMemory
  readonly #parts: PartAssembler
  readonly #inbox: Inbox<ReceivedCall>
  readonly #outbox: PageOutbox
  readonly #events: Events
  readonly #channels = new Channels(this)
  readonly resources: Resources = new Resources()
  /** Bytes that each call in flight holds, by id. */
  readonly #inFlight = new Map<number, number>()
  /** Bytes that its calls hold which wait to be run. */
  #queuedBytes = 0
  /** Bytes of messages that have come, wholly or in part, and have not been read. */
  #inputBytes = 0
  /** The call that is being started, in flight as well: most are answered before there is a need to note them. */
  #starting: ReceivedCall | null = null
  #abort: AbortController | undefined
  #stopping = false
  #over = false
  #onIdle: (() => void) | undefined
  /** Why the connection is gone, in words. */
  #gone: string | null = null

  constructor(options: SessionOptions) {
    const { name, label, connection, dispatcher, limits, opener, log, ended, events, slices, memory } = options
    this.name = name
    this.label = label
    this.#connection = connection
    this.#dispatcher = dispatcher
    this.#events = events
    this.#limits = limits
    this.#opener = opener
    this.#log = log
    this.#ended = ended
    this.#memory = memory
    this.#outbox = new PageOutbox((frame) => this.#send(frame), limits.outgoingBytes)
    this.#parts = new PartAssembler(largestFrame(limits))
    const owner = {
      read: (message: string | Uint8Array) => this.#read(message),
      run: (call: ReceivedCall) => this.#run(call),
      pause: () => connection.pause(),
      resume: () => connection.resume(),
      caughtUp: () => this.#caughtUp(),
    }
    this.#inbox = new Inbox(owner, slices)
  }

  get isOver(): boolean {
    return this.#over
  }

  /** Whether its sandbox has sealed anything yet. */
  get hasSealed(): boolean {
    return (this.#opener?.opened ?? 0) > 0
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#over || this.#stopping) this.#abort.abort()
    return this.#abort.signal
  }

  get bufferedBytes(): number {
    return this.#connection.bufferedBytes
  }

  get keepsUp(): boolean {
    return this.bufferedBytes < this.#limits.outgoingBytes / 4
  }

  openChannel(id: number): Channel {
    return this.#channels.open(id)
  }

  sendMessage(id: number, index: number, message: unknown): void {
    if (!this.#over) this.#outbox.message(id, index, message)
  }

  endChannel(id: number, count: number): void {
    if (!this.#over) this.#outbox.end(id, count)
  }

  sendEvent(event: string, json: string, ids: readonly number[]): void {
    if (!this.#over) this.#outbox.event(event, json, ids)
  }

  /** Asks the page to close its window; it may not be able to. */
  askToClose(): void {
    if (!this.#over) this.#outbox.operate(0, new PageOperation("close", null).message)
  }

  /** Asks the page to get the focus; its browser may not give it. */
  askToFocus(): void {
    if (!this.#over) this.#outbox.operate(0, new PageOperation("set_focus", null).message)
  }

  /** Has the page load itself again. */
  reload(): void {
    if (!this.#over) this.#outbox.operate(0, new PageOperation("reload", null).message)
  }

  denied(id: number, command: string, reason: string): void {
    decided({ kind: "call-denied", window: this.label, session: this.name, id, command, reason })
  }

  receive(message: string | Uint8Array): void {
    if (this.#over) return
    const isPart = this.#parts.isOpen
    const whole = this.#parts.add(message)
    // A part's memory was taken with its frame's length, and what is no frame is not kept.
    const more =
      isPart || typeof whole === "string" ? 0 : typeof message === "string" ? Number(message) : message.length
    if (more > 0 && !this.#takeInput(more + MESSAGE_BYTES)) return this.#overLimit("bytesInFlight", "wait to be read")
    if (whole !== null) this.#inbox.add(whole)
  }

  /** @param message a frame, or why there is none */
  #read(message: string | Uint8Array): readonly ReceivedCall[] {
    if (typeof message === "string") return this.#refuseFrame(message)
    this.#giveInput(message.length + MESSAGE_BYTES)
    const bytes = this.#opener === null ? message : this.#opener.open(message)
    if (bytes === null) return this.#refuseFrame("not the next frame that this session's sandbox sealed")
    let payload: ReceivedPayload
    try {
      payload = readCallPayload(bytes, this.#limits, (bytes) => this.#takeCall(bytes))
    } catch (error) {
      return this.#refuseFrame(error instanceof Error ? error.message : String(error))
    }
    // In brownfield nothing speaks for the isolation app: what claims to would be the page's own word.
    if (this.#opener !== null) this.#report(payload)
    return payload.calls
  }

  #run(call: ReceivedCall): void {
    this.#queuedBytes -= call.bytes
    if (this.#turnsAway(call)) return this.#memory.giveCall(call.bytes)
    if (isObserved()) decided({ kind: "call", window: this.label, session: this.name, id: call.id, command: call.cmd })
    const revived = call.mayHoldChannels ? { ...call, args: this.#channels.revive(call.args) } : call
    this.#starting = revived
    this.#dispatcher.run(revived, this, this)
    if (this.#starting !== null) this.#inFlight.set(call.id, call.bytes)
    this.#starting = null
  }

  /** Whether it does not run; its page is told then. */
  #turnsAway({ id, cmd, isExcess }: ReceivedCall): boolean {
    if (this.#inFlight.has(id)) this.#refuseFrame(`id ${id} is in flight already`)
    else if (this.#stopping) this.#outbox.reject(id, "the app is closing")
    else if (isExcess) this.#refuse(id, cmd, "TOO_MANY_BYTES")
    else if (this.#inFlight.size >= this.#limits.callsInFlight) this.#overLimit("callsInFlight", "are in flight")
    else return false
    return true
  }

  #refuse(id: number, command: string, code: ErrorCode): void {
    const who = { window: this.label, session: this.name }
    if (isObserved()) decided({ kind: "call-refused", ...who, id, command, code, reason: ERRORS[code] })
    this.#outbox.refuse(id, code)
  }

  #takeCall(bytes: number): boolean {
    const isTaken = this.#memory.takeCall(bytes)
    if (isTaken) this.#queuedBytes += bytes
    return isTaken
  }

  #takeInput(bytes: number): boolean {
    const isTaken = this.#memory.takeInput(bytes)
    if (isTaken) this.#inputBytes += bytes
    return isTaken
  }

  #giveInput(bytes: number): void {
    this.#inputBytes -= bytes
    this.#memory.giveInput(bytes)
  }

  resolve(id: number, value: unknown): void {
    this.#finished(id)
    if (this.#over) return
    if (value instanceof PageOperation) this.#outbox.operate(id, value.message)
    else this.#outbox.resolve(id, value)
  }

  reject(id: number, reason: unknown): void {
    this.#finished(id)
    if (!this.#over) this.#outbox.reject(id, reason)
  }

  #finished(id: number): void {
    if (this.#starting?.id === id) {
      this.#memory.giveCall(this.#starting.bytes)
      this.#starting = null
    } else {
      this.#memory.giveCall(this.#inFlight.get(id) ?? 0)
      this.#inFlight.delete(id)
    }
    if (this.#onIdle !== undefined && this.#isIdle) this.#onIdle()
  }

  /** Whether nothing runs, and nothing waits to. */
  get #isIdle(): boolean {
    return this.#inFlight.size === 0 && this.#starting === null && this.#inbox.isEmpty
  }

  #caughtUp(): void {
    if (this.#gone !== null) this.end(CLOSE.NORMAL, this.#gone)
    else if (this.#isIdle) this.#onIdle?.()
  }

  #report({ hook, refused, logs }: ReceivedPayload): void {
    const who = { window: this.label, session: this.name }
    if (hook !== null) decided({ kind: "hook", ...who, state: hook })
    if (hook === "missing") this.#log("the isolation app set no window.__TAURI_ISOLATION_HOOK__: every call is refused")
    for (const [id, command, code, reason] of refused)
      decided({ kind: "call-refused", ...who, id, command, code, reason: reason || ERRORS[code as ErrorCode] })
    for (const [level, text] of logs) {
      decided({ kind: "isolation-log", ...who, level, text })
      this.#log(`${level}: ${text}`)
    }
  }

  #send(frame: Uint8Array): void {
    if (this.#over) return
    if (this.#connection.bufferedBytes + frame.length > this.#limits.outgoingBytes)
      this.end(CLOSE.NOT_READING, `the page does not read: ${this.#limits.outgoingBytes} bytes wait for it`)
    else this.#connection.send(frame)
  }

  #refuseFrame(reason: string): [] {
    decided({ kind: "frame-refused", window: this.label, session: this.name, reason })
    this.end(CLOSE.FRAME_REFUSED, "a frame was refused")
    return []
  }

  #overLimit(limit: "callsInFlight" | "bytesInFlight", what: string): void {
    this.end(CLOSE.LIMIT_EXCEEDED, `more than ${this.#limits[limit]} ${limit} ${what}`)
  }

  /** The connection is gone. What it brought before is still run, as if the page had gone a moment later. */
  gone(reason: string = "the page is gone"): void {
    this.#gone = reason
    if (this.#inbox.isEmpty) this.#caughtUp()
  }

  /** Ends the session, whoever wants it. What still runs gets the signal; its answers are dropped. */
  end(code: number, reason: string): void {
    if (this.#over) return
    // Answers that are ready go out first: their calls have run.
    this.#outbox.flush()
    if (this.#over) return
    this.#over = true
    this.#inbox.clear()
    // What still runs holds what it holds.
    this.#memory.giveCall(this.#queuedBytes)
    this.#giveInput(this.#inputBytes)
    this.#queuedBytes = 0
    this.#abort?.abort()
    this.#events.forget(this)
    this.resources.end()
    decided({ kind: "session-ended", window: this.label, session: this.name, reason })
    this.#ended()
    this.#connection.close(code, reason)
  }

  /** Tells what runs to stop, and resolves when nothing runs any more, and nothing waits to. */
  windDown(): Promise<void> {
    this.#stopping = true
    this.#abort?.abort()
    if (this.#isIdle) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onIdle = resolve
    })
  }
}
