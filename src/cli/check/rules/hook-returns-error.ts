import { BOTH, type Rule } from "../rule.ts"

export const hookReturnsError: Rule = {
  code: "HOOK_RETURNS_ERROR",
  severity: "warning",
  targets: BOTH,
  summary: "The hook returns an Error instead of throwing it",
  why: "Tauri takes whatever object the hook returns for the call: it seals the payload that an Error does not have, and invoke() does not say why it failed. Sallyport refuses the call, but an isolation app that relies on it guards differently in Tauri.",
  mend: "Write throw instead of return.",
  *check(app) {
    if (!app.isWhole) return
    const seen = new Set<unknown>()
    for (const { endings } of app.followed) {
      for (const { type, value, node } of endings) {
        if (type !== "return" || value.kind !== "object" || value.of !== "error" || seen.has(node)) continue
        seen.add(node)
        yield app.at(node, "the hook returns an Error")
      }
    }
  },
}
