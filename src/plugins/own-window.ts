import { type CallContext, type Command, command } from "../core/command.ts"
import { PageOperation } from "../core/page-operation.ts"
import type { OperationArguments, OperationName } from "../protocol/operations.ts"
import { type Arguments, inTauriWords, record } from "./arguments.ts"
import type { WindowHost } from "./window-host.ts"

/** The window that a call is about: by default the one that calls. Throws an `Error`, in Tauri's words, for one that is not there. */
export function readLabel({ label }: Arguments, { window }: CallContext, host: () => WindowHost): string {
  if (label === undefined || label === null || label === window) return window
  if (typeof label === "string" && host().labels.includes(label)) return label
  throw new Error("window not found")
}

/**
 * A command that the calling page carries out on its own window, because nobody else can. What one page says of its window is
 * told to no other.
 *
 * @param read takes the operation's argument from `value`; it may throw
 */
export function byPage<Name extends OperationName>(
  host: () => WindowHost,
  operation: Name,
  read: (value: unknown, args: Arguments) => OperationArguments[Name],
): Command<unknown> {
  return command((args, context) => {
    const named = record(args)
    const name = context.command.replace(/^.*\|/, "")
    const label = readLabel(named, context, host)
    if (label !== context.window)
      throw new Error(
        `${name} of the window "${label}" was called by "${context.window}": a browser window can only speak and act ` +
          `for itself, so call it in a page of "${label}"`,
      )
    return new PageOperation(
      operation,
      inTauriWords("value", name, () => read(named.value, named)),
    )
  })
}

/** Commands whose names are the page's operations, and that take nothing. */
export function byPageAlone<Name extends OperationName>(
  host: () => WindowHost,
  names: readonly (Name & NothingToTake)[],
): Record<string, Command<unknown>> {
  return Object.fromEntries(names.map((name) => [name, byPage<NothingToTake>(host, name, () => null)]))
}

/** Operations without an argument. */
type NothingToTake = {
  [Name in OperationName]: OperationArguments[Name] extends null ? Name : never
}[OperationName]
