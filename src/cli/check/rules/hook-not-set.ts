import { BOTH, type Rule } from "../rule.ts"

export const hookNotSet: Rule = {
  code: "HOOK_NOT_SET",
  severity: "error",
  targets: BOTH,
  summary: "No script sets the hook, though one mentions it",
  why: "The frame waits for window.__TAURI_ISOLATION_HOOK__ to be a function or null. A comment, a text or another name sets nothing, so no call is ever let through.",
  mend: "Assign it where the script runs at once: window.__TAURI_ISOLATION_HOOK__ = (payload) => { … }.",
  *check(app) {
    const isMentioned = !app.parts.problems.some(({ code }) => code === "HOOK_NOT_MENTIONED")
    if (app.parts.page === null || !isMentioned || !app.isWhole || app.hook.kind !== "missing") return
    // A name that is put together cannot be read.
    if (app.parts.scripts.some(({ written }) => /(["'`])__TAURI_ISOLATION_HOOK__\1/.test(written))) return
    const script = app.parts.scripts.find(({ written }) => written.includes("__TAURI_ISOLATION_HOOK__"))
    if (script === undefined) return
    const { file, written, start } = script
    const lines = written.slice(0, written.indexOf("__TAURI_ISOLATION_HOOK__")).split("\n")
    const column = (lines.at(-1)?.length ?? 0) + (lines.length === 1 ? start.column : 1)
    const position = { line: start.line + lines.length - 1, column }
    yield { file, position, length: 24, what: "window.__TAURI_ISOLATION_HOOK__ is mentioned here, and set nowhere" }
  },
}
