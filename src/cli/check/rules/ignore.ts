import { BOTH, type Rule } from "../rule.ts"

/** What is wrong with comments that turn rules off. They are found when all other rules are done: see `ignore-comments.ts`. */
const rule = (code: string, summary: string, why: string, mend: string): Rule => ({
  code,
  severity: "warning",
  targets: BOTH,
  summary,
  why,
  mend,
  check: () => [],
})

export const ignoreWithoutReason: Rule = rule(
  "IGNORE_WITHOUT_REASON",
  "A comment turns a rule off and does not say why",
  "Whoever reviews the hook next has to know why a finding is none here. Without a reason the rule stays on.",
  "Write the reason after a colon: // sallyport-ignore-next-line CODE: why it is right here.",
)

export const ignoreUnused: Rule = rule(
  "IGNORE_UNUSED",
  "A comment turns a rule off where that finds nothing",
  "What it was written for is gone, or it is on the wrong line; there it would hide the next mistake. What stops a launch cannot be turned off.",
  "Remove the comment, or put it right above the line of the finding.",
)

export const ignoreUnknown: Rule = rule(
  "IGNORE_UNKNOWN",
  "A comment turns off a rule that does not exist",
  "A misspelled code turns nothing off, and looks as if it did.",
  "Write the code as the finding shows it.",
)

export const ignoreRules: readonly Rule[] = [ignoreWithoutReason, ignoreUnused, ignoreUnknown]
