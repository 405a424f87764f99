import { type Command, type Commands, command } from "../core/command.ts"

/**
 * A command for what a browser window does not have: rejects, with `what` it would have done and `why` it cannot be. Resolving
 * without having done it would be a lie to the page.
 */
export function refusal(what: string, why: string): Command {
  return command(() => {
    throw new Error(`${what} is not supported: ${why}`)
  })
}

/** A refusal under each of the names, for the same reason. */
export function refusals(plugin: string, names: readonly string[], why: string): Commands {
  return Object.fromEntries(names.map((name) => [name, refusal(`plugin:${plugin}|${name}`, why)]))
}
