import { type Command, defineCommand } from "../command-line.ts"

export const test: Command = defineCommand({
  name: "test",
  summary: "Runs cases against the hook, in the real sandboxed frame of a browser or, faster, without one.",
  description:
    "Cases stand in isolation.test.json or isolation.test.ts: a list of { name, call: { cmd, payload }, expect }, where " +
    'expect is "pass", "refuse", { payload } for what must reach the Core, or { refuse } for a part of the message. A case may ' +
    "name the window that calls; the cases of one window share the hook's state, in their order.\n\n" +
    "--fuzz tries hostile arguments with every command that has a case which passes, and counts what the hook lets through.",
  positionals: "[FILE…]",
  examples: [
    ["", "every test file of the project, in a browser"],
    ["--node --watch", "without a browser, again after each change"],
    ["--node --fuzz", "hostile arguments as well"],
    ["--coverage", "which lines of the hook no case has run"],
  ],
  flags: {
    config: { type: "string", short: "c", value: "FILE", help: "the project's tauri.conf.json, or its folder" },
    dir: { type: "string", value: "DIR", help: "the isolation app, instead of the one that the configuration names" },
    node: { type: "boolean", help: "in a realm of Node's own, without a browser: fast, and without a document" },
    browser: {
      type: "string",
      value: "NAME",
      choices: ["chromium", "firefox"],
      default: "chromium",
      help: "where to run",
    },
    fuzz: { type: "boolean", help: "try hostile arguments as well" },
    coverage: { type: "boolean", help: "count the lines and branches that ran, by V8; implies --node" },
    only: { type: "string", value: "TEXT", help: "only cases whose names hold the text" },
    watch: { type: "boolean", short: "w", help: "run again when the isolation app or a test file changes" },
    json: { type: "boolean", help: "one JSON object on standard output" },
  },
  async run({ flags, positionals, terminal }) {
    const { runTests } = await import("./run-tests.ts")
    return runTests({ ...flags, files: positionals, cwd: process.cwd(), terminal })
  },
})
