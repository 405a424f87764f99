/** Looks for what breaks promises, as long as it is told to: `npm run fuzz -- --help`. */
import { parseArgs } from "node:util"
import { describe, type Property, randomSeed, type Target, tryFor } from "./property.ts"
import { TARGETS } from "./targets/index.ts"

const HELP = `Looks for input that breaks a promise of the code, and shrinks what it finds.

  npm run fuzz                                 everything, for a minute
  npm run fuzz -- --minutes 30                 for longer
  npm run fuzz -- --only frame-codec           one target, or the properties whose names hold a text
  npm run fuzz -- --only opener --seed 12345   what was found before, again

  --minutes N    how long to look (default: 1)
  --only TEXT    a target, or a part of a property's name
  --seed N       where to begin: the same seed tries the same values (default: another each time)
  --list         what there is, without running it
  --json         counts on standard output: targets, properties, runs, failed, seed, findings
  --help         this text

Ends with 0 when nothing was found, 1 otherwise, 2 when it could not run.
`
/** All have had a turn soon, and later the long search goes on where each left off. */
const TURN_MS = 2000

interface Entry {
  readonly target: Target
  readonly property: Property
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "1" },
      only: { type: "string" },
      seed: { type: "string" },
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const minutes = Number(values.minutes)
  if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: expected a number above 0`)
  const seed = values.seed === undefined ? randomSeed() : Number(values.seed)
  if (!Number.isInteger(seed)) throw new Error(`--seed ${values.seed}: expected a whole number, as a finding names it`)
  const entries = chosen(values.only)
  if (values.list) {
    for (const { target, property } of entries) console.log(`${target.name}\t${property.name}`)
    return 0
  }
  console.error(`seed ${seed}: ${entries.length} properties, ${minutes} min`)

  const findings = new Map<Entry, string>()
  let runs = 0
  const end = performance.now() + minutes * 60_000
  const turnMs = Math.min(TURN_MS, (minutes * 60_000) / entries.length)
  for (let round = 0; round === 0 || (performance.now() < end && findings.size < entries.length); round++) {
    for (const entry of entries) {
      if (findings.has(entry) || (round > 0 && performance.now() >= end)) continue
      // Rounds must not try what the one before has tried: no turn has so many batches.
      const batch = await tryFor(entry.property, seed + round * 1_000_000, turnMs)
      runs += batch.runs
      if (batch.finding === null) continue
      const text = describe(entry.target, entry.property, batch.finding)
      findings.set(entry, text)
      console.error(`\n✗ ${text}`)
    }
  }
  const targets = new Set(entries.map(({ target }) => target)).size
  const counts = { targets, properties: entries.length, runs, failed: findings.size, seed }
  if (values.json) console.log(JSON.stringify({ ...counts, findings: [...findings.values()] }))
  else console.log(`\n${targets} targets, ${entries.length} properties, ${runs} runs: ${findings.size} do not hold`)
  return findings.size === 0 ? 0 : 1
}

function chosen(only: string | undefined): Entry[] {
  const all = TARGETS.flatMap((target) => target.properties.map((property) => ({ target, property })))
  const isTarget = TARGETS.some(({ name }) => name === only)
  const entries = all.filter(
    ({ target, property }) => only === undefined || (isTarget ? target.name === only : property.name.includes(only)),
  )
  if (entries.length === 0)
    throw new Error(`no target or property is called "${only}": ${TARGETS.map(({ name }) => name).join(", ")}`)
  return entries
}
