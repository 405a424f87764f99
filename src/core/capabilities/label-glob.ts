import { GlobText } from "../../glob/glob-text.ts"

/** Whether a label matches. */
export type LabelGlob = (label: string) => boolean

const AS_IT_IS = { fold: (text: string): string => text, literalLeadingDot: false }

/**
 * Compiles a pattern for labels of windows as Tauri understands it: a slash is a character like any other, so `**` says no
 * more than `*`.
 *
 * @throws Error that says what is wrong with the pattern
 */
export function labelGlob(pattern: string): LabelGlob {
  const glob = new GlobText(pattern === "**" ? "*" : pattern)
  return (label) => glob.matches(label, AS_IT_IS)
}
