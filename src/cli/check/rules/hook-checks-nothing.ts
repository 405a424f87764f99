import { BOTH, type Rule } from "../rule.ts"

export const hookChecksNothing: Rule = {
  code: "HOOK_CHECKS_NOTHING",
  severity: "warning",
  targets: BOTH,
  summary: "The hook lets every call through as it is",
  why: "A hook that refuses nothing and changes nothing guards nothing: whatever script runs in the page can call every command with any arguments. Encryption does not help, for the frame seals whatever the hook returns.",
  mend: "List the commands that the frontend needs, check the arguments of each, and throw for everything else.",
  *check(app) {
    if (!app.isWhole) return
    if (app.hook.kind === "null") yield app.at(app.hook.node, "the hook is null: nothing is checked")
    // A check that nobody waits for is meant as one: that is said.
    else if (checksNothing(app) && !app.followed.some(({ facts }) => facts.floating.size + facts.conditions.size > 0))
      yield app.at(app.hook.node, "the hook returns every call as it came")
  },
}

/** Whether the hook cannot refuse or change any call that is known of. */
export function checksNothing(app: Parameters<Rule["check"]>[0]): boolean {
  return (
    app.followed.length > 0 &&
    app.followed.every(
      ({ endings, facts, isCut }) =>
        !isCut &&
        !facts.opaque &&
        !facts.writes &&
        endings.length > 0 &&
        endings.every(({ type, value }) => type === "return" && value.kind === "call"),
    )
  )
}
