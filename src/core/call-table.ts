import type { ReceivedCall } from "../boundary/core/call-payload.ts"
import { ERRORS } from "../boundary/wire/errors.ts"
import { decided, isObserved } from "./decisions.ts"
import type { Caller, Dispatcher, Outcome } from "./dispatcher.ts"
import { PageOperation } from "./page-operation.ts"
import type { PageOutbox } from "./page-outbox.ts"
import type { SessionMemory } from "./session-memory.ts"

/** The session whose calls a table has. */
export interface CallTableOwner extends Caller {
  readonly name: string
  readonly isOver: boolean
  /** True when the app is closing: no call begins any more. */
  readonly isStopping: boolean
  /** Replaces texts in arguments that name channels. */
  reviveChannels(args: unknown): unknown
  /** Ends the session, because its sandbox has broken the protocol. */
  rejectRecord(reason: string): void
  /** Ends the session, because its page has broken a limit. */
  exceed(limit: "callsInFlight", what: string): void
  /** Called when a call has ended. */
  callEnded(): void
}

/** The calls of one session that run: dispatches each, and replies to it once. */
export class CallTable implements Outcome {
  readonly #owner: CallTableOwner
  readonly #dispatcher: Dispatcher
  readonly #outbox: PageOutbox
  readonly #memory: SessionMemory
  readonly #maxCalls: number
  /** Bytes that each call in flight holds, by id. */
  readonly #inFlight = new Map<number, number>()

  constructor(
    owner: CallTableOwner,
    dispatcher: Dispatcher,
    outbox: PageOutbox,
    memory: SessionMemory,
    limits: { readonly callsInFlight: number },
  ) {
    this.#owner = owner
    this.#dispatcher = dispatcher
    this.#outbox = outbox
    this.#memory = memory
    this.#maxCalls = limits.callsInFlight
  }

  get isEmpty(): boolean {
    return this.#inFlight.size === 0
  }

  run(call: ReceivedCall): void {
    const { id, cmd, args, bytes, mayHoldChannels } = call
    this.#memory.begin(bytes)
    if (this.#rejects(call)) return this.#memory.give(bytes)
    const { label: window, name: session } = this.#owner
    if (isObserved()) decided({ kind: "call", window, session, id, command: cmd })
    this.#inFlight.set(id, bytes)
    const revived = mayHoldChannels ? { ...call, args: this.#owner.reviveChannels(args) } : call
    this.#dispatcher.run(revived, this.#owner, this)
  }

  /** Returns true for a call that does not run. Its page is told then. */
  #rejects({ id, cmd, isExcess }: ReceivedCall): boolean {
    if (this.#inFlight.has(id)) this.#owner.rejectRecord(`id ${id} is in flight already`)
    else if (this.#owner.isStopping) this.#outbox.reject(id, "the app is closing")
    else if (isExcess) this.#rejectExcess(id, cmd)
    else if (this.#inFlight.size >= this.#maxCalls) this.#owner.exceed("callsInFlight", "are in flight")
    else return false
    return true
  }

  #rejectExcess(id: number, command: string): void {
    const { label: window, name: session } = this.#owner
    const code = "TOO_MANY_BYTES"
    if (isObserved()) decided({ kind: "call-refused", window, session, id, command, code, reason: ERRORS[code] })
    this.#outbox.refuse(id, code)
  }

  resolve(id: number, value: unknown): void {
    this.#remove(id)
    if (this.#owner.isOver) return
    if (value instanceof PageOperation) this.#outbox.operate(id, value.message)
    else this.#outbox.resolve(id, value)
  }

  reject(id: number, reason: unknown): void {
    this.#remove(id)
    if (!this.#owner.isOver) this.#outbox.reject(id, reason)
  }

  #remove(id: number): void {
    this.#memory.give(this.#inFlight.get(id) ?? 0)
    this.#inFlight.delete(id)
    this.#owner.callEnded()
  }
}
