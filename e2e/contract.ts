import { after, before } from "node:test"
import { assets } from "./contract/assets.ts"
import { builtApp } from "./contract/built-app.ts"
import { calls } from "./contract/calls.ts"
import { capabilities } from "./contract/capabilities.ts"
import { client } from "./contract/client.ts"
import { commands } from "./contract/commands.ts"
import { events } from "./contract/events.ts"
import { filePlugins } from "./contract/file-plugins.ts"
import { frames } from "./contract/frames.ts"
import { hooks } from "./contract/hooks.ts"
import { isolationApps } from "./contract/isolation-apps.ts"
import { opening } from "./contract/opening.ts"
import { pageScripts } from "./contract/page-scripts.ts"
import { reactApp } from "./contract/react-app.ts"
import { sessions } from "./contract/sessions.ts"
import { windows } from "./contract/windows.ts"
import { type BrowserName, type Driver, launch } from "./drivers/driver.ts"

/** What the tests of a subject need: the browser, once it runs. */
export type Browser = () => Driver

/** Everything that Sallyport promises in a browser, shown in this one. */
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
  calls(browser)
  builtApp(browser)
  hooks(browser)
  isolationApps(browser)
  commands(browser)
  client(browser)
  capabilities(browser)
  sessions(browser)
  frames(browser)
  opening(browser)
  events(browser)
  windows(browser)
  assets(browser)
  filePlugins(browser)
  pageScripts(browser)
  reactApp(browser)
}
