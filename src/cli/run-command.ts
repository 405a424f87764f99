import { ConfigError } from "../config/config-error.ts"
import { IsolationAppError } from "../isolation-app/isolation-app-error.ts"
import { type Command, type ExitStatus, type Flags, parseCommandLine, UsageError } from "./command-line.ts"
import { commandHelp } from "./help.ts"
import { endWithReader, processTerminal, type Terminal } from "./terminal.ts"

/** Something went wrong that its message explains: it is shown without a stack. */
export class CommandError extends Error {
  override readonly name = "CommandError"
}

/** Errors whose messages are written for the people who run a command. */
const EXPECTED = [CommandError, ConfigError, IsolationAppError]

/**
 * Runs one command with the words after its name. Nothing is thrown: what goes wrong is said, with a stack only where the
 * fault is Sallyport's.
 *
 * @param program what a command line begins with
 */
export async function runCommand<F extends Flags>(
  command: Command<F>,
  words: readonly string[],
  program: string,
  terminal: Terminal,
): Promise<ExitStatus> {
  try {
    const { flags, positionals, help } = parseCommandLine(command, words)
    if (help) {
      terminal.print(commandHelp(command as Command, program, terminal))
      return 0
    }
    return await command.run({ flags, positionals, terminal })
  } catch (error) {
    terminal.say(explained(error, [program, command.name].filter((part) => part !== "").join(" ")))
    return 2
  }
}

function explained(error: unknown, start: string): string {
  if (error instanceof UsageError) return `${error.message}\n${start} --help shows what there is.`
  if (EXPECTED.some((kind) => error instanceof kind)) return (error as Error).message
  if (error instanceof Error) return `This should not have happened:\n${error.stack ?? error.message}`
  return `This should not have happened: ${String(error)}`
}

/** Runs this process as one command, such as a tool of the project. */
export async function runTool<F extends Flags>(command: Command<F>, program: string): Promise<void> {
  endWithReader()
  process.exitCode = await runCommand(command, process.argv.slice(2), program, processTerminal)
}
