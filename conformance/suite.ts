import { after, before, describe, test } from "node:test"
import { type BrowserName, type Driver, launch } from "../e2e/drivers/driver.ts"
import { shownBy } from "./case.ts"
import { GROUPS } from "./cases/index.ts"
import { GroupApp } from "./group-app.ts"

/** Every case as a test, in one browser. */
export function suite(browser: BrowserName): void {
  let driver: Driver | undefined
  before(async () => {
    driver = await launch(browser)
  })
  after(() => driver?.close())
  for (const group of GROUPS)
    describe(group.name, () => {
      let app: GroupApp
      before(async () => {
        if (driver === undefined) throw new Error(`${browser} has not been started`)
        app = await GroupApp.start(group, driver)
      })
      after(() => app.close())
      for (const each of group.cases) test(`${shownBy(each).join(", ")}: ${each.name}`, () => app.run(each))
    })
}
