/** The real thing, and beside it a model of what it may do. */
export interface Playable<Move> {
  play(move: Move): Promise<void>
  /** Throws when something does not hold that must at any moment. */
  check(): void
  /** Brings all to its end. Throws when something does not hold that must by then. */
  finish(): Promise<void>
  /** Gives back what was taken for the play: clocks, globals. */
  leave(): void
}

/** Plays moves on a stage of their own, and looks after each. */
export async function play<Move>(stage: Playable<Move>, moves: readonly Move[]): Promise<void> {
  try {
    for (const move of moves) {
      await stage.play(move)
      stage.check()
    }
    await stage.finish()
  } finally {
    stage.leave()
  }
}
