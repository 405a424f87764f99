/**
 * What a command line is made of, and how one is read. `sallyport` has a table of commands; each of the project's own tools
 * (`npm run attacks`, …) is one command.
 */
import { parseArgs } from "node:util"
import { nearest } from "../config/nearest.ts"
import type { Terminal } from "./terminal.ts"

/** A flag of a command: `--name`, with a value (`VALUE` names it in the help) or without. */
export type Flag =
  | { readonly type: "boolean"; readonly short?: string; readonly help: string }
  | {
      readonly type: "string"
      readonly short?: string
      /** What the help calls its value: `FILE`. */
      readonly value: string
      readonly default?: string
      /** It may be given several times. */
      readonly multiple?: boolean
      /** All values it may have: others are refused, and shells complete these. */
      readonly choices?: readonly string[]
      readonly help: string
    }

export type Flags = Readonly<Record<string, Flag>>

type ValueOf<F extends Flag> = F extends { type: "boolean" }
  ? boolean
  : F extends { multiple: true }
    ? readonly string[]
    : F extends { default: string }
      ? string
      : string | undefined

export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: ValueOf<F[Name]> }

/** How a command ends: all is well, it found something, or it could not run. */
export type ExitStatus = 0 | 1 | 2

/** What a command is run with. */
export interface Invocation<F extends Flags> {
  readonly flags: FlagValues<F>
  readonly positionals: readonly string[]
  readonly terminal: Terminal
}

export interface Command<F extends Flags = Flags> {
  /** What it is called by: one word or two (`audit verify`). */
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** More than the summary says, in paragraphs. */
  readonly description?: string
  /** The words after the flags, as the help shows them: `[DIR]`, `FILE…`. None when left out. */
  readonly positionals?: string
  /** Command lines, without the program's name, and what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[]
  readonly flags: F
  /** What the exit status says, when it is not 0 fine, 1 findings, 2 wrong use. */
  readonly exit?: string
  run(invocation: Invocation<F>): Promise<ExitStatus>
}

/** Lets TypeScript derive the types of the flags. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command<F> {
  return command
}

/** The command was used in a way that it does not understand; the message says which way it does. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

/**
 * Reads the words after a command's name.
 *
 * @throws UsageError for an unknown flag, a missing or unknown value, and words where none are expected
 */
export function parseCommandLine<F extends Flags>(
  command: Command<F>,
  words: readonly string[],
): { readonly flags: FlagValues<F>; readonly positionals: readonly string[]; readonly help: boolean } {
  const options = Object.fromEntries(
    Object.entries<Flag>(command.flags).map(([name, { type, short }]) => [
      name,
      { type, multiple: true, ...(short === undefined ? {} : { short }) },
    ]),
  )
  // Not strict: its own messages do not know what was meant.
  const { tokens } = parseArgs({
    args: [...words],
    options: { ...options, help: { type: "boolean", short: "h" } },
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  const given = new Map<string, string[]>()
  const positionals: string[] = []
  let help = false
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value)
    if (token.kind !== "option") continue
    const { name, rawName, value } = token
    if (name === "help") {
      help = true
      continue
    }
    const flag = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined
    if (flag === undefined) throw new UsageError(unknownFlag(rawName, command.flags))
    // What looks like a flag is one, unless it is written --name=-value.
    const isFlag = token.inlineValue === false && token.value.startsWith("-") && token.value !== "-"
    given.set(name, [...(given.get(name) ?? []), checkedValue(flag, rawName, isFlag ? undefined : value)])
  }
  if (help) return { flags: valuesOf(command.flags, new Map()), positionals, help }
  for (const [name, values] of given) {
    const flag = command.flags[name]
    if (values.length > 1 && flag?.type === "string" && flag.multiple !== true)
      throw new UsageError(`--${name} is given ${values.length} times: once is enough`)
  }
  if (command.positionals === undefined && positionals.length > 0)
    throw new UsageError(`"${positionals[0]}" is too much: ${command.name} takes flags only`)
  return { flags: valuesOf(command.flags, given), positionals, help }
}

function checkedValue(flag: Flag, rawName: string, value: string | undefined): string {
  if (flag.type === "boolean") {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`)
    return ""
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value}`)
  if (flag.choices?.includes(value) === false)
    throw new UsageError(`${rawName} ${value}: expected ${flag.choices.join(", ")}`)
  return value
}

function valuesOf<F extends Flags>(flags: F, given: ReadonlyMap<string, string[]>): FlagValues<F> {
  const values = Object.entries<Flag>(flags).map(([name, flag]) => {
    const texts = given.get(name)
    if (flag.type === "boolean") return [name, texts !== undefined]
    if (flag.multiple === true) return [name, texts ?? (flag.default === undefined ? [] : [flag.default])]
    return [name, texts?.at(-1) ?? flag.default]
  })
  return Object.fromEntries(values) as FlagValues<F>
}

function unknownFlag(rawName: string, flags: Flags): string {
  const names = [...Object.keys(flags), "help"]
  const meant = nearest(rawName.replace(/^-+/, ""), names)
  return `there is no flag ${rawName}${meant === null ? "" : `; did you mean --${meant}?`}`
}
