import { BOTH, type Rule } from "../rule.ts"

export const commandNotCalled: Rule = {
  code: "COMMAND_NOT_CALLED",
  severity: "warning",
  targets: BOTH,
  summary: "The hook lets a command through that the frontend never calls",
  why: "Only somebody else's script would call it. What a hook allows is what an attacker may do: it should allow no more than the frontend does. Or the name is misspelled, and the command that is meant is refused.",
  mend: "Take it out of the hook, or correct its name.",
  *check(app) {
    const { commands } = app.parts
    if (!app.isWhole || commands === null || commands.files === 0 || app.hook.kind !== "function") return
    const called = new Set(commands.called.map(({ name }) => name))
    const offered = new Set(commands.offered.map(({ name }) => name))
    if (called.size === 0) return
    const named = new Map(app.followed.flatMap(({ facts }) => [...facts.names]))
    for (const [name, node] of named) {
      // The functions of @tauri-apps/api call the commands of plugins.
      if (called.has(name) || name.startsWith("plugin:")) continue
      if (commands.quoted.has(name)) continue
      const isThere = offered.size === 0 || offered.has(name)
      // One that is computed may be this one.
      if (isThere && commands.computed.length > 0) continue
      if (!app.follow(name).endings.some(({ type, value }) => type === "return" && value.kind !== "constant")) continue
      const what = isThere
        ? "the frontend never calls it"
        : "the frontend never calls it, and the Core has no such command"
      yield app.at(node, `the hook lets "${name}" through; ${what}`)
    }
  },
}
