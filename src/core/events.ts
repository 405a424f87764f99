import { serialize } from "../protocol/serialize.ts"
import { type EventTarget, reaches } from "./event-target.ts"

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

interface PageListener {
  readonly receiver: EventReceiver
  readonly id: number
  readonly target: EventTarget
}

interface CoreListener {
  readonly handler: EventHandler
  readonly target: EventTarget
}

/** Listeners that a session may have. */
const MAX_LISTENERS = 10_000

/** Who listens to what, in the pages and in the Core. */
export class Events {
  readonly #log: (line: string) => void
  readonly #pages = new Map<string, Set<PageListener>>()
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
    entry(this.#pages, event).add({ receiver, id, target })
  }

  unlisten(receiver: EventReceiver, event: string, id: number): void {
    this.#remove(event, (listener) => listener.receiver === receiver && listener.id === id)
  }

  /** A session is over: so are its listeners. */
  forget(receiver: EventReceiver): void {
    if (!this.#counts.has(receiver)) return
    for (const event of [...this.#pages.keys()]) this.#remove(event, (listener) => listener.receiver === receiver)
    this.#counts.delete(receiver)
  }

  /** Whether somebody listens to what happens to this very window: to `Any`, or to any kind of a label, does not count. */
  hasOwnListener(event: string, label: string): boolean {
    for (const { target } of this.#pages.get(event) ?? [])
      if ((target.kind === "Window" || target.kind === "WebviewWindow") && target.label === label) return true
    return false
  }

  /** The Core listens. Returns what ends it. */
  handle(event: string, target: EventTarget, handler: EventHandler): () => void {
    const listener = { handler, target }
    entry(this.#core, event).add(listener)
    return () => void this.#core.get(event)?.delete(listener)
  }

  /**
   * Emits an event. What is meant for one window reaches the pages of that window alone, whatever others listen to; what
   * the Core tells of a window (`about: true`: it was resized, closed) reaches all that listen to that window.
   *
   * @throws TypeError for a payload that cannot be turned into JSON, RangeError for one that is too large, Error where a
   *   page emits to a window that does not keep up: by flooding it, one window could otherwise end another one's session
   */
  emit(
    event: string,
    payload: unknown,
    target: EventTarget,
    { source = null, about = false }: { readonly source?: string | null; readonly about?: boolean } = {},
  ): void {
    const heard = this.#heardBy(event, (listener) => {
      if ("label" in target && !about && listener.receiver.label !== target.label) return false
      // In Tauri, too, listeners for a webview or for any kind of a label are not told what happens to its window.
      const { kind } = listener.target
      return about && (kind === "AnyLabel" || kind === "Webview") ? false : reaches(target, listener.target)
    })
    const json = serialize(payload)
    if (source !== null) for (const receiver of heard.keys()) mustKeepUp(receiver)
    for (const [receiver, ids] of heard) receiver.sendEvent(event, json, ids)
    for (const listener of [...(this.#core.get(event) ?? [])]) {
      if (!reaches(target, listener.target)) continue
      this.#tell(listener.handler, { event, payload: payload ?? null, source })
    }
  }

  /** What a listener throws, at once or later, must not end the Core: a page may have caused it. */
  async #tell(handler: EventHandler, event: AppEvent): Promise<void> {
    try {
      await handler(event)
    } catch (error) {
      this.#log(`a listener for "${event.event}" threw: ${error instanceof Error ? error.message : error}`)
    }
  }

  #heardBy(event: string, hears: (listener: PageListener) => boolean): ReadonlyMap<EventReceiver, readonly number[]> {
    const heard = new Map<EventReceiver, number[]>()
    for (const listener of this.#pages.get(event) ?? []) {
      if (!hears(listener)) continue
      const ids = heard.get(listener.receiver)
      if (ids === undefined) heard.set(listener.receiver, [listener.id])
      else ids.push(listener.id)
    }
    return heard
  }

  #remove(event: string, matches: (listener: PageListener) => boolean): void {
    const listeners = this.#pages.get(event)
    if (listeners === undefined) return
    for (const listener of listeners) {
      if (!matches(listener)) continue
      listeners.delete(listener)
      this.#counts.set(listener.receiver, (this.#counts.get(listener.receiver) ?? 1) - 1)
    }
    if (listeners.size === 0) this.#pages.delete(event)
  }
}

function mustKeepUp({ label, keepsUp }: EventReceiver): void {
  if (!keepsUp) throw new Error(`the window "${label}" does not keep up with its events: emit fewer, or later`)
}

function entry<Listener>(map: Map<string, Set<Listener>>, event: string): Set<Listener> {
  let listeners = map.get(event)
  if (listeners === undefined) {
    listeners = new Set()
    map.set(event, listeners)
  }
  return listeners
}
