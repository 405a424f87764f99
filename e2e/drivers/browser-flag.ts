import { BROWSERS, type BrowserName } from "./driver.ts"

/** How the project's tools are told in which browsers: `--browser NAME`, in all of them when it is left out. */
export const BROWSER_FLAG: {
  readonly type: "string"
  readonly value: "NAME"
  readonly multiple: true
  readonly choices: readonly BrowserName[]
  readonly help: string
} = { type: "string", value: "NAME", multiple: true, choices: BROWSERS, help: "only in this browser" }

/** The browsers that the flag names. */
export function wantedBrowsers(named: readonly string[]): readonly BrowserName[] {
  return BROWSERS.filter((browser) => named.length === 0 || named.includes(browser))
}
