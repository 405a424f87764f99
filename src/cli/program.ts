import { nearest } from "../config/nearest.ts"
import type { Command, ExitStatus } from "./command-line.ts"
import { programHelp } from "./help.ts"
import { runCommand } from "./run-command.ts"
import type { Terminal } from "./terminal.ts"

/** A program with several commands. */
export interface Program {
  readonly name: string
  readonly about: string
  readonly version: string
  readonly commands: readonly Command[]
}

/** Runs the command that the words begin with. Nothing is thrown. */
export async function runProgram(program: Program, words: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const [first, ...rest] = words
  if (first === "--version" || first === "-v") {
    terminal.print(program.version)
    return 0
  }
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    const named = first === "help" ? find(program.commands, rest) : undefined
    if (named !== undefined) return runCommand(named.command, ["--help"], program.name, terminal)
    if (first === "help" && rest[0] !== undefined) return unknown(program, rest, terminal)
    const help = programHelp(program.name, program.about, program.commands, terminal)
    if (first !== undefined) terminal.print(help)
    else terminal.say(help)
    return first === undefined ? 2 : 0
  }
  const found = find(program.commands, words)
  if (found === undefined) return unknown(program, words, terminal)
  return runCommand(found.command, found.words, program.name, terminal)
}

/** The command of the longest name that the words begin with: `audit verify` before `audit`. */
function find(
  commands: readonly Command[],
  words: readonly string[],
): { readonly command: Command; readonly words: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const command = commands.find(({ name }) => name === words.slice(0, length).join(" "))
    if (command !== undefined) return { command, words: words.slice(length) }
  }
  return undefined
}

function unknown(program: Program, words: readonly string[], terminal: Terminal): ExitStatus {
  const names = program.commands.map(({ name }) => name)
  const [first = ""] = words
  const within = names.filter((name) => name.startsWith(`${first} `))
  const meant = nearest(words.slice(0, 2).join(" "), names) ?? nearest(first, names)
  const advice =
    within.length > 0
      ? `; there is ${within.join(", ")}`
      : meant === null
        ? ""
        : `; did you mean ${program.name} ${meant}?`
  terminal.say(`there is no command "${first}"${advice}\n${program.name} --help lists them.`)
  return 2
}
