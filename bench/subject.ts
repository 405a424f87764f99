/** What a page offers to be measured, as `globalThis.subject`: the same calls, whoever carries them. */
export interface Subject {
  /** Answered with its own arguments. */
  echo(args: Note): Promise<Note>
  /** Answered with the number of bytes. The bytes may be handed over: they are not used again. */
  length?(bytes: Uint8Array): Promise<number>
  /** Asks for `count` notes from the other side, one message each. Resolves with how many came, when the last has. */
  stream?(count: number): Promise<number>
}

/** What a small real call carries. */
export interface Note {
  readonly path: string
  readonly n: number
}
