import { type Command, defineCommand, UsageError } from "../command-line.ts"

export const dev: Command = defineCommand({
  name: "dev",
  summary:
    "Runs the app while it is developed: its frontend's development server, its isolation app, its Core, its windows.",
  description:
    "build.beforeDevCommand is started, build.devUrl waited for, src-isolation built, and the Core started: core.ts, core/main.ts or src-core/main.ts of the project, or --core. " +
    "When the isolation app or the configuration changes, it is built and the pages load themselves again; when a file of the Core changes, the Core starts anew and the windows stay. " +
    "Every call and every decision is printed as one line.\n\n" +
    "--mock FILE stands in for a Core: its default export, or its export `commands`, holds functions by the names of the commands they answer. A Tauri project's frontend " +
    "and hook run with it, and nothing is compiled.",
  positionals: "[DIR]",
  examples: [
    ["", "the project here"],
    ["--core server/app.ts", "with the Core in another file"],
    ["--mock mock.ts", "a Tauri project, its commands answered by a file"],
  ],
  flags: {
    core: { type: "string", value: "FILE", help: "the program that calls createApp()" },
    mock: { type: "string", value: "FILE", help: "answer commands from this file, without a Core" },
    src: { type: "string", value: "DIR", help: "build the isolation app from this folder" },
    sign: { type: "string", value: "FILE", help: "sign what is built with the private key in this file" },
    json: { type: "boolean", help: "print each decision as one line of JSON" },
  },
  exit: "Exit status: 0 ended by closing the last window or by Ctrl+C, 2 it could not run.",
  async run({ flags, positionals: [start = ".", ...more], terminal }) {
    if (more.length > 0) throw new UsageError(`"${more[0]}" is too much: one project is run`)
    if (flags.core !== undefined && flags.mock !== undefined)
      throw new UsageError("--core and --mock: one of the two answers the commands")
    const { runDev } = await import("./run-dev.ts")
    return runDev({ ...flags, start, terminal })
  },
})
