import { mkdir } from "node:fs/promises"
import { type BrowserName, launch } from "../../e2e/drivers/driver.ts"
import type { Pattern } from "../sallyport-app.ts"
import { type BurstProfile, profileBursts } from "./burst-profile.ts"
import { measureProcesses, type ProcessCpu } from "./process-cpu.ts"
import { readableSource } from "./readable-source.ts"
import { type Both, burstReport, latencyReport, processReport } from "./report.ts"
import { measureSerialLatency, type SerialLatency } from "./serial-latency.ts"

const BURSTS = 15
const SERIAL_CALLS = 4000

/** Where a call's time goes: µs a call. */
export interface ProfileResult {
  /** In Chromium, which alone lends a debugger to page and frame. */
  readonly burst: Both<BurstProfile>
  readonly serial: Both<SerialLatency>
  readonly processes: { readonly [name in BrowserName]?: Both<ProcessCpu> & { readonly version: string } }
}

/**
 * Profiles the calls of a page: takes CPU profiles and leaves them in a folder, follows single calls, and looks at what each
 * process takes in each browser.
 *
 * @param folder inside the project, for the Core that is profiled stands there, too
 */
export async function profile(
  folder: string,
  browsers: readonly BrowserName[],
  say: (line: string) => void,
): Promise<ProfileResult> {
  await mkdir(folder, { recursive: true })
  const source = await readableSource(folder)
  say("── CPU profiles, chromium")
  const burst = await inBoth((pattern) => profileBursts(pattern, source, folder, BURSTS))
  say("── single calls, chromium")
  const serial = await inBoth((pattern) => measureSerialLatency(pattern, SERIAL_CALLS))
  const processes: { [name in BrowserName]?: Both<ProcessCpu> & { readonly version: string } } = {}
  for (const name of browsers) {
    say(`── processes, ${name}`)
    const driver = await launch(name)
    try {
      const both = await inBoth((pattern) => measureProcesses(driver, pattern, BURSTS))
      processes[name] = { ...both, version: driver.version }
    } finally {
      await driver.close()
    }
  }
  return { burst, serial, processes }
}

/** The result as a section of a document. */
export function profileSection({ burst, serial, processes }: ProfileResult): string[] {
  return [
    ...burstReport(burst),
    "",
    ...latencyReport(serial),
    ...Object.entries(processes).flatMap(([name, both]) => ["", ...processReport(`${name} ${both.version}`, both)]),
  ]
}

async function inBoth<Measured>(measure: (pattern: Pattern) => Promise<Measured>): Promise<Both<Measured>> {
  return { isolation: await measure("isolation"), brownfield: await measure("brownfield") }
}
