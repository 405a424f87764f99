/** Deadlines that all lie the same time ahead, so that they pass in the order they were added: one timer serves them all. */
export class Deadlines {
  readonly #ms: number
  readonly #waiting = new Set<{ readonly at: number; readonly passed: () => void }>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ms: number) {
    this.#ms = ms
  }

  /** `passed` is called unless the returned function was called before: that ends the wait, and says whether it still lasted. */
  add(passed: () => void): () => boolean {
    const deadline = { at: performance.now() + this.#ms, passed }
    this.#waiting.add(deadline)
    this.#timer ??= setTimeout(() => this.#expire(), this.#ms)
    return () => this.#waiting.delete(deadline)
  }

  #expire(): void {
    this.#timer = undefined
    for (const deadline of this.#waiting) {
      const left = deadline.at - performance.now()
      if (left > 0) {
        this.#timer = setTimeout(() => this.#expire(), left)
        return
      }
      this.#waiting.delete(deadline)
      deadline.passed()
    }
  }
}
