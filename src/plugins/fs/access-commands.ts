import { type Commands, command } from "../../core/command.ts"
import { readText, record } from "../arguments.ts"

/** What iOS asks for before a file from its picker is used. Elsewhere there is nothing to do, in Tauri, too. */
export function accessCommands(): Commands {
  const nothing = (name: string) =>
    command((args: unknown) => {
      readText(record(args), "path", name)
      return null
    })
  return {
    start_accessing_security_scoped_resource: nothing("start_accessing_security_scoped_resource"),
    stop_accessing_security_scoped_resource: nothing("stop_accessing_security_scoped_resource"),
  }
}
