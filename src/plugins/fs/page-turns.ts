import type { CallingPage } from "../../core/command.ts"

/** What of one page's calls is done at the same time. The rest waits: files, memory and threads are everybody's. */
const AT_ONCE = 8

/** What one page may hold at once: open files and watchers, and the directories that these watch. */
const MAX_HELD = { files: 512, directories: 8192 } as const

type Held = keyof typeof MAX_HELD

/** Lets each page's calls have their turn, and counts what it holds open. */
export class PageTurns {
  readonly #pages = new WeakMap<CallingPage, Turns>()

  /** Runs something when it is its turn. Throws the signal's reason when nobody waits for it any more. */
  async take<Result>(page: CallingPage, signal: AbortSignal, run: () => Promise<Result>): Promise<Result> {
    const turns = this.#of(page)
    await turns.enter()
    try {
      signal.throwIfAborted()
      return await run()
    } finally {
      turns.leave()
    }
  }

  /**
   * Counts one more that the page holds. Call what it returns when it is closed; a second time does nothing.
   *
   * @throws Error when the page holds too many
   */
  hold(page: CallingPage, what: Held = "files"): () => void {
    const { held } = this.#of(page)
    if (held[what] >= MAX_HELD[what])
      throw new Error(
        what === "files"
          ? `Too many open files: a page may hold ${MAX_HELD.files} files and watchers, close some first`
          : `a page may watch ${MAX_HELD.directories} directories: watch less, or without those below`,
      )
    held[what]++
    let isHeld = true
    return () => {
      if (isHeld) held[what]--
      isHeld = false
    }
  }

  #of(page: CallingPage): Turns {
    let turns = this.#pages.get(page)
    if (turns === undefined) {
      turns = new Turns()
      this.#pages.set(page, turns)
    }
    return turns
  }
}

class Turns {
  readonly held: Record<Held, number> = { files: 0, directories: 0 }
  #running = 0
  /** In order. Not a list: taking the first of a long one moves all others. */
  readonly #waiting = new Set<() => void>()

  async enter(): Promise<void> {
    if (this.#running < AT_ONCE) this.#running++
    else await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  /** Whoever waits takes over the turn. */
  leave(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#running--
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}
