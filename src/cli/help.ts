import type { Command, Flag, Flags } from "./command-line.ts"
import type { Terminal } from "./terminal.ts"

/** Lines are no longer than people read well. */
const WIDEST = 110
const EXIT = "Exit status: 0 fine, 1 findings, 2 wrong use."

/**
 * The help of a command: what it does, examples, flags.
 *
 * @param program what a command line begins with: `sallyport`, or `npm run attacks --`
 */
export function commandHelp(command: Command, program: string, terminal: Terminal): string {
  const width = Math.min(terminal.columns, WIDEST)
  const heading = (text: string): string => terminal.style("bold", text)
  const start = [program, command.name].filter((part) => part !== "").join(" ")
  const flags: readonly (readonly [string, Flag])[] = Object.entries<Flag>(command.flags)
  const rows: [string, string][] = [
    ...flags.map(([name, flag]): [string, string] => [flagLabel(name, flag), flagHelp(flag)]),
    ["-h, --help", "this text"],
  ]
  return [
    wrap(command.summary, width),
    ...(command.description === undefined
      ? []
      : ["", ...command.description.split("\n\n").map((text) => wrap(text, width))]),
    "",
    `${heading("Usage:")} ${[start, "[flags]", command.positionals].filter(Boolean).join(" ")}`,
    "",
    ...table(
      command.examples.map(([line, what]) => [`${start}${line === "" ? "" : ` ${line}`}`, what]),
      width,
    ),
    "",
    heading("Flags:"),
    ...table(rows, width),
    "",
    wrap(command.exit ?? EXIT, width),
  ].join("\n")
}

/** The help of a program with several commands. */
export function programHelp(
  program: string,
  about: string,
  commands: readonly Command<Flags>[],
  terminal: Terminal,
): string {
  const width = Math.min(terminal.columns, WIDEST)
  const heading = (text: string): string => terminal.style("bold", text)
  return [
    wrap(about, width),
    "",
    `${heading("Usage:")} ${program} <command> [flags]`,
    "",
    heading("Commands:"),
    ...table(
      commands.map(({ name, summary }) => [name, summary]),
      width,
    ),
    "",
    `${program} <command> --help says more about each. --version prints the version.`,
    EXIT,
  ].join("\n")
}

function flagLabel(name: string, flag: Flag): string {
  const short = flag.short === undefined ? "" : `-${flag.short}, `
  return `${short}--${name}${flag.type === "string" ? ` ${flag.value}` : ""}`
}

function flagHelp(flag: Flag): string {
  if (flag.type === "boolean") return flag.help
  const notes = [
    ...(flag.choices === undefined ? [] : [flag.choices.join(", ")]),
    ...(flag.default === undefined ? [] : [`default: ${flag.default}`]),
    ...(flag.multiple === true ? ["may be repeated"] : []),
  ]
  return notes.length === 0 ? flag.help : `${flag.help} (${notes.join("; ")})`
}

/** Two columns, the second wrapped in itself; a first that is too wide stands on a line of its own. */
function table(rows: readonly (readonly [string, string])[], width: number): string[] {
  const first = Math.min(Math.max(0, ...rows.map(([label]) => label.length)), Math.floor(width / 2))
  const indent = " ".repeat(first + 5)
  return rows.flatMap(([label, text]) => {
    const lines = wrap(text, Math.max(20, width - indent.length)).split("\n")
    if (label.length > first) return [`  ${label}`, ...lines.map((line) => `${indent}${line}`)]
    return lines.map((line, index) => (index === 0 ? `  ${label.padEnd(first)}   ${line}` : `${indent}${line}`))
  })
}

/** Breaks a text between words. A word that is too long stays whole: nobody can copy half a path. */
export function wrap(text: string, width: number): string {
  const lines: string[] = []
  for (const paragraph of text.split("\n")) {
    let line = ""
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line)
        line = word
      } else line = line === "" ? word : `${line} ${word}`
    }
    lines.push(line)
  }
  return lines.join("\n")
}
