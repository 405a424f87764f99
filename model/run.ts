/** Checks the protocol's rules as models: `npm run model -- --help`. */
import { defineCommand } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import { EXPERIMENTS, isAsPromised, type Result, runExperiments } from "./check-models.ts"
import { MODELS } from "./properties.ts"
import { whyNotChecked } from "./spin.ts"

const MODEL = defineCommand({
  name: "",
  summary:
    "Looks at every state that the protocol's rules can lead to, whatever an attacker in the page does (model/*.pml), and " +
    "says whether each promise holds in all of them. Each is checked again with a rule taken out that it rests on: there " +
    "it must fail, or it has shown nothing.",
  examples: [
    ["", "all of it, with Spin (https://spinroot.com) and gcc: some minutes"],
    ["--small", "within the narrower bounds of the tests"],
  ],
  flags: {
    small: { type: "boolean", help: "narrower bounds: fewer frames, sessions and calls" },
    json: {
      type: "boolean",
      help: "one JSON object on standard output (npm run -s): checked, properties, holds, broken, counterexamples, and each result",
    },
  },
  exit:
    "Exit status: 0 every promise holds and every broken model shows a counterexample, 1 otherwise, 2 nothing could be " +
    "checked.",
  async run({ flags, terminal }) {
    const why = await whyNotChecked()
    if (why !== null) {
      if (flags.json) terminal.print(JSON.stringify({ checked: false, why }))
      terminal.say(`not checked: ${why}`)
      return 2
    }
    const results: Result[] = []
    await runExperiments(
      EXPERIMENTS,
      ({ small, large }) => (flags.small ? small : large),
      (result) => {
        results.push(result)
        if (!flags.json) terminal.say(line(result))
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
    if (flags.json) terminal.print(JSON.stringify({ ...counts, results: inOrder(results).map(entry) }))
    else
      terminal.print(
        `\n${counts.holds} of ${counts.properties} promises hold; ${counts.counterexamples} of ${counts.broken} broken models have a counterexample`,
      )
    return asPromised.length === EXPERIMENTS.length ? 0 : 1
  },
})

await runTool(MODEL, "npm run model --")

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
