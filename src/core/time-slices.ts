/** How long a window may keep the others waiting at a time, in ms; one piece of work is never cut. */
const SLICE_MS = 0.5
/** The same while there are no others: each slice more is a frame of answers more. */
const LONE_SLICE_MS = 4
/**
 * Reading records for longer than this in one slice, in ms, is costly: the window then rests for as long as it took. Others work
 * meanwhile, and V8 collects what the records have left before the next ones bring as much.
 */
const COSTLY_MS = 10
/** How long after its last slice a window counts among the others, in ms. */
const LATELY_MS = 100

/** One session's work. */
export interface Worker {
  readonly isEmpty: boolean
  /** Does one piece. Returns whether that was the reading of a record. */
  step(): boolean
  /** Called when it has to wait for the next slice. */
  waits(): void
  /** Called when all is done. */
  done(): void
}

/**
 * One window's time on the Core's thread, which its sessions share, one after the other: a page that opens eight sessions has no more time than a page
 * with one. Windows take turns: each may work for half a millisecond (for four while it is alone), and goes on when the event
 * loop has come round, after all others that have something to do. So a window that floods is as slow as its flood makes it,
 * and the others hardly notice. A record is read in one piece: behind costly ones the window rests.
 */
export class TimeSlices {
  readonly #now: () => number
  readonly #number = ++windows
  /** Sessions with something left to do, the next first. */
  readonly #workers: Worker[] = []
  /** The round of the event loop in which it worked last, and for how long. */
  #round = -1
  #usedMs = 0
  #isWorking = false
  #isScheduled = false

  /** @param now a clock, in ms */
  constructor(now: () => number) {
    this.#now = now
  }

  /** For one that had nothing to do, and has now. It works at once when it is the window's turn: an idle Core answers without delay. */
  add(worker: Worker): void {
    this.#workers.push(worker)
    // A command may have a connection deliver something, in a test at least: that comes after what is being done.
    if (this.#isWorking) return
    if (this.#isScheduled) worker.waits()
    else this.#work()
  }

  #work(): void {
    const round = currentRound()
    if (round !== this.#round) this.#usedMs = 0
    this.#round = round
    this.#isWorking = true
    const now = this.#now()
    const sliceMs = isAlone(this.#number, now) ? LONE_SLICE_MS : SLICE_MS
    const begun = now - this.#usedMs
    let left: Worker | null = null
    let readingMs = 0
    while (this.#workers.length > 0 && this.#usedMs < sliceMs) {
      const worker = this.#workers[0] as Worker
      const before = this.#usedMs
      const hasRead = worker.step()
      this.#usedMs = this.#now() - begun
      if (hasRead) readingMs += this.#usedMs - before
      left = worker.isEmpty ? null : worker
      if (left !== null) continue
      this.#workers.shift()
      worker.done()
    }
    this.#isWorking = false
    // Behind the window's other sessions.
    if (left !== null) this.#workers.push(...this.#workers.splice(0, 1))
    if (this.#workers.length === 0) return
    for (const waiting of this.#workers) waiting.waits()
    this.#isScheduled = true
    const next = (): void => {
      this.#isScheduled = false
      this.#usedMs = 0
      this.#work()
    }
    // Not a loop over all windows: between two of these the promises of the commands get their turn, and so do the answers.
    if (readingMs > COSTLY_MS) setTimeout(next, readingMs)
    else setImmediate(next)
  }
}

/** Which window worked last, by number so that none is kept for it, and until when there are others. */
let latest = 0
let othersUntil = Number.NEGATIVE_INFINITY

/** Notes which window works, and returns whether no other one has worked lately. */
function isAlone(number: number, now: number): boolean {
  if (latest !== number) othersUntil = now + LATELY_MS
  latest = number
  return now > othersUntil
}

let windows = 0

let round = 0
let isCounting = false

/** Numbers the rounds of the event loop, as far as anybody asks. */
function currentRound(): number {
  if (!isCounting) {
    isCounting = true
    setImmediate(() => {
      isCounting = false
      round++
    })
  }
  return round
}
