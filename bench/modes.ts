import { readFile, writeFile } from "node:fs/promises"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { BROWSERS, browserName } from "../e2e/drivers/driver.ts"
import { type ExitStatus, type Flags, type FlagValues, UsageError } from "../src/cli/command-line.ts"
import type { Terminal } from "../src/cli/terminal.ts"
import { withSection } from "./markdown.ts"
import { profile, profileSection } from "./profile/profile.ts"
import { reason } from "./reason.ts"
import { drawAll, SWEEP_IDS, scaling, scalingSection, sweepTable } from "./scaling/scaling.ts"

const DOCS = fileURLToPath(new URL("../docs", import.meta.url))
/** Not in git. */
const PROFILES = fileURLToPath(new URL("../.profiles", import.meta.url))

interface ModeFlagTable extends Flags {
  readonly profile: { readonly type: "boolean"; readonly help: string }
  readonly scaling: { readonly type: "boolean"; readonly help: string }
  readonly sweep: {
    readonly type: "string"
    readonly value: string
    readonly multiple: true
    readonly choices: readonly string[]
    readonly help: string
  }
}

/** What is measured instead of the usual. */
export const MODE_FLAGS: ModeFlagTable = {
  profile: {
    type: "boolean",
    help: "where a call's time goes instead; leaves CPU profiles for DevTools in .profiles/",
  },
  scaling: {
    type: "boolean",
    help: "calls in Chromium while one thing grows instead, and what saturates first",
  },
  sweep: {
    type: "string",
    value: "NAME",
    multiple: true,
    choices: SWEEP_IDS,
    help: "with --scaling only these",
  },
}

export interface ModeFlags extends Pick<FlagValues<ModeFlagTable>, "profile" | "scaling" | "sweep"> {
  readonly browser: readonly string[]
  readonly quick: boolean
  readonly json: boolean
  readonly write: boolean
}

/** @throws UsageError for flags that do not go together */
export function checkModes({ profile, scaling, sweep, browser, quick, write }: ModeFlags): void {
  const mode = profile ? "--profile" : "--scaling"
  if (profile && scaling)
    throw new UsageError("--profile and --scaling: one after the other, or each disturbs the other")
  if (sweep.length > 0 && !scaling) throw new UsageError("--sweep names what --scaling is to measure: give that, too")
  if (quick && (profile || scaling))
    throw new UsageError(`--quick is for the usual figures: ${mode} takes what it needs`)
  if (scaling && browser.some((name) => name !== "chromium"))
    throw new UsageError("--scaling is measured in Chromium: leave --browser out")
  if (write && ((profile && browser.length > 0) || sweep.length > 0))
    throw new UsageError(`--write: the document shows a whole run, so leave out ${profile ? "--browser" : "--sweep"}`)
}

/** Does what a mode's flag asks for; `null` when there is none. */
export async function runMode(flags: ModeFlags, terminal: Terminal): Promise<ExitStatus | null> {
  checkModes(flags)
  if (!flags.profile && !flags.scaling) return null
  const say = (line: string): void => terminal.say(line)
  try {
    if (flags.profile) {
      const browsers = flags.browser.length === 0 ? BROWSERS : [...new Set(flags.browser.map(browserName))]
      const result = await profile(PROFILES, browsers, say)
      print(flags, terminal, result, profileSection(result))
      if (flags.write) await write("profile", profileSection(result))
      say(`CPU profiles are in ${relative(process.cwd(), PROFILES)}: load them in DevTools, Performance`)
    } else {
      const sweeps = await scaling(flags.sweep.length === 0 ? SWEEP_IDS : flags.sweep, say)
      print(
        flags,
        terminal,
        sweeps,
        sweeps.flatMap((sweep) => [...sweepTable(sweep), ""]),
      )
      if (flags.write) {
        await drawAll(sweeps, DOCS)
        await write("scaling", scalingSection(sweeps))
      }
    }
    return 0
  } catch (error) {
    say(`✗  ${reason(error)}`)
    return 2
  }
}

function print({ json }: ModeFlags, terminal: Terminal, result: unknown, lines: readonly string[]): void {
  if (json) terminal.print(JSON.stringify(result))
  else for (const line of lines) terminal.print(line)
}

/** What was measured whole goes into the document, in its section. */
async function write(section: string, lines: readonly string[]): Promise<void> {
  const file = `${DOCS}/benchmarks.md`
  await writeFile(file, withSection(await readFile(file, "utf8"), section, lines))
}
