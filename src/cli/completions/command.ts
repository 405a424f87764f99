import { type Command, defineCommand, UsageError } from "../command-line.ts"

const SHELLS = ["bash", "zsh", "fish"] as const

export const completions: Command = defineCommand({
  name: "completions",
  summary: "Prints the completions of commands, flags and values for a shell.",
  positionals: SHELLS.join("|"),
  examples: [
    ["bash >> ~/.bashrc", "for bash"],
    ["zsh > ~/.zfunc/_sallyport", "for zsh, with ~/.zfunc in fpath before compinit"],
    ["fish > ~/.config/fish/completions/sallyport.fish", "for fish"],
  ],
  flags: {},
  exit: "Exit status: 0 printed, 2 wrong use.",
  async run({ positionals: [shell, ...more], terminal }) {
    const known = SHELLS.find((name) => name === shell)
    if (known === undefined || more.length > 0) throw new UsageError(`expected one of ${SHELLS.join(", ")}`)
    const [{ completionScript }, { COMMANDS }] = await Promise.all([import("./script.ts"), import("../commands.ts")])
    terminal.print(completionScript(known, COMMANDS))
    return 0
  },
})
