/** Looks for what breaks promises, as long as it is told to: `npm run fuzz -- --help`. */
import { defineCommand, UsageError } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import { describe, type Property, randomSeed, type Target, tryBatches } from "./property.ts"
import { TARGETS } from "./targets/index.ts"

/** All have had a turn soon, and later the long search goes on where each left off. */
const TURN_MS = 2000

interface Entry {
  readonly target: Target
  readonly property: Property
}

const FUZZ = defineCommand({
  name: "",
  summary: "Looks for input that breaks a promise of the code, and shrinks what it finds.",
  examples: [
    ["", "everything, for a minute"],
    ["--minutes 30", "for longer"],
    ["--only frame-codec", "one target, or the properties whose names hold a text"],
    ["--only opener --seed 12345", "what was found before, again"],
  ],
  flags: {
    minutes: { type: "string", value: "N", default: "1", help: "how long to look" },
    only: { type: "string", value: "TEXT", help: "a target, or a part of a property's name" },
    seed: {
      type: "string",
      value: "N",
      help: "where to begin: the same seed tries the same values (default: another each time)",
    },
    list: { type: "boolean", help: "what there is, without running it" },
    json: {
      type: "boolean",
      help: "one JSON object on standard output (npm run -s): targets, properties, runs, failed, seed, findings",
    },
  },
  exit: "Exit status: 0 nothing was found, 1 something was, 2 it could not run.",
  async run({ flags, terminal }) {
    const minutes = Number(flags.minutes)
    if (!(minutes > 0)) throw new UsageError(`--minutes ${flags.minutes}: expected a number above 0`)
    const seed = flags.seed === undefined ? randomSeed() : Number(flags.seed)
    if (!Number.isInteger(seed))
      throw new UsageError(`--seed ${flags.seed}: expected a whole number, as a finding names it`)
    const entries = chosen(flags.only)
    if (flags.list) {
      for (const { target, property } of entries) terminal.print(`${target.name}\t${property.name}`)
      return 0
    }
    terminal.say(`seed ${seed}: ${entries.length} properties, ${minutes} min`)
    const { runs, findings } = await search(entries, seed, minutes * 60_000, (text) => terminal.say(`\n✗ ${text}`))
    const targets = new Set(entries.map(({ target }) => target)).size
    const counts = { targets, properties: entries.length, runs, failed: findings.length, seed }
    if (flags.json) terminal.print(JSON.stringify({ ...counts, findings }))
    else
      terminal.print(`\n${targets} targets, ${entries.length} properties, ${runs} runs: ${findings.length} do not hold`)
    return findings.length === 0 ? 0 : 1
  },
})

await runTool(FUZZ, "npm run fuzz --")

async function search(
  entries: readonly Entry[],
  seed: number,
  limitMs: number,
  tell: (finding: string) => void,
): Promise<{ readonly runs: number; readonly findings: readonly string[] }> {
  const findings = new Map<Entry, string>()
  let runs = 0
  const end = performance.now() + limitMs
  const turnMs = Math.min(TURN_MS, limitMs / entries.length)
  for (let round = 0; round === 0 || (performance.now() < end && findings.size < entries.length); round++) {
    for (const entry of entries) {
      if (findings.has(entry) || (round > 0 && performance.now() >= end)) continue
      // Rounds must not try what the one before has tried: no turn has so many batches.
      const turnEnd = performance.now() + turnMs
      const batch = await tryBatches(entry.property, seed + round * 1_000_000, () => performance.now() >= turnEnd)
      runs += batch.runs
      if (batch.finding === null) continue
      const text = describe(entry.target, entry.property, batch.finding)
      findings.set(entry, text)
      tell(text)
    }
  }
  return { runs, findings: [...findings.values()] }
}

function chosen(only: string | undefined): Entry[] {
  const all = TARGETS.flatMap((target) => target.properties.map((property) => ({ target, property })))
  const isTarget = TARGETS.some(({ name }) => name === only)
  const entries = all.filter(
    ({ target, property }) => only === undefined || (isTarget ? target.name === only : property.name.includes(only)),
  )
  if (entries.length === 0)
    throw new UsageError(`no target or property is called "${only}": ${TARGETS.map(({ name }) => name).join(", ")}`)
  return entries
}
