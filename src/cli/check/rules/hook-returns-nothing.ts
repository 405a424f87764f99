import type { Value } from "../hook/values.ts"
import { BOTH, type Rule } from "../rule.ts"

export const hookReturnsNothing: Rule = {
  code: "HOOK_RETURNS_NOTHING",
  severity: "warning",
  targets: BOTH,
  summary: "The hook returns null, undefined or another value that is no call",
  why: "To refuse a call, a hook throws. When it returns null, undefined or true, Tauri's frame fails with a TypeError and invoke() never settles; in Sallyport it rejects with HOOK_INVALID_RETURN instead of your reason.",
  mend: 'To refuse: throw new Error("why"). To let through: return payload.',
  *check(app) {
    if (!app.isWhole) return
    const seen = new Set<unknown>()
    for (const { endings, command } of app.followed) {
      for (const { type, value, node } of endings) {
        const returned = type === "return" ? describe(value) : null
        if (returned === null || seen.has(node)) continue
        seen.add(node)
        const isEnd = node !== null && node.type !== "ReturnStatement" && "body" in node
        const of = command.includes("nobody") ? "a command that it does not name" : command
        if (isEnd) yield app.atEnd(node, `the hook ends without a return for ${of}`)
        else yield app.at(node, `the hook returns ${returned} for ${of}`)
      }
    }
  },
}

function describe(value: Value): string | null {
  if (value.kind === "constant") return typeof value.value === "string" ? "a text" : String(value.value)
  if (value.kind === "function") return "a function"
  if (value.kind === "list") return "a list"
  if (value.kind !== "object" || value.of === "error" || value.isOpen || value.base !== null) return null
  return value.of === "object" && value.class === null && !value.properties.has("cmd") ? "an object without cmd" : null
}
