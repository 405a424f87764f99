import { UNKNOWN_COMMANDS } from "../checked-app.ts"
import { originOf, type Value } from "../hook/values.ts"
import { BOTH, type Rule } from "../rule.ts"
import { checksNothing } from "./hook-checks-nothing.ts"

export const unknownCommandPasses: Rule = {
  code: "UNKNOWN_COMMAND_PASSES",
  severity: "warning",
  targets: BOTH,
  summary: "A path through the hook lets commands through that it does not name",
  why: "A hook that lists what is forbidden lets through what nobody thought of: the command that is added next month, and every command of every plugin. One that lists what is allowed does not have to be changed to stay safe.",
  mend: "Refuse by default: end with throw new Error(payload.cmd), and return payload only for commands that are named.",
  *check(app) {
    if (!app.isWhole || app.hook.kind !== "function" || checksNothing(app)) return
    const seen = new Set<unknown>()
    for (const command of UNKNOWN_COMMANDS) {
      const { endings, facts } = app.follow(command)
      if (facts.opaque && !endings.some(({ isSure }) => isSure)) continue
      const passing = endings.find(({ type, value, isSure }) => type === "return" && isSure && isCall(value))
      if (passing === undefined || seen.has(passing.node)) continue
      seen.add(passing.node)
      const which = command.startsWith("plugin:")
        ? "any command of any plugin"
        : "a command that the hook does not name"
      yield app.at(passing.node, `${which} gets through here`)
    }
  },
}

/** Whether what the hook returned is the call that it got: with its command, not another. */
function isCall(value: Value): boolean {
  if (value.kind === "unknown" || value.kind === "call") return true
  if (value.kind !== "object" || value.of === "error") return false
  const cmd = value.properties.get("cmd")?.value
  return cmd === undefined ? value.isOpen || value.base !== null : originOf(cmd) === "cmd"
}
