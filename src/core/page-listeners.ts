import { type EventTarget, hasLabel, reaches } from "./event-target.ts"

const OF_LABELS = ["AnyLabel", "Window", "Webview", "WebviewWindow"] as const

/**
 * What one page listens to of one event, by whom it listens for: an emission looks at no listener that it does not reach.
 * A page may have ten thousand of them, and emit as often in one frame.
 */
export class PageListeners {
  /** Each listener's target, by its id, in the order in which they listened. */
  readonly #targets = new Map<number, string>()
  /** The ids of each target, with their place in that order. */
  readonly #ids = new Map<string, Map<number, number>>()
  #places = 0

  get size(): number {
    return this.#targets.size
  }

  /** A listener that is there already begins anew. */
  add(id: number, target: EventTarget): void {
    this.delete(id)
    const name = nameOf(target)
    let ids = this.#ids.get(name)
    if (ids === undefined) {
      ids = new Map()
      this.#ids.set(name, ids)
    }
    this.#targets.set(id, name)
    ids.set(id, this.#places++)
  }

  /** Returns whether it was there. */
  delete(id: number): boolean {
    const name = this.#targets.get(id)
    if (name === undefined) return false
    this.#targets.delete(id)
    const ids = this.#ids.get(name)
    ids?.delete(id)
    if (ids?.size === 0) this.#ids.delete(name)
    return true
  }

  has(target: EventTarget): boolean {
    return this.#ids.has(nameOf(target))
  }

  /** Those that hear an event for `target`, in the order in which they listened. `about`: as of `Events.emit`. */
  heardBy(target: EventTarget, about: boolean): readonly number[] {
    if (!hasLabel(target)) return target.kind === "Any" ? [...this.#targets.keys()] : this.#of(["Any", "App"])
    const { label } = target
    // In Tauri, too, listeners for a webview or for any kind of a label are not told what happens to its window.
    const listened = OF_LABELS.filter((kind) => !about || kind === "Window" || kind === "WebviewWindow")
      .map((kind) => ({ kind, label }))
      .filter((listened) => reaches(target, listened))
    return this.#of(["Any", ...listened.map(nameOf)])
  }

  #of(names: readonly string[]): readonly number[] {
    return names
      .flatMap((name) => [...(this.#ids.get(name) ?? [])])
      .sort(([, left], [, right]) => left - right)
      .map(([id]) => id)
  }
}

function nameOf(target: EventTarget): string {
  return hasLabel(target) ? `${target.kind} ${target.label}` : target.kind
}
