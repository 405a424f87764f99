import { bare } from "../../boundary/wire/own.ts"
import { type CallContext, type Command, command } from "../../core/command.ts"
import type { ResolvedPath, ResolveOptions } from "../../directories/real-path.ts"
import { type Arguments, readText, record } from "../arguments.ts"
import { inSystemWords, isOfSystem } from "../system-error.ts"
import { readBase, readOptions } from "./options.ts"
import type { PageTurns } from "./page-turns.ts"
import type { Scopes } from "./scopes.ts"

/** What the plugin's commands share. */
export interface FsParts {
  readonly scopes: Scopes
  readonly turns: PageTurns
  /** What is read, listed or waited for at once goes no further than this, in bytes. */
  readonly maxReadBytes: number
}

export type FsHandler = (args: Arguments, context: CallContext) => Promise<unknown>

/** A command that has its turn among those of its page. */
export function fsCommand({ turns }: FsParts, run: FsHandler): Command {
  return command((given: unknown, context) => {
    // Read now: a page's arguments are nobody else's, but its raw bytes are no record.
    const args = record(given)
    return turns.take(context.page, context.signal, () => run(args, context))
  })
}

/** Runs what may fail for the system's reasons, and says what was being done: `failed to open file at path: … with error: …`. */
export async function doing<Result>(what: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    throw new Error(`failed to ${what} with error: ${inSystemWords(error)}`, { cause: error })
  }
}

/** A path argument with the command's base directory, in scope. The path of a message is `lexical`. */
export async function resolveArgument(
  parts: FsParts,
  args: Arguments,
  context: CallContext,
  how: ResolveOptions & { readonly key?: string; readonly base?: string } = {},
): Promise<ResolvedPath> {
  const { key = "path", base = "baseDir", ...options } = bare(how)
  const name = nameOf(context)
  const path = readText(args, key, name)
  const directory = readBase(readOptions(args, name), name, base)
  try {
    return await parts.scopes.resolve(path, directory, context, options)
  } catch (error) {
    throw isOfSystem(error)
      ? new Error(`failed to resolve path: ${path} with error: ${inSystemWords(error)}`, { cause: error })
      : error
  }
}

/** `plugin:fs|read_dir` → `read_dir`. */
export function nameOf({ command: name }: CallContext): string {
  return name.slice(name.indexOf("|") + 1)
}
