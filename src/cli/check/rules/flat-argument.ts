import type { Rule } from "../rule.ts"

export const flatArgument: Rule = {
  code: "FLAT_ARGUMENT",
  severity: "warning",
  targets: ["tauri"],
  summary: "The hook reads an argument beside payload.payload, where Tauri v2 has none",
  why: "Tauri v2 gives the hook { cmd, callback, error, payload, options } and the arguments in payload: payload.path is undefined, so a check of it passes always, or never. (Sallyport has both, so this isolation app would work there and not in Tauri.)",
  mend: "Read the argument from payload.payload: payload.payload.path. That works in both.",
  *check(app) {
    if (!app.isWhole) return
    const reads = new Map(app.followed.flatMap(({ facts }) => [...facts.flat]))
    for (const [node, name] of reads) yield app.at(node, `payload.${name} is undefined in Tauri v2`)
  },
}
