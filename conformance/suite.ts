import { after, before, describe, test } from "node:test"
import { type BrowserName, type Driver, launch } from "../e2e/drivers/driver.ts"
import { selects } from "../scripts/selection.ts"
import { GROUPS } from "./cases/index.ts"
import { GroupApp } from "./group-app.ts"
import { isDefault, title } from "./plan.ts"

/** The cases that this run selects as tests, in one browser. */
export function suite(browser: BrowserName): void {
  let driver: Driver | undefined
  before(async () => {
    driver = await launch(browser)
  })
  after(() => driver?.close())
  for (const group of GROUPS) {
    const cases = group.cases.filter((each) => selects(isDefault(each, browser)))
    if (cases.length === 0) continue
    describe(group.name, () => {
      let app: GroupApp
      before(async () => {
        if (driver === undefined) throw new Error(`${browser} has not been started`)
        app = await GroupApp.start(group, driver)
      })
      after(() => app.close())
      for (const each of cases) test(title(each), () => app.run(each))
    })
  }
}
