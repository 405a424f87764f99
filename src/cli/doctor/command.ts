import { resolve } from "node:path"
import { type Command, defineCommand, UsageError } from "../command-line.ts"
import type { Examine } from "./finding.ts"

export const doctor: Command = defineCommand({
  name: "doctor",
  summary: "Looks at this machine and a project, and says for each finding what to do.",
  description: "What it prints is made to be pasted into an issue: it holds no secrets, but paths of this machine.",
  positionals: "[DIR]",
  examples: [["", "this machine, and the project here"]],
  flags: { json: { type: "boolean", help: "one JSON object on standard output" } },
  exit: "Exit status: 0 nothing that keeps an app from working, 1 something does, 2 wrong use.",
  async run({ flags, positionals: [start = ".", ...more], terminal }) {
    if (more.length > 0) throw new UsageError(`"${more[0]}" is too much: one project is looked at`)
    const [{ findProject }, { printSections }, ...examinations] = await Promise.all([
      import("../project/find-project.ts"),
      import("./report.ts"),
      import("./versions.ts").then(({ versions }) => versions),
      import("./browsers.ts").then(({ browsers }) => browsers),
      import("./ports.ts").then(({ ports }) => ports),
      import("./configuration.ts").then(({ configuration }) => configuration),
      import("./isolation.ts").then(({ isolation }) => isolation),
      import("./policy.ts").then(({ policy }) => policy),
    ])
    const project = await findProject(resolve(start))
    const sections = []
    for (const examine of examinations satisfies readonly Examine[]) sections.push(await examine({ project }))
    if (flags.json) terminal.print(JSON.stringify({ project: project?.config ?? null, sections }))
    else printSections(sections, terminal)
    return sections.some(({ findings }) => findings.some(({ state }) => state === "error")) ? 1 : 0
  },
})
