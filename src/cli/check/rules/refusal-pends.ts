import type { Rule } from "../rule.ts"

export const refusalPends: Rule = {
  code: "REFUSAL_PENDS",
  severity: "note",
  targets: ["tauri"],
  summary: "Tauri never tells the frontend that its hook has refused a call",
  why: "When a hook throws, Tauri's frame forwards nothing: the promise of that invoke() stays pending for ever, and an interface that waits for it hangs. The call is stopped all the same. (Sallyport rejects it with the hook's message.)",
  mend: "Nothing to mend in the hook. Where the frontend may be refused, let it wait with a time-out of its own, such as Promise.race.",
  *check(app) {
    if (!app.isWhole) return
    const refuses = app.followed.some(({ endings }) => endings.some(({ type }) => type === "throw"))
    if (refuses) yield app.at(app.hook.node, "what this hook refuses stays pending in the frontend")
  },
}
