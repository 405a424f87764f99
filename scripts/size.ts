/** Counts the lines of code of the boundary: `npm run size -- --help`. */
import { fileURLToPath } from "node:url"
import { defineCommand } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import { measureBoundary, PARTS, strayImports } from "./boundary-size.ts"

await runTool(
  defineCommand({
    name: "",
    summary:
      "Counts the lines of code that must be trusted, without comments and blank lines, and compares them with their budgets.",
    examples: [
      ["", "a table"],
      ["--json", "one JSON object"],
    ],
    flags: {
      json: {
        type: "boolean",
        help: "one JSON object on standard output (npm run -s): lines of code of wire, sandbox, core, key",
      },
    },
    exit: "Exit status: 0 within the budgets, 1 above one, or code of the boundary imports other code.",
    async run({ flags, terminal }) {
      const root = fileURLToPath(new URL("..", import.meta.url))
      const sizes = measureBoundary(root)
      const stray = strayImports(root)
      if (flags.json) terminal.print(JSON.stringify(sizes))
      else {
        terminal.print("part     lines  budget  folder")
        for (const { name, folder, budget, allowed, because } of PARTS) {
          const limit = allowed === undefined ? `${budget}` : `${budget}, allowed ${allowed} because ${because}`
          terminal.print(`${name.padEnd(7)}  ${`${sizes[name]}`.padStart(5)}  ${`${budget}`.padStart(6)}  ${folder}`)
          if (allowed !== undefined) terminal.print(`         (${limit})`)
        }
      }
      for (const each of stray) terminal.say(each)
      return stray.length === 0 && PARTS.every(({ name, budget, allowed = budget }) => sizes[name] <= allowed) ? 0 : 1
    },
  }),
  "npm run size --",
)
