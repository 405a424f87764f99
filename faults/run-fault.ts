import type { Replacement } from "../attacks/attack.ts"
import { type BrowserName, type Driver, launch } from "../e2e/drivers/driver.ts"
import type { Control, Fault, Promised, Scene } from "./fault.ts"
import { type Finding, Findings, Reported } from "./findings.ts"
import { Subject } from "./subject-process.ts"

/** What became of a fault, in one browser or without any. */
export interface Verdict {
  readonly fault: Fault
  readonly browser: BrowserName | null
  /** What did not hold. */
  readonly findings: readonly Finding[]
  /** Why it could not be judged; `null` when it was. Counts as a fault that was not survived. */
  readonly problem: string | null
}

export interface RunOptions {
  readonly isQuick: boolean
  /** What is broken, to see it reported. */
  readonly change?: Replacement
  /** What the change is to have reported: the fault ends when it is. */
  readonly awaited?: Promised
}

/** Longer than this no fault takes unless it says so, in ms. */
const LIMIT_MS = 120_000

/** Has a fault happen, to an app and in a browser that are its own, and looks at what was promised. */
export async function runFault(fault: Fault, browser: BrowserName | null, options: RunOptions): Promise<Verdict> {
  const findings = new Findings(options.awaited)
  const subjects: Subject[] = []
  let driver: Driver | undefined
  const verdict = (problem: string | null): Verdict => ({ fault, browser, findings: findings.all, problem })
  try {
    driver = browser === null ? undefined : await launch(browser)
    const scene: Scene = {
      browser: () => {
        if (driver === undefined) throw new Error(`${fault.id} asks for a browser and names none`)
        return driver
      },
      relaunch: async () => {
        const broken = scene.browser()
        await broken.close().catch(() => {})
        driver = await launch(broken.name)
      },
      findings,
      isQuick: options.isQuick,
      start: async (wanted = {}) => {
        const changes = [...(wanted.changes ?? []), ...(options.change === undefined ? [] : [options.change])]
        const subject = await Subject.start({ ...wanted, changes })
        subjects.push(subject)
        return subject
      },
      open: async (subject: Subject) => {
        const page = await scene.browser().open(await subject.launchUrl())
        await page.waitFor("return typeof report === 'function'", 30_000)
        await page.evaluate("return call('count')")
        return page
      },
      holdsNoMoreThan: async (subject, before) => {
        await findings.hasNoSession(subject)
        if (options.isQuick) await driver?.close()
        await findings.holdsNoMoreThan(subject, before)
      },
    }
    await inTime(fault.run(scene), fault.limitMs ?? LIMIT_MS)
    return verdict(null)
  } catch (error) {
    if (error instanceof Reported) return verdict(null)
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return verdict([why, ...subjects.flatMap(({ logged }) => logged.slice(-20))].join("\n"))
  } finally {
    await driver?.close().catch(() => {})
    for (const subject of subjects)
      for (const left of await subject.close()) findings.all.push({ what: "leaked", count: 1, words: left })
  }
}

/** Whether breaking the code shows: the promise that is broken is reported. */
export async function runControl(
  fault: Fault,
  { breaks, change }: Control,
): Promise<{ readonly isReported: boolean; readonly verdict: Verdict }> {
  const verdict = await runFault(fault, fault.browsers[0] ?? null, { isQuick: true, change, awaited: breaks })
  return { isReported: verdict.findings.some(({ what }) => what === breaks), verdict }
}

async function inTime(run: Promise<void>, limitMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${limitMs} ms`)), limitMs)
  })
  try {
    await Promise.race([run, late])
  } finally {
    clearTimeout(timer)
  }
}
