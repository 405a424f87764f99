import type { EventMessage } from "../protocol/page-messages.ts"
import type { Callbacks } from "./callbacks.ts"

/** What `plugin:event|listen` was called with. */
export interface Listening {
  readonly event: string
  readonly handler: number
  readonly target?: { readonly kind: string; readonly label?: string }
}

const LISTEN = "plugin:event|listen"

/**
 * What this page listens to. The Core's listeners go with their session; the page's own view of them must not, so they are
 * made anew in the next one. Their ids, those of their callbacks, stay the same.
 */
export class Listeners {
  readonly #callbacks: Callbacks
  readonly #label: string
  readonly #listening = new Map<string, Listening>()
  /** What became of listening again, by the same keys. */
  readonly #renewed = new Map<string, Promise<unknown>>()

  /** Called when a listener has been added for this event. */
  onListening: (event: string) => void = () => {}

  /** `label`: of this page's window. */
  constructor(callbacks: Callbacks, label: string) {
    this.#callbacks = callbacks
    this.#label = label
  }

  /** Remembers a listener once the Core has it. `args` as the page gave them. */
  called(cmd: unknown, args: unknown, result: Promise<unknown>): void {
    if (cmd !== LISTEN) return
    const { event, handler } = (args ?? {}) as Listening
    result.then(
      () => {
        if (!this.#callbacks.map.has(handler)) return
        this.#listening.set(`${handler} ${event}`, args as Listening)
        this.onListening(event)
      },
      () => {},
    )
  }

  /**
   * A new session knows nothing: listens again. What is refused now, by a hook with a new state, hears no more. What still waits since an earlier
   * session's end, as `isQueued` says, is not called a second time.
   */
  renew(
    invoke: (cmd: string, args: unknown) => Promise<unknown>,
    isQueued: (result: Promise<unknown> | undefined) => boolean,
  ): void {
    for (const [key, listening] of this.#listening) {
      if (isQueued(this.#renewed.get(key))) continue
      const result = invoke(LISTEN, listening)
      this.#renewed.set(key, result)
      result.catch((error) => {
        // This session is gone, too: the next one tries again.
        if (error?.code === "CONNECTION_LOST" || error?.code === "SANDBOX_UNAVAILABLE") return
        this.#listening.delete(key)
        console.warn(`"${listening.event}" is not listened to any more: ${error?.message ?? error}`)
      })
    }
  }

  /** Part of unlistening, at once; the Core is told next. */
  unregister(event: string, id: number): void {
    this.#listening.delete(`${id} ${event}`)
    this.#renewed.delete(`${id} ${event}`)
    this.#callbacks.unregister(id)
  }

  /** An event may come for a listener that has just gone. */
  receive([event, payload, ids]: EventMessage): void {
    for (const id of ids) if (this.#callbacks.map.has(id)) this.#callbacks.run(id, { event, payload, id })
  }

  /** This page's listeners for what happens to its own window: those that Tauri tells of it. */
  ofWindow(event: string): number[] {
    return [...this.#listening.values()].flatMap(
      ({ event: name, handler, target: { kind = "Any", label = "" } = {} }) =>
        name === event && (kind === "Any" || (/Window$/.test(kind) && label === this.#label)) ? [handler] : [],
    )
  }
}
