import { internals } from "./internals.ts"

/** What the Core calls a channel's callback with. */
type ChannelCall<Message> =
  | { readonly message: Message; readonly index: number }
  | { readonly end: true; readonly index: number }

/**
 * A stream of messages from a command: `client.watch({ onChange: new Channel((change) => …) })`. Messages arrive in the order
 * in which they were sent. A handler that throws misses its message, and gets the next one.
 */
export class Channel<Message> {
  readonly id: number
  onmessage: (message: Message) => void
  readonly #early = new Map<number, Message>()
  #next = 0
  #count: number | null = null

  /** @throws Error in a page that no app opened */
  constructor(onmessage: (message: Message) => void = () => {}) {
    this.onmessage = onmessage
    this.id = internals().transformCallback((data) => this.#receive(data as ChannelCall<Message>))
  }

  /** How it stands in arguments. */
  toJSON(): string {
    return `__CHANNEL__:${this.id}`
  }

  /** Tauri's transport may bring messages out of order, Sallyport's never does. */
  #receive(call: ChannelCall<Message>): void {
    if ("end" in call) this.#count = call.index
    else this.#early.set(call.index, call.message)
    for (; this.#early.has(this.#next); this.#next++) {
      const message = this.#early.get(this.#next) as Message
      this.#early.delete(this.#next)
      this.#deliver(message)
    }
    if (this.#next === this.#count) internals().unregisterCallback(this.id)
  }

  #deliver(message: Message): void {
    try {
      this.onmessage(message)
    } catch (error) {
      // Reported as uncaught, like the error of any event handler.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
