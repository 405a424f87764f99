/** Loads a real Core and sees what it does to its memory and to others' calls: `npm run soak -- --help`. */
import { defineCommand } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import type { PhaseResult } from "./phase.ts"
import { PHASES } from "./phases/index.ts"

const SOAK = defineCommand({
  name: "",
  summary: "Loads a real Core over real sockets, and sees what that does to its memory and to others' calls.",
  description: PHASES.map(({ name, summary }) => `${name}: ${summary}.`).join("\n\n"),
  examples: [
    ["--quick", "a first impression, in half a minute"],
    ["", "all of it: a thousand windows, a million calls, ten thousand sessions; some minutes"],
    ["--only fairness", "one phase, or several"],
  ],
  flags: {
    quick: { type: "boolean", help: "fewer windows, calls and sessions" },
    only: {
      type: "string",
      value: "PHASE",
      multiple: true,
      choices: PHASES.map(({ name }) => name),
      help: "only this phase; may be given several times",
    },
    json: { type: "boolean", help: "one JSON object on standard output" },
  },
  exit: "0 when every promise holds, 1 when one is broken, 2 when it could not run.",
  run: async ({ flags, terminal }) => {
    const results: PhaseResult[] = []
    for (const phase of PHASES.filter(({ name }) => flags.only.length === 0 || flags.only.includes(name))) {
      terminal.say(`── ${phase.name}: ${phase.summary}`)
      const result = await phase.run(flags.quick, (line) => terminal.say(`   ${line}`))
      for (const broken of result.broken) terminal.say(`✗  ${broken}`)
      results.push(result)
    }
    const broken = results.flatMap((result) => result.broken.map((text) => `${result.phase}: ${text}`))
    if (flags.json) terminal.print(JSON.stringify({ ...summary(results), broken, phases: results }))
    else for (const line of table(results)) terminal.print(line)
    return broken.length === 0 ? 0 : 1
  },
})

await runTool(SOAK, "npm run soak --")

/** The whole run in one row: times are those of many windows, the heap is the Core's before and after very many calls. */
function summary(results: readonly PhaseResult[]): Record<string, unknown> {
  const of = (phase: string): Partial<PhaseResult> => results.find((result) => result.phase === phase) ?? {}
  const sum = (figure: "calls" | "errors" | "sessions"): number =>
    results.reduce((total, result) => total + result[figure], 0)
  return {
    calls: sum("calls"),
    errors: sum("errors"),
    p50_us: of("windows").p50_us ?? null,
    p99_us: of("windows").p99_us ?? null,
    heap_start: of("calls").heap_start ?? null,
    heap_end: of("calls").heap_end ?? null,
    sessions: sum("sessions"),
    ...hostileFigures(results.find(({ phase }) => phase === "hostile")),
  }
}

/** Another window's p99 and the Core's peak heap beside the costliest records, and which those were. */
function hostileFigures(result: PhaseResult | undefined): object {
  if (result === undefined) return {}
  const { p99_ms, heap_mib, worst, worst_heap } = result
  return { hostile: { p99_ms, heap_mib, worst, worst_heap } }
}

function table(results: readonly PhaseResult[]): string[] {
  return results.flatMap(({ phase, broken, ...figures }) => [
    "",
    `${phase}: ${broken.length === 0 ? "holds" : "BROKEN"}`,
    ...Object.entries(figures).map(([name, value]) => `  ${name.padEnd(26)}${shown(value).padStart(16)}`),
  ])
}

function shown(value: unknown): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : String(value)
}
