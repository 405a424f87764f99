import type { Page } from "../e2e/drivers/driver.ts"
import { waitFor } from "../e2e/drivers/wait-for.ts"
import type { Promised } from "./fault.ts"
import type { Report } from "./ledger.ts"
import type { Census, Subject } from "./subject-process.ts"

/** What did not hold, in words, and how often. */
export interface Finding {
  readonly what: Promised
  readonly count: number
  readonly words: string
}

/** Ends a fault: what it was to report has been reported. */
export class Reported extends Error {}

/** Looks at what was promised, and keeps what did not hold. */
export class Findings {
  readonly all: Finding[] = []
  readonly #awaited: Promised | undefined

  /** @param awaited what a control is to report: nothing that comes after it matters */
  constructor(awaited?: Promised) {
    this.#awaited = awaited
  }

  /** @throws Reported when it is what is awaited */
  add(what: Promised, words: string, count = 1): void {
    this.all.push({ what, count, words })
    if (what === this.#awaited) throw new Reported(words)
  }

  count(what: Promised): number {
    return this.all.filter((finding) => finding.what === what).reduce((sum, { count }) => sum + count, 0)
  }

  /** Each promise of the page has settled: now, or within `timeoutMs`. Returns its book. */
  async settled(page: Page, timeoutMs = 20_000): Promise<Report> {
    await page.waitFor("return report().lost === 0", timeoutMs).catch(() => {})
    const report = await page.evaluate<Report>("return report()")
    if (report.lost > 0) this.add("lost", `${report.lost} of ${report.made} calls never settled`, report.lost)
    return report
  }

  /** No command has run twice for one call. */
  async ranOnce(subject: Subject): Promise<void> {
    const runs = await subject.runs()
    const doubled = runs.length - new Set(runs).size
    if (doubled > 0) this.add("doubled", `${doubled} calls ran twice`, doubled)
  }

  /** The page has one frame, and one listener for all that come and go. */
  async pageIsClean(page: Page): Promise<void> {
    const isClean = "const { frames, listening } = report(); return frames <= 1 && listening <= 1"
    await page.waitFor(isClean, 5000).catch(() => {})
    const { frames, listening } = await page.evaluate<Report>("return report()")
    if (frames > 1) this.add("leaked", `${frames} isolation frames in one page`, frames - 1)
    if (listening > 1) this.add("leaked", `${listening - 1} listeners of frames that are gone`)
  }

  /** The app knows of no session. */
  async hasNoSession(subject: Subject): Promise<void> {
    await waitFor("the app knows of no session", async () => subject.sessions === 0, 15_000).catch(() =>
      this.add("leaked", `${subject.sessions} sessions of nobody`),
    )
  }

  /** The app holds no more than it did, and knows of no session. */
  async holdsNoMoreThan(subject: Subject, before: Census): Promise<void> {
    const excess = async (): Promise<string[]> => {
      const now = await subject.census()
      const more = Object.entries(before).flatMap(([what, count]) => {
        const is = now[what as keyof Census]
        return is > count ? [`${is - count} more ${what} than before`] : []
      })
      return subject.sessions === 0 ? more : [...more, `${subject.sessions} sessions of nobody`]
    }
    await waitFor("the app holds no more than before", async () => (await excess()).length === 0, 15_000).catch(
      () => {},
    )
    for (const words of await excess()) this.add("leaked", words)
  }

  /** Something that says how the app goes on, or why it does not, is so within a time. */
  async goesOn(words: string, isSo: () => unknown, timeoutMs = 20_000): Promise<void> {
    await waitFor(words, async () => Boolean(await isSo()), timeoutMs).catch(({ cause }: Error) =>
      this.add("stopped", `not so: ${words}${cause instanceof Error ? ` (${cause.message})` : ""}`),
    )
  }
}
