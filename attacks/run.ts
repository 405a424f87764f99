/** Attacks the app in real browsers: `npm run attacks -- --help`. */
import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { PLACES, type Place, placesOf } from "./attack.ts"
import { ATTACKS } from "./catalogue/index.ts"
import { report } from "./report.ts"
import { Range, type Verdict } from "./run-attack.ts"
import { Spectator } from "./spectator.ts"

const HELP = `Attacks a real app, as a script in its page and as another process would, and shows what stops it. Each attack is
run a second time with its defence switched off: there it must succeed, or it has shown nothing.

  npm run attacks                             all of them, in Chromium, Firefox, WebKitGTK and from another process
  npm run attacks -- --only P13               one row of the catalogue, or the attacks whose names hold a text
  npm run attacks -- --browser firefox        one browser, or several
  npm run attacks -- --only P12 --headed      in windows that can be watched, each attack until Enter is pressed
  npm run -s attacks -- --json                one JSON object on standard output

  --browser NAME   chromium, firefox, webkit, or local for what needs no browser (default: all four)
  --only TEXT      a row (P1) or a part of a name
  --headed         browsers with windows; needs a display (DISPLAY, or xvfb-run around it)
  --list           what there is, without running it
  --json           counts: attacks, runs, succeeded, controls_failed, browsers
  --write          writes docs/attacks.md after a whole run in which nothing succeeded
  --help           this text

Ends with 0 when no attack succeeds and every control does, 1 otherwise, 2 when it could not run.
`
const DOCUMENT = fileURLToPath(new URL("../docs/attacks.md", import.meta.url))

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      browser: { type: "string", multiple: true, default: [...PLACES] },
      only: { type: "string" },
      headed: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const places = values.browser.map(placeName)
  const { only } = values
  if (values.write && (only !== undefined || places.length < PLACES.length))
    throw new Error("--write needs a run of everything: leave out --only and --browser")
  const attacks = ATTACKS.filter(({ id, name }) => only === undefined || id === only || name.includes(only))
  if (attacks.length === 0) throw new Error(`no attack has the row or a name with "${only}"`)
  if (values.list) {
    for (const { id, name } of attacks) console.log(`${id}\t${name}`)
    return 0
  }

  const spectator = values.headed ? new Spectator() : null
  const verdicts: Verdict[] = []
  const tryAll = async (place: Place): Promise<void> => {
    const here = attacks.filter((attack) => placesOf(attack).includes(place))
    if (here.length === 0) return
    const range = await Range.open(place, spectator)
    try {
      for (const attack of here) {
        const verdict = await range.try(attack)
        verdicts.push(verdict)
        console.error(line(verdict))
      }
    } finally {
      await range.close()
    }
  }
  // Two at a time: an attack spends most of its time waiting. Those that measure time and memory have the machine to themselves,
  // and nobody watches two windows.
  const browsers = places.filter((place) => place !== "local")
  const tryNext = async (): Promise<void> => {
    for (let place = browsers.shift(); place !== undefined; place = browsers.shift()) await tryAll(place)
  }
  await Promise.all(Array.from({ length: spectator === null ? 2 : 1 }, tryNext))
  if (places.includes("local")) await tryAll("local")
  spectator?.leave()
  const succeeded = verdicts.filter((verdict) => verdict.succeeded || verdict.problem !== null).length
  const controlsFailed = verdicts.filter((verdict) => verdict.problem === null && !verdict.controlSucceeded).length
  const counts = {
    attacks: attacks.length,
    runs: verdicts.length,
    succeeded,
    controls_failed: controlsFailed,
    browsers: places.filter((place) => place !== "local"),
  }
  if (values.json) console.log(JSON.stringify(counts))
  else
    console.log(
      `\n${attacks.length} attacks, ${verdicts.length} runs: ${succeeded} succeeded, ${controlsFailed} controls failed`,
    )
  if (succeeded > 0 || controlsFailed > 0) return 1
  if (values.write) await writeFile(DOCUMENT, report(ATTACKS))
  return 0
}

function placeName(given: string): Place {
  const place = PLACES.find((place) => place === given)
  if (place === undefined) throw new Error(`--browser ${given}: expected ${PLACES.join(", ")}`)
  return place
}

function line({ id, name, place, succeeded, controlSucceeded, problem }: Verdict): string {
  const what = `${place}: ${id}: ${name}`
  if (problem !== null) return `✗ ${what}: could not be judged\n${problem.replace(/^/gm, "    ")}`
  if (succeeded) return `✗ ${what}: SUCCEEDED`
  return controlSucceeded ? `✓ ${what}` : `✗ ${what}: did not succeed with its defence switched off, either`
}
