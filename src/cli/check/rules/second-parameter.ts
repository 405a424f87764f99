import type { Rule } from "../rule.ts"

export const secondParameter: Rule = {
  code: "SECOND_PARAMETER",
  severity: "warning",
  targets: ["tauri"],
  summary: "The hook has a second parameter, which Tauri never gives it",
  why: "Sallyport tells the hook which window calls, in a second parameter. Tauri calls it with one: the second is undefined, and to take it apart throws for every call.",
  mend: "Do without it in Tauri: what windows may do is said by capabilities there.",
  *check(app) {
    const { hook } = app
    if (!app.isWhole || hook.kind !== "function") return
    const second = hook.node.params[1]
    if (second && second.type !== "AssignmentPattern" && second.type !== "RestElement")
      yield app.at(second, "this parameter is undefined in Tauri")
  },
}
