/** Checks the protocol's rules as models: `npm run model -- --help`. */
import { parseArgs } from "node:util"
import { EXPERIMENTS, isAsPromised, type Result, runExperiments } from "./check-models.ts"
import { MODELS } from "./properties.ts"
import { whyNotChecked } from "./spin.ts"

const HELP = `Looks at every state that the protocol's rules can lead to, whatever an attacker in the page does (model/*.pml), and says
whether each promise holds in all of them. Each is checked again with a rule taken out that it rests on: there it must
fail, or it has shown nothing.

  npm run model                  all of it, with Spin (https://spinroot.com) and gcc: some minutes
  npm run model -- --small       within the narrower bounds of the tests
  npm run -s model -- --json     one JSON object on standard output

  --small   narrower bounds: fewer frames, sessions and calls
  --json    checked, properties, holds, broken, counterexamples, and each result
  --help    this text

Ends with 0 when every promise holds and every broken model shows a counterexample, 1 otherwise, 2 when nothing could be
checked.
`

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      small: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const why = await whyNotChecked()
  if (why !== null) {
    if (values.json) console.log(JSON.stringify({ checked: false, why }))
    console.error(`not checked: ${why}`)
    return 2
  }
  const results: Result[] = []
  await runExperiments(
    EXPERIMENTS,
    ({ small, large }) => (values.small ? small : large),
    (result) => {
      results.push(result)
      if (!values.json) console.error(line(result))
    },
  )
  const asPromised = results.filter(isAsPromised)
  const counts = {
    checked: true,
    properties: results.filter(({ without }) => without === null).length,
    holds: asPromised.filter(({ without }) => without === null).length,
    broken: results.filter(({ without }) => without !== null).length,
    counterexamples: asPromised.filter(({ without }) => without !== null).length,
  }
  if (values.json) console.log(JSON.stringify({ ...counts, results: inOrder(results).map(entry) }))
  else
    console.log(
      `\n${counts.holds} of ${counts.properties} promises hold; ${counts.counterexamples} of ${counts.broken} broken models have a counterexample`,
    )
  return asPromised.length === EXPERIMENTS.length ? 0 : 1
}

/** Results come as they are ready. */
function inOrder(results: readonly Result[]): readonly Result[] {
  const place = ({ model, property }: Result): number =>
    MODELS.indexOf(model) * 1000 + model.properties.indexOf(property)
  return results.toSorted((one, other) => place(one) - place(other))
}

function entry({ model, property, without, verdict }: Result): Readonly<Record<string, unknown>> {
  return { model: model.file, property: property.name, promise: property.promise, without, ...verdict }
}

function line(result: Result): string {
  const { model, property, without, verdict } = result
  const mark = isAsPromised(result) ? "✓" : "✗"
  const found = verdict.holds ? "holds" : `counterexample of ${verdict.steps} steps`
  const seen = `${verdict.states.toLocaleString("en-US")} states, ${verdict.seconds.toFixed(1)} s`
  const rule = without === null ? "" : `\n    when ${property.brokenBy[without]} (${without})`
  return `${mark} ${model.file}: ${property.promise}${rule}: ${found} (${seen})`
}
