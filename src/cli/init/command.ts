import { resolve } from "node:path"
import { type Command, defineCommand, UsageError } from "../command-line.ts"

export const init: Command = defineCommand({
  name: "init",
  summary: "Adds the isolation pattern to a Tauri or Sallyport project, with a hook that refuses by default.",
  description:
    "Changes the configuration without touching its comments or its form, writes src-isolation with a page and a hook that lists " +
    "the commands which the frontend calls and the Core offers, has the project's build commands build it, and builds it. What is " +
    "there already stays: running it twice changes nothing.\n\n" +
    "--new DIR makes a whole new app instead: a Core, a page, an isolation app and its tests.",
  positionals: "[DIR]",
  examples: [
    ["", "the project here"],
    ["--ts", "with a hook in TypeScript"],
    ["--new notes", "a new app, in the folder notes"],
  ],
  flags: {
    new: { type: "string", value: "DIR", help: "make a new app in this folder, which must be empty or new" },
    ts: { type: "boolean", help: "write the hook in TypeScript" },
    dir: {
      type: "string",
      value: "DIR",
      default: "dist-isolation",
      help: "the folder to build into, in the project's",
    },
    "dry-run": { type: "boolean", short: "n", help: "say what would be done, and do nothing" },
    json: { type: "boolean", help: "one JSON object on standard output" },
  },
  exit: "Exit status: 0 done, or nothing to do, 2 it could not be done.",
  async run({ flags, positionals: [start = ".", ...more], terminal }) {
    if (more.length > 0) throw new UsageError(`"${more[0]}" is too much: one project is changed`)
    const dryRun = flags["dry-run"]
    if (flags.new !== undefined) {
      const { makeApp } = await import("./new-app.ts")
      const { reportNewApp } = await import("./report.ts")
      reportNewApp(await makeApp(resolve(flags.new), dryRun), { json: flags.json, dryRun }, terminal)
      return 0
    }
    const { initProject } = await import("./init-project.ts")
    const { reportInit } = await import("./report.ts")
    const language = flags.ts ? "ts" : "js"
    const result = await initProject({ start: resolve(start), language, dir: flags.dir, dryRun })
    if (result.needsBuild && !dryRun) {
      const { findBuildPlace } = await import("../build/find-source.ts")
      const { buildIsolationApp } = await import("../../isolation-app/build.ts")
      const { source, dir } = await findBuildPlace(result.project.config, undefined)
      await buildIsolationApp({ source, dir, key: undefined })
    }
    reportInit(result, { json: flags.json, dryRun }, terminal)
    return 0
  },
})
