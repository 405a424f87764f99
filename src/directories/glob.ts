import type { Comparison, GlobText } from "../glob/glob-text.ts"

/** `**`: any number of components. */
export const RECURSIVE = "**"

export type GlobPart = GlobText | typeof RECURSIVE

/** Whether a pattern matches a path, and whether it could match one below it. */
export interface GlobMatch {
  readonly matches: boolean
  readonly mayMatchBelow: boolean
}

/**
 * Compares a path with a pattern, component by component. `**` stands for any number of components, and at the end for
 * one at least: `notes/**` does not match `notes`.
 */
export function matchGlob(pattern: readonly GlobPart[], path: readonly string[], how: Comparison): GlobMatch {
  let states = withSkipped(pattern, new Set([0]))
  for (const name of path) {
    const next = new Set<number>()
    for (const state of states) {
      // By the length: past the end of a list, its prototypes are asked for the index.
      const part = state < pattern.length ? pattern[state] : undefined
      if (part === RECURSIVE) {
        if (how.literalLeadingDot && name.startsWith(".")) continue
        next.add(state)
        if (state === pattern.length - 1) next.add(pattern.length)
      } else if (part?.matches(name, how)) next.add(state + 1)
    }
    states = withSkipped(pattern, next)
    if (states.size === 0) return { matches: false, mayMatchBelow: false }
  }
  return { matches: states.has(pattern.length), mayMatchBelow: [...states].some((state) => state < pattern.length) }
}

/** A `**` that something follows may stand for no component. */
function withSkipped(pattern: readonly GlobPart[], states: Set<number>): Set<number> {
  // What is added while a set is walked through is walked through too.
  for (const state of states) if (state < pattern.length - 1 && pattern[state] === RECURSIVE) states.add(state + 1)
  return states
}
