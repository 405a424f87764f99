/** Checks the rules of `sallyport check` against their fixtures: `npm run rules -- --help`. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { judgeFixtures } from "../src/cli/check/judge-fixtures.fixture.ts"
import { RULES } from "../src/cli/check/rules/index.ts"
import { defineCommand } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import { rulePages } from "./rule-pages.ts"

const PAGES = fileURLToPath(new URL("../docs/rules", import.meta.url))

await runTool(
  defineCommand({
    name: "",
    summary:
      "Checks each rule of sallyport check: its failing fixture is caught, its passing one and the correct hooks are clean.",
    examples: [
      ["", "all rules"],
      ["--write", "and writes their pages, docs/rules"],
    ],
    flags: {
      json: {
        type: "boolean",
        help: "one JSON object on standard output: rules, failing_fixtures_caught, passing_fixtures_clean, wrong",
      },
      write: { type: "boolean", help: "write docs/rules anew" },
    },
    exit: "Exit status: 0 all as it should be, 1 something is wrong.",
    async run({ flags, terminal }) {
      const { wrong, ...counts } = await judgeFixtures()
      for (const what of wrong) terminal.say(what)
      if (flags.json) terminal.print(JSON.stringify({ ...counts, wrong: wrong.length }))
      else {
        const { rules, failing_fixtures_caught, passing_fixtures_clean } = counts
        terminal.print(
          `${rules} rules: ${failing_fixtures_caught} failing fixtures caught, ${passing_fixtures_clean} passing ones clean, ${wrong.length} wrong`,
        )
      }
      if (flags.write) {
        mkdirSync(PAGES, { recursive: true })
        for (const [name, page] of rulePages(RULES)) writeFileSync(join(PAGES, name), page)
      }
      return wrong.length === 0 ? 0 : 1
    },
  }),
  "npm run rules --",
)
