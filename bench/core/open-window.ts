import type { Driver, Page } from "../../e2e/drivers/driver.ts"
import type { CoreProcess } from "./core-process.ts"

/** Opens the app's window and waits until a call is answered: before that a page may still be on its way to another process. */
export async function openWindow(driver: Driver, core: CoreProcess): Promise<Page> {
  const page = await driver.open(await core.launchUrl())
  await page.waitFor(`await __TAURI_INTERNALS__.invoke("echo", {}); return true`)
  return page
}
