import type { Callbacks } from "./callbacks.ts"
import { Calls } from "./calls.ts"
import type { Identity } from "./identity.ts"
import type { Listeners } from "./listeners.ts"
import { Session, type SessionEnd, WATCH_MS } from "./session.ts"

/** After a session that stood. Not at once: a page that is being left loses its socket first, and should not open another. */
const RENEW_MS = 20
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5000

/** Keeps a session with the Core, one after the other, and moves calls into it. */
export class CoreConnection {
  readonly #identity: Identity | null
  readonly #calls = new Calls()
  readonly #callbacks: Callbacks
  readonly #listeners: Listeners
  #session: Session | null = null
  #failure: SessionEnd | null = null
  #retryMs = FIRST_RETRY_MS
  #retry: ReturnType<typeof setTimeout> | undefined
  #scheduled = false

  constructor(identity: Identity | null, callbacks: Callbacks, listeners: Listeners) {
    this.#identity = identity
    this.#callbacks = callbacks
    this.#listeners = listeners
    this.#connect()
    setInterval(() => {
      if (this.#calls.pending > 0) this.#session?.watch()
    }, WATCH_MS)
  }

  invoke(cmd: unknown, args: unknown, options: unknown): Promise<unknown> {
    const result = this.#calls.add(cmd, args, options, this.#session?.welcome?.limits ?? null)
    if (this.#failure !== null) this.#calls.failAll(this.#failure.code, this.#failure.message)
    else if (this.#calls.fillsBatch) this.#flushFull()
    else this.#schedule()
    this.#listeners.called(cmd, args, result)
    return result
  }

  /** Sends when a turn of microtasks has added no call: what runs in one task travels together. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    let seen = -1
    const settle = (): void => {
      if (this.#calls.queued === seen) {
        this.#scheduled = false
        this.#flush()
        return
      }
      seen = this.#calls.queued
      queueMicrotask(settle)
    }
    queueMicrotask(settle)
  }

  #flush(): void {
    while (this.#calls.queued > 0 && this.#session?.isReadyFor(this.#calls.fillsBatch)) this.#session.sendSome()
  }

  /** Not at the end of the task: sandbox and Core begin while the page still makes calls. */
  #flushFull(): void {
    while (this.#calls.fillsBatch && this.#session?.isReadyFor(true)) this.#session.sendSome()
    if (this.#calls.queued > 0) this.#schedule()
  }

  readonly #left = (): void => clearTimeout(this.#retry)

  /** From the back/forward cache a page returns with its sockets dead, not always with an event. */
  readonly #returned = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted || this.#failure !== null) return
    if (this.#session === null) this.#connect()
    else this.#session.end({ code: "CONNECTION_LOST", retry: "reached" })
  }

  #connect(): void {
    if (this.#identity === null) {
      this.#failure = { code: "SESSION_REFUSED", retry: "never" }
      return
    }
    // Each time: `document.open()` takes listeners away.
    addEventListener("pagehide", this.#left)
    addEventListener("pageshow", this.#returned)
    const receivers = { calls: this.#calls, callbacks: this.#callbacks, listeners: this.#listeners }
    this.#session = new Session(this.#identity.credential, receivers, (end) => this.#sessionEnded(end))
    this.#session.onReady = () => this.#flush()
  }

  #sessionEnded(end: SessionEnd): void {
    this.#session = null
    // Calls that the Core has not seen wait for the next session; when not even that could be had, they are told so.
    if (end.retry === "reached" || end.retry === "welcomed") this.#calls.failSent(end.code, end.message)
    else this.#calls.failAll(end.code, end.message)
    if (end.retry === "never") {
      this.#failure = end
      return
    }
    // Now, so that it comes before whatever the page does meanwhile: it is to hear its own events.
    this.#listeners.renew(
      (cmd, args) => this.invoke(cmd, args, undefined),
      (result) => this.#calls.isQueued(result),
    )
    this.#retry = setTimeout(() => this.#connect(), this.#nextRetry(end))
  }

  #nextRetry(end: SessionEnd): number {
    const ms = this.#retryMs
    this.#retryMs = end.retry === "reached" ? FIRST_RETRY_MS : Math.min(2 * ms, LAST_RETRY_MS)
    return end.retry === "reached" ? RENEW_MS : ms
  }
}
