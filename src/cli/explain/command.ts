import { type Command, defineCommand, UsageError } from "../command-line.ts"

export const explain: Command = defineCommand({
  name: "explain",
  summary: "Says in words what isolation does for an app: its commands, what the hook checks, what stays open.",
  description: "From the app's own files, which are read and never run. What reading cannot tell is said to be so.",
  positionals: "[DIR]",
  examples: [["", "the project here"]],
  flags: { json: { type: "boolean", help: "one JSON object on standard output" } },
  exit: "Exit status: 0 explained, 2 wrong use.",
  async run({ flags, positionals: [start = ".", ...more], terminal }) {
    if (more.length > 0) throw new UsageError(`"${more[0]}" is too much: one app is explained`)
    const [{ findApp }, { explain }, { printExplanation }] = await Promise.all([
      import("../check/find-app.ts"),
      import("./explanation.ts"),
      import("./report.ts"),
    ])
    const explanation = await explain(await findApp(start, undefined))
    if (flags.json) terminal.print(JSON.stringify(explanation))
    else printExplanation(explanation, process.cwd(), terminal)
    return 0
  },
})
