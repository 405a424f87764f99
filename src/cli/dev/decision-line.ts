import type { Decision } from "../../core/decisions.ts"
import { printable } from "../../core/printable.ts"
import type { Terminal } from "../terminal.ts"

/** A decision in a line for people; `null` for what they have been told otherwise. */
export function decisionLine(decision: Decision, style: Terminal["style"]): string | null {
  const line = (color: Parameters<Terminal["style"]>[0], what: string, about: string, why = ""): string =>
    style(color, `${what.padEnd(8)} ${printable(about)}${why === "" ? "" : `: ${printable(why)}`}`)
  switch (decision.kind) {
    case "call":
      return line("reset", "call", `${decision.window} ${decision.command}`)
    case "call-refused": {
      // What a hook says is the reason; else the code is.
      const why = decision.code === "HOOK_REFUSED" ? decision.reason : `${decision.code} ${decision.reason}`
      return line("red", "refused", `${decision.window} ${decision.command}`, why)
    }
    case "call-denied":
      return line("red", "denied", `${decision.window} ${decision.command}`, decision.reason)
    case "frame-refused":
      return line("red", "refused", `${decision.window} a frame`, decision.reason)
    case "session-refused":
      return line("yellow", "refused", "a session", decision.reason)
    case "request-refused": {
      const { kind: _, reason, ...details } = decision
      const about = Object.entries(details).map(([name, value]) => `${name} ${value}`)
      return line("yellow", "refused", "a request", [reason, ...about].join(", "))
    }
    case "session-silent":
      return line("yellow", "silent", decision.window, "its frame was served, and has sealed nothing since")
    case "launch-ticket-reused":
      return line("red", "refused", decision.window, "its launch link was used a second time")
    case "hook":
      return decision.state === "function" ? null : line("yellow", "hook", decision.window, `it is ${decision.state}`)
    case "window-opened":
      return line("dim", "opened", decision.window)
    case "session-started":
      return line("dim", "session", decision.window)
    case "session-ended":
      return line("dim", "ended", decision.window, decision.reason)
    case "isolation-log":
      // The Core's log has it.
      return null
  }
}
