/** Attacks the app in real browsers: `npm run attacks -- --help`. */
import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { defineCommand, UsageError } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import type { Terminal } from "../src/cli/terminal.ts"
import { type Attack, PLACES, type Place } from "./attack.ts"
import { ATTACKS } from "./catalogue/index.ts"
import { proofsIn } from "./plan.ts"
import { Ranges } from "./ranges.ts"
import { report } from "./report.ts"
import type { Verdict } from "./run-attack.ts"
import { Spectator } from "./spectator.ts"

const DOCUMENT = fileURLToPath(new URL("../docs/attacks.md", import.meta.url))

const ATTACKS_RUN = defineCommand({
  name: "",
  summary:
    "Attacks a real app, as a script in its page and as another process would, and shows what stops it. Each attack is run " +
    "a second time with its defence switched off: there it must succeed, or it has shown nothing.",
  examples: [
    ["", "all of them, in Chromium, Firefox, WebKitGTK and from another process"],
    ["--only P13", "one row of the catalogue, or the attacks whose names hold a text"],
    ["--browser firefox", "one browser, or several"],
    ["--only P12 --headed", "in windows that can be watched, each attack until Enter is pressed"],
  ],
  flags: {
    browser: {
      type: "string",
      value: "NAME",
      multiple: true,
      choices: PLACES,
      help: "only in this browser; local is what needs none",
    },
    only: { type: "string", value: "TEXT", help: "a row (P1) or a part of a name" },
    headed: { type: "boolean", help: "browsers with windows; needs a display (DISPLAY, or xvfb-run around it)" },
    list: { type: "boolean", help: "what there is, without running it" },
    json: {
      type: "boolean",
      help: "one JSON object on standard output (npm run -s): attacks, runs, succeeded, controls_failed, browsers",
    },
    write: { type: "boolean", help: "writes docs/attacks.md after a whole run in which nothing succeeded" },
  },
  exit: "Exit status: 0 no attack succeeds and every control does, 1 otherwise, 2 it could not run.",
  async run({ flags, terminal }) {
    const places = PLACES.filter((place) => flags.browser.length === 0 || flags.browser.includes(place))
    const { only } = flags
    if (flags.write && (only !== undefined || places.length < PLACES.length))
      throw new UsageError("--write needs a run of everything: leave out --only and --browser")
    const attacks = ATTACKS.filter(({ id, name }) => only === undefined || id === only || name.includes(only))
    if (attacks.length === 0) throw new UsageError(`no attack has the row or a name with "${only}"`)
    if (flags.list) {
      for (const { id, name } of attacks) terminal.print(`${id}\t${name}`)
      return 0
    }

    const verdicts = await tryEverywhere(attacks, places, flags.headed ? new Spectator() : null, terminal)
    const succeeded = verdicts.filter((verdict) => verdict.succeeded || verdict.problem !== null).length
    const controlsFailed = verdicts.filter((verdict) => verdict.problem === null && !verdict.controlSucceeded).length
    const counts = {
      attacks: attacks.length,
      runs: verdicts.length,
      succeeded,
      controls_failed: controlsFailed,
      browsers: places.filter((place) => place !== "local"),
    }
    if (flags.json) terminal.print(JSON.stringify(counts))
    else
      terminal.print(
        `\n${attacks.length} attacks, ${verdicts.length} runs: ${succeeded} succeeded, ${controlsFailed} controls failed`,
      )
    if (succeeded > 0 || controlsFailed > 0) return 1
    if (flags.write) await writeFile(DOCUMENT, report(ATTACKS))
    return 0
  },
})

await runTool(ATTACKS_RUN, "npm run attacks --")

/** One place after the other, several attacks at a time; those that need quiet at the end. */
async function tryEverywhere(
  attacks: readonly Attack[],
  places: readonly Place[],
  spectator: Spectator | null,
  terminal: Terminal,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const place of places) {
    const here = new Set(proofsIn(place, attacks).map(({ attack }) => attack))
    const ranges = new Ranges(place, undefined, spectator)
    const tryOne = async (attack: Attack): Promise<void> => {
      const verdict = await ranges.use(attack.needsQuiet ?? false, (range) => range.try(attack))
      verdicts.push(verdict)
      terminal.say(line(verdict))
    }
    try {
      await Promise.all([...here].map(tryOne))
    } finally {
      await ranges.close()
    }
  }
  spectator?.leave()
  return verdicts
}

function line({ id, name, place, succeeded, controlSucceeded, problem }: Verdict): string {
  const what = `${place}: ${id}: ${name}`
  if (problem !== null) return `✗ ${what}: could not be judged\n${problem.replace(/^/gm, "    ")}`
  if (succeeded) return `✗ ${what}: SUCCEEDED`
  return controlSucceeded ? `✓ ${what}` : `✗ ${what}: did not succeed with its defence switched off, either`
}
