import { after, before } from "node:test"
import { selects } from "../scripts/selection.ts"
import { assets, assetsDisabled } from "./contract/assets.ts"
import { builtApp } from "./contract/built-app.ts"
import { calls, limitsInPage } from "./contract/calls.ts"
import { capabilities } from "./contract/capabilities.ts"
import { client } from "./contract/client.ts"
import { commands, endOfApp, endOfPage } from "./contract/commands.ts"
import { events } from "./contract/events.ts"
import { filePlugins } from "./contract/file-plugins.ts"
import { isolationFrame, refusedFrame } from "./contract/frames.ts"
import { hooks } from "./contract/hooks.ts"
import { isolationApps } from "./contract/isolation-apps.ts"
import { opening } from "./contract/opening.ts"
import { globalApiAbsent, pageScripts } from "./contract/page-scripts.ts"
import { REACT_APPS, reactApp } from "./contract/react-app.ts"
import { sessions, windowsWithoutCredential } from "./contract/sessions.ts"
import { windows, windowsLeftOpen } from "./contract/windows.ts"
import { type BrowserName, type Driver, launch } from "./drivers/driver.ts"

/** What the tests of a subject need: the browser, once it runs. */
export type Browser = () => Driver

/** Tests of one subject. */
interface Part {
  readonly tests: (browser: Browser) => void
  /**
   * Why the default run has them in every browser. Absent: they show the Core, or scripts of the page and the bridge that use the
   * language alone, which is the same in all; the default run has them in Chromium only.
   */
  readonly everyBrowser?: string
}

const SANDBOX = "engines differ in how they load, isolate and end a sandboxed frame"
const NAVIGATION = "engines differ in how they leave a document, come back to it, and store its session's data"
const WINDOWS = "engines differ in which windows they let a page close"
const POLICY = "engines enforce Content-Security-Policy and load resources by code of their own"

/** Everything that Sallyport promises in a browser, in the order of the tests. */
const PARTS: readonly Part[] = [
  { tests: calls("isolation"), everyBrowser: SANDBOX },
  { tests: calls("brownfield") },
  { tests: limitsInPage("isolation") },
  { tests: limitsInPage("brownfield") },
  { tests: builtApp },
  { tests: hooks, everyBrowser: SANDBOX },
  { tests: isolationApps, everyBrowser: SANDBOX },
  { tests: commands },
  { tests: endOfPage, everyBrowser: NAVIGATION },
  { tests: endOfApp },
  { tests: client },
  { tests: capabilities },
  { tests: sessions("isolation"), everyBrowser: NAVIGATION },
  { tests: sessions("brownfield"), everyBrowser: NAVIGATION },
  { tests: windowsWithoutCredential, everyBrowser: NAVIGATION },
  { tests: refusedFrame, everyBrowser: SANDBOX },
  { tests: isolationFrame, everyBrowser: SANDBOX },
  { tests: opening, everyBrowser: SANDBOX },
  { tests: events("isolation"), everyBrowser: SANDBOX },
  { tests: events("brownfield") },
  { tests: windows },
  { tests: windowsLeftOpen, everyBrowser: WINDOWS },
  { tests: assets, everyBrowser: POLICY },
  { tests: assetsDisabled },
  { tests: filePlugins },
  { tests: pageScripts(false), everyBrowser: SANDBOX },
  { tests: pageScripts(true), everyBrowser: SANDBOX },
  { tests: globalApiAbsent },
  ...REACT_APPS.map((app) => ({
    tests: reactApp(app),
    ...(app.hasStrictPolicy ? { everyBrowser: POLICY } : {}),
  })),
]

/** Everything that Sallyport promises in a browser and that this run selects, shown in this one. */
export function contract(name: BrowserName): void {
  let driver: Driver | undefined
  before(async () => {
    driver = await launch(name)
  })
  after(() => driver?.close())
  const browser: Browser = () => {
    if (driver === undefined) throw new Error(`${name} has not been started`)
    return driver
  }
  for (const { tests, everyBrowser } of PARTS)
    if (selects(name === "chromium" || everyBrowser !== undefined)) tests(browser)
}
