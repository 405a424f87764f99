/** How long a session may keep the others waiting at a time, in ms; one piece of work is never cut. */
const TURN_MS = 0.5
/** The same while there are no others: each turn more is a frame of answers more. */
const LONE_TURN_MS = 4
/** How long after its last turn a session counts among the others, in ms. */
const LATELY_MS = 100

/** What an inbox is for: the session. */
export interface InboxOwner<Call> {
  /** Reads a message; what it returns is run, one call after the other, before the next message is read. */
  read(message: string | Uint8Array): readonly Call[]
  run(call: Call): void
  /** Called when more waits than one turn could do: no more shall come until `resume`. */
  pause(): void
  resume(): void
  /** Called whenever all has been done. */
  caughtUp(): void
}

/**
 * What one session has been sent and has not run yet. Sessions take turns: each may work for half a millisecond (for four while it is alone), and goes on
 * when the event loop has come round, after all others that have something to do. So a window that floods is as slow as its
 * flood makes it, and the others hardly notice. What a session was sent is done in its order, whatever the turns.
 */
export class Inbox<Call> {
  readonly #owner: InboxOwner<Call>
  readonly #now: () => number
  #messages: (string | Uint8Array)[] = []
  #calls: readonly Call[] = []
  #nextCall = 0
  /** The round of the event loop in which it worked last, and for how long. */
  #round = -1
  #usedMs = 0
  #isWorking = false
  readonly #number = ++inboxes
  #waits = false

  /** `now`: a clock, in ms. */
  constructor(owner: InboxOwner<Call>, now: () => number) {
    this.#owner = owner
    this.#now = now
  }

  /** Whether there is something left to do. */
  get isEmpty(): boolean {
    return this.#messages.length === 0 && this.#nextCall === this.#calls.length
  }

  /** Done at once, when it is this session's turn: an idle Core answers without delay. */
  add(message: string | Uint8Array): void {
    this.#messages.push(message)
    // A command may have its own connection deliver something, in a test at least: that comes after what is being done.
    if (!this.#waits && !this.#isWorking) this.#work()
  }

  /** Drops what waits: the session is over. */
  clear(): void {
    this.#messages = []
    this.#calls = []
    this.#nextCall = 0
  }

  #work(): void {
    const round = currentRound()
    if (round !== this.#round) this.#usedMs = 0
    this.#round = round
    this.#isWorking = true
    const now = this.#now()
    const turnMs = isAlone(this.#number, now) ? LONE_TURN_MS : TURN_MS
    const begun = now - this.#usedMs
    while (!this.isEmpty && this.#usedMs < turnMs) {
      this.#step()
      this.#usedMs = this.#now() - begun
    }
    this.#isWorking = false
    if (this.isEmpty) {
      if (this.#waits) this.#owner.resume()
      this.#waits = false
      return this.#owner.caughtUp()
    }
    if (!this.#waits) this.#owner.pause()
    this.#waits = true
    // Not a loop over all sessions: between two of these the promises of the commands get their turn, and so do the answers.
    setImmediate(() => {
      this.#usedMs = 0
      this.#work()
    })
  }

  #step(): void {
    const call = this.#calls[this.#nextCall]
    if (call !== undefined) {
      this.#nextCall++
      return this.#owner.run(call)
    }
    this.#nextCall = 0
    this.#calls = []
    const message = this.#messages.shift()
    if (message !== undefined) this.#calls = this.#owner.read(message)
  }
}

/** Which inbox worked last, by number so that none is kept for it, and until when there are others. */
let latest = 0
let othersUntil = Number.NEGATIVE_INFINITY

/** Notes who works, and tells whether nobody else did lately. */
function isAlone(number: number, now: number): boolean {
  if (latest !== number) othersUntil = now + LATELY_MS
  latest = number
  return now > othersUntil
}

let inboxes = 0

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
