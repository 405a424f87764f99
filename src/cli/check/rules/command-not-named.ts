import type { CheckedApp } from "../checked-app.ts"
import { UNKNOWN_COMMANDS } from "../checked-app.ts"
import { BOTH, type Rule } from "../rule.ts"
import { checksNothing } from "./hook-checks-nothing.ts"

export const commandNotNamed: Rule = {
  code: "COMMAND_NOT_NAMED",
  severity: "warning",
  targets: BOTH,
  summary: "The frontend calls a command that the hook never names",
  why: "Either the hook refuses it, and the frontend fails when it gets there; or the hook lets it through without having looked at its arguments.",
  mend: "Name the command in the hook, with a check of its arguments, or take the call out of the frontend.",
  *check(app) {
    const { commands } = app.parts
    if (!app.isWhole || commands === null || app.hook.kind !== "function" || checksNothing(app)) return
    const names = new Set(app.followed.flatMap(({ facts }) => [...facts.names.keys()]))
    const seen = new Set<string>()
    for (const { name, file, line, column } of commands.called) {
      if (seen.has(name) || names.has(name) || isTaken(app, name)) continue
      seen.add(name)
      const others = commands.called.filter((call) => call.name === name).length - 1
      const more = others === 0 ? "" : ` (and at ${others} other place${others === 1 ? "" : "s"})`
      const fate = passes(app, name) ? "lets it through unseen" : "refuses it"
      yield {
        file,
        position: { line, column },
        length: name.length + 2,
        what: `the frontend calls "${name}"${more}; the hook does not name it, and ${fate}`,
      }
    }
  },
}

const passes = (app: CheckedApp, command: string): boolean =>
  app.follow(command).endings.some(({ type }) => type === "return")

/** Whether the hook knows a command otherwise than by its name: by a pattern, or by something that cannot be read. */
function isTaken(app: CheckedApp, command: string): boolean {
  const { facts, endings, isCut } = app.follow(command)
  if (facts.matched || isCut || endings.some(({ isSure }) => !isSure)) return true
  const unknown = command.startsWith("plugin:") ? UNKNOWN_COMMANDS[1] : UNKNOWN_COMMANDS[0]
  return passes(app, command) && !passes(app, unknown ?? "")
}
