import type { Channel } from "../../core/channel.ts"
import { missed, together, type WatchEvent } from "./watch-event.ts"

/** Paths whose changes are kept back at once: beyond, only that there were more. */
const MAX_KEPT = 10_000

/** How long, in ms, changes are kept for a page that does not read fast enough. */
const BEHIND_MS = 100

/** Sends what changed to the page: after a delay, each path once; or at once, as long as the page keeps up. */
export class EventSender {
  readonly #channel: Channel
  readonly #delayMs: number | null
  readonly #root: string
  readonly #kept = new Map<string, WatchEvent>()
  #hasMissed = false
  #isBehind = false
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param root what changes may have been missed of */
  constructor(channel: Channel, delayMs: number | null, root: string) {
    this.#channel = channel
    this.#delayMs = delayMs
    this.#root = root
  }

  add(event: WatchEvent): void {
    if (this.#delayMs === null && !this.#isBehind) {
      this.#isBehind = !this.#channel.send(event)
      return
    }
    this.#keep(event)
    this.#timer ??= setTimeout(() => this.#flush(), this.#delayMs ?? BEHIND_MS)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#channel.end()
  }

  #keep(event: WatchEvent): void {
    const [path = ""] = event.paths
    const before = this.#kept.get(path)
    if (before === undefined) {
      if (this.#kept.size >= MAX_KEPT) this.#hasMissed = true
      else this.#kept.set(path, event)
      return
    }
    const both = together(before, event)
    if (both === null) this.#kept.delete(path)
    else this.#kept.set(path, both)
  }

  #flush(): void {
    this.#timer = undefined
    const events = [...this.#kept.values()]
    if (this.#hasMissed) events.push(missed(this.#root))
    this.#kept.clear()
    this.#hasMissed = false
    this.#isBehind = false
    for (const event of events) if (!this.#channel.send(event)) this.#isBehind = true
  }
}
