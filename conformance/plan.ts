import type { BrowserName } from "../e2e/drivers/driver.ts"
import { type Case, shownBy } from "./case.ts"

/** Returns whether the default run has the case in this browser. */
export function isDefault({ everyBrowser }: Case, browser: BrowserName): boolean {
  return browser === "chromium" || everyBrowser !== undefined
}

/** The title of the case's test. */
export function title(each: Case): string {
  return `${shownBy(each).join(", ")}: ${each.name}`
}
