import { type Command, defineCommand, UsageError } from "../command-line.ts"

export const check: Command = defineCommand({
  name: "check",
  summary: "Checks the isolation app: what would not run, and what the hook lets through.",
  description:
    "Of a Tauri or a Sallyport project, as it is: the configuration says where the isolation app is. With a src-isolation " +
    "folder, that source is checked; without, what app.security.pattern.options.dir names. A folder with an index.html is " +
    "checked by itself. Scripts are read, never run.\n\n" +
    "A rule is turned off for a line by a comment with a reason: // sallyport-ignore-next-line CODE: reason. Each rule has a page in docs/rules.",
  positionals: "[DIR]",
  examples: [
    ["", "the isolation app of the project here"],
    ["src-isolation --target tauri", "this folder, as an app of Tauri's"],
    ["--json", "for other programs"],
  ],
  flags: {
    target: {
      type: "string",
      value: "NAME",
      choices: ["tauri", "sallyport"],
      help: "what will run it; by default Tauri, if there is a Cargo.toml beside the configuration",
    },
    json: { type: "boolean", help: "print one object of JSON on standard output" },
  },
  exit: "Exit status: 0 fine, 1 errors or warnings, 2 wrong use.",
  async run({ flags, positionals: [start = ".", ...more], terminal }) {
    if (more.length > 0) throw new UsageError(`"${more[0]}" is too much: one isolation app is checked`)
    const [{ findApp }, { checkIsolationApp }, { textReport }, { jsonReport }] = await Promise.all([
      import("./find-app.ts"),
      import("./check.ts"),
      import("./text-report.ts"),
      import("./json-report.ts"),
    ])
    const target = flags.target === "tauri" || flags.target === "sallyport" ? flags.target : undefined
    const result = await checkIsolationApp(await findApp(start, target))
    const report = jsonReport(result)
    terminal.print(flags.json ? JSON.stringify(report) : textReport(result, terminal))
    return report.ok ? 0 : 1
  },
})
