import { bare } from "../boundary/wire/own.ts"
import { serialize } from "../boundary/wire/serialize.ts"
import { type EventTarget, hasLabel, reaches } from "./event-target.ts"
import { PageListeners } from "./page-listeners.ts"

/** What hears events: the session of a page. */
export interface EventReceiver {
  /** Label of its window. */
  readonly label: string
  /** Whether it reads what it is sent. */
  readonly keepsUp: boolean
  /** `json`: the payload. `ids`: its listeners that hear it. */
  sendEvent(event: string, json: string, ids: readonly number[]): void
}

/** An event as the Core hears it. */
export interface AppEvent {
  readonly event: string
  /** Whatever the page sent: look at it before you use it. */
  readonly payload: unknown
  /** Label of the window that emitted it; `null`: the Core itself. */
  readonly source: string | null
}

/** What it throws, or what the promise that it returns rejects with, is logged. */
export type EventHandler = (event: AppEvent) => unknown

interface CoreListener {
  readonly handler: EventHandler
  readonly target: EventTarget
}

/** Listeners that a session may have. */
const MAX_LISTENERS = 10_000

/** Who listens to what, in the pages and in the Core. */
export class Events {
  readonly #log: (line: string) => void
  /** By event, then by page. */
  readonly #pages = new Map<string, Map<EventReceiver, PageListeners>>()
  readonly #counts = new Map<EventReceiver, number>()
  readonly #core = new Map<string, Set<CoreListener>>()

  constructor(log: (line: string) => void) {
    this.#log = log
  }

  /** A page listens, with `id`, a callback of its own. Throws an `Error` when it has too many listeners. */
  listen(receiver: EventReceiver, event: string, id: number, target: EventTarget): void {
    const count = this.#counts.get(receiver) ?? 0
    if (count >= MAX_LISTENERS)
      throw new Error(`a page may have at most ${MAX_LISTENERS} listeners: unlisten some first`)
    this.unlisten(receiver, event, id)
    this.#counts.set(receiver, (this.#counts.get(receiver) ?? 0) + 1)
    let pages = this.#pages.get(event)
    if (pages === undefined) {
      pages = new Map()
      this.#pages.set(event, pages)
    }
    let listeners = pages.get(receiver)
    if (listeners === undefined) {
      listeners = new PageListeners()
      pages.set(receiver, listeners)
    }
    listeners.add(id, target)
  }

  unlisten(receiver: EventReceiver, event: string, id: number): void {
    const listeners = this.#pages.get(event)?.get(receiver)
    if (!listeners?.delete(id)) return
    this.#counts.set(receiver, (this.#counts.get(receiver) ?? 1) - 1)
    if (listeners.size === 0) this.#drop(receiver, event)
  }

  /** A session is over: so are its listeners. */
  forget(receiver: EventReceiver): void {
    if (!this.#counts.delete(receiver)) return
    for (const event of [...this.#pages.keys()]) this.#drop(receiver, event)
  }

  #drop(receiver: EventReceiver, event: string): void {
    const pages = this.#pages.get(event)
    pages?.delete(receiver)
    if (pages?.size === 0) this.#pages.delete(event)
  }

  /** Whether somebody listens to what happens to this very window: to `Any`, or to any kind of a label, does not count. */
  hasOwnListener(event: string, label: string): boolean {
    for (const listeners of this.#pages.get(event)?.values() ?? [])
      if (listeners.has({ kind: "Window", label }) || listeners.has({ kind: "WebviewWindow", label })) return true
    return false
  }

  /** The Core listens. Returns what ends it. */
  handle(event: string, target: EventTarget, handler: EventHandler): () => void {
    const listener = { handler, target }
    const listeners = this.#core.get(event) ?? new Set()
    this.#core.set(event, listeners.add(listener))
    return () => void this.#core.get(event)?.delete(listener)
  }

  /**
   * Emits an event. What is meant for one window reaches the pages of that window alone, whatever others listen to; what
   * the Core tells of a window (`about: true`: it was resized, closed) reaches all that listen to that window.
   *
   * @throws TypeError for a payload that cannot be turned into JSON, RangeError for one that is too large, Error where a
   *   page emits to a window that does not keep up: by flooding it, one window could otherwise end another one's session.
   *   All others have heard it: by not reading, one window could otherwise keep the others from being heard
   */
  emit(
    event: string,
    payload: unknown,
    target: EventTarget,
    how: { readonly source?: string | null; readonly about?: boolean } = {},
  ): void {
    const { source = null, about = false } = bare(how)
    const json = serialize(payload)
    let late: EventReceiver | undefined
    // A copy: a session that ends because it is told too much takes its listeners along.
    for (const [receiver, listeners] of [...(this.#pages.get(event) ?? [])]) {
      if (hasLabel(target) && !about && receiver.label !== target.label) continue
      const ids = listeners.heardBy(target, about)
      if (ids.length === 0) continue
      if (source !== null && !receiver.keepsUp) late = receiver
      else receiver.sendEvent(event, json, ids)
    }
    for (const listener of [...(this.#core.get(event) ?? [])]) {
      if (!reaches(target, listener.target)) continue
      this.#tell(listener.handler, { event, payload: payload ?? null, source })
    }
    if (late !== undefined)
      throw new Error(`the window "${late.label}" does not keep up with its events: emit fewer, or later`)
  }

  /** What a listener throws, at once or later, must not end the Core: a page may have caused it. */
  async #tell(handler: EventHandler, event: AppEvent): Promise<void> {
    try {
      await handler(event)
    } catch (error) {
      this.#log(`a listener for "${event.event}" threw: ${error instanceof Error ? error.message : error}`)
    }
  }
}
