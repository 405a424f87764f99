import { CommandError } from "../../src/cli/run-command.ts"
import { launchChromium } from "./chromium.ts"
import { launchFirefox } from "./firefox.ts"
import { launchWebKit } from "./webkit.ts"

export const BROWSERS = ["chromium", "firefox", "webkit"] as const

export type BrowserName = (typeof BROWSERS)[number]

/** A browser by the name that somebody typed. Throws an `Error` that lists those there are. */
export function browserName(given: string): BrowserName {
  const name = BROWSERS.find((browser) => browser === given)
  if (name === undefined) throw new Error(`--browser ${given}: expected ${BROWSERS.join(", ")}`)
  return name
}

/** A real browser, started with a fresh profile. */
export interface Driver {
  readonly name: BrowserName
  readonly version: string
  /** Opens a window or tab of its own and waits until its first document has loaded. */
  open(url: string): Promise<Page>
  /** Ends the browser and everything it started, and deletes its profile. */
  close(): Promise<void>
}

/** A window or tab. */
export interface Page {
  /** Runs a script, the body of an async function, in the page itself. What it returns must be JSON. */
  evaluate<T = unknown>(script: string): Promise<T>
  /** Waits until a script returns true, through navigations; throws after `timeoutMs` (30,000). */
  waitFor(script: string, timeoutMs?: number): Promise<void>
  /** Presses a key, with modifiers before it: `Control+Shift+a`. */
  press(keys: string): Promise<void>
  /** Types text where the focus is. */
  type(text: string): Promise<void>
  goto(url: string): Promise<void>
  reload(): Promise<void>
  back(): Promise<void>
  /** Makes it the window or tab that is seen: browsers slow down those that are not. */
  bringToFront(): Promise<void>
  /** How long its main thread has been busy since it opened, in ms; `null` where an engine does not tell. */
  busyTime(): Promise<number | null>
  /** PNG of what is visible. */
  screenshot(): Promise<Uint8Array>
  close(): Promise<void>
}

/**
 * @param isHeaded whether it has windows that somebody can see
 * @throws CommandError that says what to do, when there is no display for them
 */
export async function launch(name: BrowserName, isHeaded = false): Promise<Driver> {
  if (isHeaded && !process.env.DISPLAY)
    throw new CommandError(
      "no display for windows: DISPLAY is not set. Run this in a desktop session, or behind `xvfb-run -a` where nobody watches",
    )
  switch (name) {
    case "chromium":
      return launchChromium(isHeaded)
    case "firefox":
      return launchFirefox(isHeaded)
    case "webkit":
      return launchWebKit(isHeaded)
  }
}
