/** A test of `before.json` that is no longer there, and the test that proves the same. */
export interface Dropped {
  readonly suite: string
  readonly title: string
  /** Files it is no longer in, by the beginnings of their names. Default: all of them. */
  readonly places?: readonly string[]
  /** Suite and title of a test of today. */
  readonly provenBy: readonly [suite: string, title: string]
  readonly because: string
}

/** Titles of `before.json` and those of today, by suite. */
export const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {}

export const DROPPED: readonly Dropped[] = []

/** What the controls of attacks and faults switch off: the words of `before.json`, and those of today. */
export const REWORDED: Readonly<Record<string, string>> = {}
