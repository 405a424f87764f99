import { BOTH, type Rule } from "../rule.ts"

export const promiseNotAwaited: Rule = {
  code: "PROMISE_NOT_AWAITED",
  severity: "warning",
  targets: BOTH,
  summary: "A promise is not waited for, or is taken for its result",
  why: "A check that is async refuses by rejecting. When nobody waits, the hook has returned the call before, and the rejection is lost; asked whether it is true, a promise always is.",
  mend: "Write await before it, in an async hook; where nothing depends on it, .catch() what it rejects with.",
  *check(app) {
    if (!app.isWhole) return
    const floating = new Set(app.followed.flatMap(({ facts }) => [...facts.floating]))
    const conditions = new Set(app.followed.flatMap(({ facts }) => [...facts.conditions]))
    for (const node of floating) yield app.at(node, "nobody waits for this promise")
    for (const node of conditions) yield app.at(node, "a promise is always true")
  },
}
