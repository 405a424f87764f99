import type { Command, Flag } from "../command-line.ts"

type Shell = "bash" | "zsh" | "fish"

/** A script that completes the command line of `sallyport`, for the shell to read. */
export function completionScript(shell: Shell, commands: readonly Command[]): string {
  return { bash, zsh, fish }[shell](commands)
}

const flagsOf = (command: Command): [string, Flag][] => [
  ...Object.entries<Flag>(command.flags),
  ["help", { type: "boolean", short: "h", help: "what it does, and its flags" }],
]
/** The first words of all commands: what can be written after the program's name. */
const firstWords = (commands: readonly Command[]): string[] => [
  ...new Set(commands.map(({ name }) => name.split(" ")[0] ?? "")),
]
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Words that may stand behind a command's name: the shells of `completions`, the second word of `audit verify`. */
function positionalChoices({ positionals = "" }: Command): string[] {
  return /^[\w-]+(?:\|[\w-]+)+$/.test(positionals) ? positionals.split("|") : []
}

function bash(commands: readonly Command[]): string {
  const flagCases = (command: Command): string[] =>
    flagsOf(command).flatMap(([name, flag]) =>
      flag.type === "boolean"
        ? []
        : flag.choices === undefined
          ? [`      --${name}) COMPREPLY=($(compgen -f -- "$current")); return ;;`]
          : [`      --${name}) COMPREPLY=($(compgen -W ${quoted(flag.choices.join(" "))} -- "$current")); return ;;`],
    )
  const body = commands.map((command) =>
    [
      `    ${quoted(`${command.name} `)}*)`,
      `      case "$previous" in`,
      ...flagCases(command).map((line) => `  ${line}`),
      "      esac",
      `      flags=${quoted(
        flagsOf(command)
          .map(([name]) => `--${name}`)
          .join(" "),
      )}`,
      `      words=${quoted(positionalChoices(command).join(" "))} ;;`,
    ].join("\n"),
  )
  return `_sallyport() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" flags="" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted([...firstWords(commands), "--help", "--version"].join(" "))} -- "$current"))
    return
  fi
  case "\${COMP_WORDS[*]:1} " in
${body.join("\n")}
${secondWords(commands)
  .map(([first, seconds]) => `    ${quoted(`${first} `)}*) words=${quoted(seconds.join(" "))} ;;`)
  .join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
    *) if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi ;;
  esac
}
complete -o bashdefault -o default -F _sallyport sallyport`
}

/** The first words that are no command of their own, and what may follow them. */
function secondWords(commands: readonly Command[]): [string, string[]][] {
  return firstWords(commands)
    .filter((first) => !commands.some(({ name }) => name === first))
    .map((first) => [
      first,
      commands.flatMap(({ name }) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : [])),
    ])
}

function zsh(commands: readonly Command[]): string {
  const described = (word: string, help: string): string =>
    quoted(`${word.replaceAll(":", "\\:")}:${help.replaceAll(":", "\\:")}`)
  const specs = (command: Command): string[] => [
    ...flagsOf(command).map(([name, flag]) => {
      const help = flag.help.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`)
      const many = flag.type === "string" && flag.multiple === true ? "*" : ""
      const value =
        flag.type === "boolean"
          ? ""
          : `:${flag.value}:${flag.choices === undefined ? "_files" : `(${flag.choices.join(" ")})`}`
      return quoted(`${many}--${name}[${help}]${value}`)
    }),
    quoted(
      positionalChoices(command).length > 0
        ? `*:${command.name}:(${positionalChoices(command).join(" ")})`
        : "*:file:_files",
    ),
  ]
  const cases = commands.map((command) => {
    const depth = command.name.split(" ").length
    return `    ${quoted(`${command.name} `)}*)
      shift ${depth} words
      (( CURRENT -= ${depth} ))
      _arguments ${specs(command).join(" ")} ;;`
  })
  const firsts = firstWords(commands).map((first) =>
    described(first, commands.find(({ name }) => name === first || name.startsWith(`${first} `))?.summary ?? ""),
  )
  return `#compdef sallyport
_sallyport() {
  local -a commands
  commands=(${firsts.join(" ")})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "\${words[2,-1]} " in
${cases.join("\n")}
${secondWords(commands)
  .map(([first, seconds]) => `    ${quoted(`${first} `)}*) compadd ${seconds.map(quoted).join(" ")} ;;`)
  .join("\n")}
  esac
}
if [ "$funcstack[1]" = "_sallyport" ]; then _sallyport "$@"; else compdef _sallyport sallyport; fi`
}

function fish(commands: readonly Command[]): string {
  const lines = firstWords(commands).map((first) => {
    const summary = commands.find(({ name }) => name === first || name.startsWith(`${first} `))?.summary ?? ""
    return `complete -c sallyport -n __fish_use_subcommand -f -a ${first} -d ${fishQuoted(summary)}`
  })
  for (const [first, seconds] of secondWords(commands))
    lines.push(
      `complete -c sallyport -n ${fishQuoted(`__fish_seen_subcommand_from ${first}`)} -f -a ${fishQuoted(seconds.join(" "))}`,
    )
  for (const command of commands) {
    const when = command.name
      .split(" ")
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join("; and ")
    const start = `complete -c sallyport -n ${fishQuoted(when)}`
    const words = positionalChoices(command)
    if (words.length > 0) lines.push(`${start} -f -a ${fishQuoted(words.join(" "))}`)
    for (const [name, flag] of flagsOf(command)) {
      const short = flag.short === undefined ? "" : ` -s ${flag.short}`
      const value =
        flag.type === "boolean"
          ? ""
          : flag.choices === undefined
            ? " -r -F"
            : ` -x -a ${fishQuoted(flag.choices.join(" "))}`
      lines.push(`${start}${short} -l ${name}${value} -d ${fishQuoted(flag.help)}`)
    }
  }
  return lines.join("\n")
}

const fishQuoted = (text: string): string => `'${text.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`
