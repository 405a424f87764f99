import { readdirSync, readFileSync, statSync } from "node:fs"
import { extname, join } from "node:path"
import { type FixtureKind, fixtureOf } from "../src/cli/check/fixtures.fixture.ts"
import type { Rule } from "../src/cli/check/rule.ts"

/** The pages of the rules, made from their own texts and fixtures, by their names in `docs/rules`. */
export function rulePages(rules: readonly Rule[]): ReadonlyMap<string, string> {
  const pages = rules.map((rule): [string, string] => [`${rule.code}.md`, pageOf(rule)])
  return new Map([["README.md", overview(rules)], ...pages])
}

function overview(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ code, severity, targets, summary }) =>
      `| [${code}](${code}.md) | ${severity} | ${runsIn(targets)} | ${prose(summary)} |`,
  )
  return `# The rules of \`sallyport check\`

\`npx sallyport check\` reads an isolation app and says what would not run (errors), what its hook lets through (warnings), and
what is worth knowing (notes). Nothing in it is run. It ends with 0 when there is no error and no warning, 1 when there is one, 2
when it could not check. Which of Tauri and Sallyport runs the app is told by a \`Cargo.toml\` beside the configuration, or by
\`--target\`. These pages are made from the rules and their fixtures: \`npm run rules -- --write\`.

A rule is turned off for a line, or a file, by a comment above it, with a reason; what keeps the app from starting is not:

\`\`\`js
// sallyport-ignore-next-line UNKNOWN_COMMAND_PASSES: the Core's capabilities say what this window may do
// sallyport-ignore-file APP_LARGE: the table of commands is generated, and reviewed as a table
\`\`\`

With \`--json\` there is one object on standard output: \`ok\`, \`dir\` (the isolation app's folder), \`stage\` (\`source\`: what is
built from; \`built\`: what is launched), \`target\`, \`files\`, \`bytes\`, \`errors\`, \`warnings\`, \`notes\`, and \`findings\`: a list of
\`code\`, \`severity\`, \`file\`, \`line\` and \`column\` (from 1, or null), \`what\`, \`why\`, \`mend\`, \`docs\`.

| rule | | for | |
| --- | --- | --- | --- |
${rows.join("\n")}
`
}

function pageOf(rule: Rule): string {
  const { code, severity, targets, summary, why, mend, stopsLaunch } = rule
  const off = stopsLaunch
    ? "An app with this does not start, so the rule cannot be turned off."
    : `To turn it off for a line: \`// sallyport-ignore-next-line ${code}: reason\`.`
  return `# ${code}

${prose(summary)}. (${severity}, for ${runsIn(targets)})

**Why.** ${prose(why)}

**How to mend it.** ${prose(mend)}

${off}

## Found in

${example(rule, "fail")}
## Fine

${example(rule, "pass")}
[All rules](README.md)
`
}

/** A text in Markdown, in which nothing of it means anything. */
const prose = (text: string): string => text.replaceAll(/[\\`*_<>[\]|]/g, "\\$&")

const runsIn = (targets: Rule["targets"]): string =>
  targets.map((target) => (target === "tauri" ? "Tauri" : "Sallyport")).join(" and ")

function example(rule: Rule, kind: FixtureKind): string {
  const fixture = fixtureOf(rule, kind)
  if (fixture === null) throw new Error(`${rule.code} has no fixture "${kind}"`)
  if (!statSync(fixture).isDirectory()) return block(readFileSync(fixture), extname(fixture))
  const names = readdirSync(fixture, { recursive: true, encoding: "utf8" }).sort()
  return names
    .filter((name) => statSync(join(fixture, name)).isFile())
    .map((name) => described(name.replaceAll("\\", "/"), readFileSync(join(fixture, name))))
    .join("\n")
}

function described(name: string, content: Buffer): string {
  if (name.endsWith(".gitkeep")) return `\`${name.replace(/\.gitkeep$/, "")}\`, an empty folder.\n`
  if (name.endsWith(".size")) return `\`${name.replace(/\.size$/, "")}\`, of ${content.toString().trim()} bytes.\n`
  return `\`${name}\`:\n\n${block(content, extname(name))}`
}

/** What is longer is no example. */
const LINES = 25

function block(content: Buffer, extension: string): string {
  const lines = content.toString("utf8").trimEnd().split("\n")
  const shown = lines.length > LINES ? [...lines.slice(0, LINES), `… ${lines.length - LINES} lines more`] : lines
  return `\`\`\`${extension.slice(1)}\n${shown.join("\n")}\n\`\`\`\n`
}
