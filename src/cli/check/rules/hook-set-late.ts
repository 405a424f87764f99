import type { Rule } from "../rule.ts"

export const hookSetLate: Rule = {
  code: "HOOK_SET_LATE",
  severity: "warning",
  targets: ["sallyport"],
  summary: "The hook is set only after the document has loaded",
  why: "Sallyport looks for the hook when the frame's document has loaded, and reports an error when it is not there. (Tauri looks again every 50 ms.)",
  mend: "Set it where the script runs at once, not in a timer or a listener; the hook itself may be async and wait for what it needs.",
  *check(app) {
    if (app.isWhole && app.hook.isLate) yield app.at(app.hook.node, "the hook is set in a function that runs later")
  },
}
