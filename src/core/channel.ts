import { rawBytes } from "../boundary/wire/serialize.ts"

/** What carries a channel's messages: the session of the page that made it. */
export interface ChannelCarrier {
  readonly isOver: boolean
  /** Bytes that wait for the page to read them. */
  readonly bufferedBytes: number
  sendMessage(id: number, index: number, message: unknown): void
  endChannel(id: number, count: number): void
}

/** What all `Channel` objects of one channel share: a page may pass it to several calls. */
interface State {
  readonly id: number
  readonly carrier: ChannelCarrier
  readonly left: () => void
  count: number
  holders: number
}

/** Bytes that may wait for the page before `send` says that there is enough. */
const ENOUGH_BYTES = 1024 * 1024

/** A channel that nobody holds any more has ended, as one that is dropped has in Tauri. */
const dropped = new FinalizationRegistry<State>(release)

/**
 * A stream of messages to a callback in the page: what `new Channel()` of `@tauri-apps/api/core` makes, as a command gets
 * it. Validators take it for what it is: `v.instance(Channel<Progress>)`, `z.instanceof(Channel<Progress>)`,
 * `type.instanceOf(Channel<Progress>)`.
 *
 * It may outlive its call. It ends with `end()`, or when nothing refers to it any more; then the page forgets its callback.
 */
export class Channel<Message = unknown> {
  /** The page's callback, a u32. */
  readonly id: number
  readonly #state: State
  #hasEnded = false

  /** Made from the arguments of a call; there is no use for one of your own. */
  constructor(state: State) {
    this.id = state.id
    this.#state = state
    state.holders++
    dropped.register(this, state, this)
  }

  /** Whether somebody listens: neither has it ended, nor is its page gone. */
  get isOpen(): boolean {
    return !this.#hasEnded && !this.#state.carrier.isOver
  }

  /**
   * Sends a message: JSON, or a `Uint8Array` or `ArrayBuffer` that arrives as an `ArrayBuffer`. Messages arrive in order.
   * A page that is gone hears nothing, and that is no error.
   *
   * @returns false when 1 MiB or more waits for the page to read it, as a stream's `write` does: a sender that goes on
   *   regardless ends the session at `outgoingBytes`
   * @throws Error after `end()`; TypeError for what cannot be turned into JSON; RangeError for a message larger than
   *   `outgoingBytes`
   */
  send(message: Message): boolean {
    if (this.#hasEnded) throw new Error("the channel has ended: nothing can be sent on it any more")
    const { id, carrier } = this.#state
    if (carrier.isOver) return false
    // The sender may go on writing to its buffer.
    carrier.sendMessage(id, this.#state.count, rawBytes(message)?.slice() ?? message)
    this.#state.count++
    return carrier.bufferedBytes < ENOUGH_BYTES
  }

  /** Ends it: the page forgets the callback when it has had every message. A second time does nothing. */
  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    dropped.unregister(this)
    release(this.#state)
  }

  /** So that `using` ends it. */
  [Symbol.dispose](): void {
    this.end()
  }

  /** In a reply it would be of no use; as text it at least says what it is. */
  toJSON(): string {
    return `__CHANNEL__:${this.id}`
  }
}

function release(state: State): void {
  if (--state.holders > 0) return
  state.left()
  if (!state.carrier.isOver) state.carrier.endChannel(state.id, state.count)
}

/** The channels of one session that commands hold. */
export class Channels {
  readonly #carrier: ChannelCarrier
  readonly #states = new Map<number, State>()

  constructor(carrier: ChannelCarrier) {
    this.#carrier = carrier
  }

  /** The channel for a callback of the page; the same stream of messages when a command holds it already. */
  open(id: number): Channel {
    let state = this.#states.get(id)
    if (state === undefined) {
      state = { id, carrier: this.#carrier, left: () => this.#states.delete(id), count: 0, holders: 0 }
      this.#states.set(id, state)
    }
    return new Channel(state)
  }

  /** Arguments with their channels in place of the texts that name them: a whole string `__CHANNEL__:<u32>` at any depth. */
  revive(value: unknown): unknown {
    if (typeof value === "string") {
      const id = channelId(value)
      return id === null ? value : this.open(id)
    }
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value
    for (const [key, item] of Object.entries(value)) {
      const revived = this.revive(item)
      if (revived !== item) (value as Record<string, unknown>)[key] = revived
    }
    return value
  }
}

/** What arguments that hold a channel hold as text. */
export const CHANNEL_PREFIX = "__CHANNEL__:"

function channelId(text: string): number | null {
  if (!text.startsWith(CHANNEL_PREFIX)) return null
  const digits = text.slice(CHANNEL_PREFIX.length)
  const id = Number(digits)
  return /^(0|[1-9]\d{0,9})$/.test(digits) && id <= 0xffff_ffff ? id : null
}
