import type { ReceivedCall, ReceivedPayload } from "../boundary/core/call-payload.ts"
import type { RecordOpener } from "../boundary/core/record-opener.ts"
import { SealedSession } from "../boundary/core/sealed-session.ts"
import { Rejection } from "../boundary/wire/errors.ts"
import type { Limits } from "../boundary/wire/limits.ts"
import { CLOSE } from "../protocol/close-codes.ts"
import { CallTable, type CallTableOwner } from "./call-table.ts"
import { type Channel, type ChannelCarrier, Channels } from "./channel.ts"
import type { Connection } from "./connection.ts"
import { decided } from "./decisions.ts"
import type { Dispatcher } from "./dispatcher.ts"
import type { Events } from "./events.ts"
import { Inbox } from "./inbox.ts"
import { PageOperation } from "./page-operation.ts"
import { PageOutbox } from "./page-outbox.ts"
import { Resources } from "./resources.ts"
import { publishReport, readReport } from "./sandbox-report.ts"
import { SessionMemory } from "./session-memory.ts"
import type { TimeSlices } from "./time-slices.ts"
import type { WindowMemory } from "./window-memory.ts"

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

/** One socket of one window, from its hello to its end: what comes is opened and run in order, and answers go back. */
export class Session implements CallTableOwner, ChannelCarrier {
  readonly label: string
  readonly name: string
  readonly sealed: SealedSession
  readonly resources: Resources = new Resources()
  readonly #options: SessionOptions
  readonly #memory: SessionMemory
  readonly #inbox: Inbox<ReceivedCall>
  readonly #outbox: PageOutbox
  readonly #calls: CallTable
  readonly #channels = new Channels(this)
  #abort: AbortController | undefined
  #isStopping = false
  #isOver = false
  #onIdle: (() => void) | undefined
  /** Why the connection is gone, in words. */
  #gone: string | null = null

  constructor(options: SessionOptions) {
    const { name, label, connection, dispatcher, limits, opener, slices, memory } = options
    this.name = name
    this.label = label
    this.#options = options
    this.#memory = new SessionMemory(memory, limits)
    this.sealed = new SealedSession(opener, limits, this.#memory.payloads)
    this.#outbox = new PageOutbox((frame) => this.#send(frame), limits.outgoingBytes)
    this.#calls = new CallTable(this, dispatcher, this.#outbox, this.#memory, limits)
    const owner = {
      read: (record: string | Uint8Array) => this.#read(record),
      run: (call: ReceivedCall) => this.#calls.run(call),
      pause: () => connection.pause(),
      resume: () => connection.resume(),
      caughtUp: () => this.#caughtUp(),
    }
    this.#inbox = new Inbox(owner, slices)
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get isStopping(): boolean {
    return this.#isStopping
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#isOver || this.#isStopping) this.#abort.abort()
    return this.#abort.signal
  }

  get bufferedBytes(): number {
    return this.#options.connection.bufferedBytes
  }

  get keepsUp(): boolean {
    return this.bufferedBytes < this.#options.limits.outgoingBytes / 4
  }

  openChannel(id: number): Channel {
    return this.#channels.open(id)
  }

  reviveChannels(args: unknown): unknown {
    return this.#channels.revive(args)
  }

  sendMessage(id: number, index: number, message: unknown): void {
    if (!this.#isOver) this.#outbox.message(id, index, message)
  }

  endChannel(id: number, count: number): void {
    if (!this.#isOver) this.#outbox.end(id, count)
  }

  sendEvent(event: string, json: string, ids: readonly number[]): void {
    if (!this.#isOver) this.#outbox.event(event, json, ids)
  }

  /** Asks the page to do something with its window that no call asked for. The browser may not let it. */
  ask(operation: "close" | "set_focus" | "reload"): void {
    if (!this.#isOver) this.#outbox.operate(0, new PageOperation(operation, null).message)
  }

  denied(id: number, command: string, reason: string): void {
    decided({ kind: "call-denied", ...this.#who, id, command, reason })
  }

  receive(message: string | Uint8Array): void {
    if (this.#isOver) return
    const isPart = this.sealed.expectsPart
    const record = this.sealed.receive(message)
    // Memory for a part was taken with its record's length, and an invalid message is not kept.
    const bytes =
      isPart || typeof record === "string" ? 0 : typeof message === "string" ? Number(message) : message.length
    if (bytes > 0 && !this.#memory.takeInput(bytes)) return this.exceed("bytesInFlight", "wait to be read")
    if (record !== null) this.#inbox.add(record)
  }

  #read(record: string | Uint8Array): readonly ReceivedCall[] {
    if (typeof record !== "string") this.#memory.giveInput(record.length)
    try {
      const payload = this.sealed.open(record)
      this.#report(payload)
      return payload.calls
    } catch (error) {
      if (error instanceof Rejection) this.rejectRecord(error.code)
      else this.rejectRecord(error instanceof Error ? error.message : String(error))
      return []
    }
  }

  #report({ members }: ReceivedPayload): void {
    const report = readReport(members)
    // In brownfield no sandbox speaks: a report would be the page's own word.
    if (this.#options.opener !== null) publishReport(report, this.#who, this.#options.log)
  }

  get #who(): { readonly window: string; readonly session: string } {
    return { window: this.label, session: this.name }
  }

  callEnded(): void {
    if (this.#isIdle) this.#onIdle?.()
  }

  /** True when nothing runs, and nothing waits to. */
  get #isIdle(): boolean {
    return this.#calls.isEmpty && this.#inbox.isEmpty
  }

  #caughtUp(): void {
    if (this.#gone !== null) this.end(CLOSE.NORMAL, this.#gone)
    else this.callEnded()
  }

  #send(frame: Uint8Array): void {
    const { connection, limits } = this.#options
    if (this.#isOver) return
    if (connection.bufferedBytes + frame.length > limits.outgoingBytes)
      this.end(CLOSE.NOT_READING, `the page does not read: ${limits.outgoingBytes} bytes wait for it`)
    else connection.send(frame)
  }

  rejectRecord(reason: string): void {
    decided({ kind: "frame-refused", ...this.#who, reason })
    this.end(CLOSE.FRAME_REFUSED, "a frame was refused")
  }

  exceed(limit: "callsInFlight" | "bytesInFlight", what: string): void {
    this.end(CLOSE.LIMIT_EXCEEDED, `more than ${this.#options.limits[limit]} ${limit} ${what}`)
  }

  /** The connection is gone. Records that it brought before are still run, as if the page had gone a moment later. */
  gone(reason: string = "the page is gone"): void {
    this.#gone = reason
    if (this.#inbox.isEmpty) this.#caughtUp()
  }

  /** Ends the session. Calls that still run get the signal; their answers are dropped. */
  end(code: number, reason: string): void {
    if (this.#isOver) return
    // Answers that are ready go out first: their calls have run.
    this.#outbox.flush()
    if (this.#isOver) return
    this.#isOver = true
    this.sealed.end()
    this.#inbox.clear()
    this.#memory.end()
    this.#abort?.abort()
    this.#options.events.forget(this)
    this.resources.end()
    decided({ kind: "session-ended", ...this.#who, reason })
    this.#options.ended()
    this.#options.connection.close(code, reason)
  }

  /** Tells what runs to stop. Resolves when nothing runs any more, and nothing waits to. */
  windDown(): Promise<void> {
    this.#isStopping = true
    this.#abort?.abort()
    if (this.#isIdle) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onIdle = resolve
    })
  }
}
