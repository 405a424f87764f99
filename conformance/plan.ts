import { BROWSERS, type BrowserName } from "../e2e/drivers/driver.ts"
import { type Case, shownBy } from "./case.ts"
import { GROUPS } from "./cases/index.ts"

/** A case in one browser. */
export interface PlannedCase {
  readonly browser: BrowserName
  readonly group: string
  readonly title: string
  /** Whether the default run includes it. */
  readonly isDefault: boolean
}

/** Lists every case in every browser. */
export function plan(): readonly PlannedCase[] {
  return BROWSERS.flatMap((browser) =>
    GROUPS.flatMap(({ name, cases }) =>
      cases.map((each) => ({ browser, group: name, title: title(each), isDefault: isDefault(each, browser) })),
    ),
  )
}

/** Returns whether the default run has the case in this browser. */
export function isDefault({ everyBrowser }: Case, browser: BrowserName): boolean {
  return browser === "chromium" || everyBrowser !== undefined
}

/** The title of the case's test. */
export function title(each: Case): string {
  return `${shownBy(each).join(", ")}: ${each.name}`
}
