import type { Page } from "../../e2e/drivers/driver.ts"

/**
 * What becomes of a promise, with the page's script ended meanwhile: WebKit's driver opens and closes no window while a
 * script runs. Throws an `Error` when it rejects.
 */
export async function begin(page: Page, expression: string): Promise<unknown> {
  await page.evaluate(`window.begun = undefined
    Promise.resolve().then(() => (${expression})).then(
      (value) => { window.begun = { value: value ?? null } },
      (error) => { window.begun = { error: String(error) } })`)
  await page.waitFor("return window.begun !== undefined")
  const { value, error } = await page.evaluate<{ value?: unknown; error?: string }>("return window.begun")
  if (error !== undefined) throw new Error(error)
  return value
}

/**
 * Runs a script with `own`, the API of a page in a window of its own, and `self`, that window: a tab has the size that its
 * browser has. WebKitGTK's windows have no tabs, and it opens no popups. The page's session stands by then: Puppeteer may
 * leave a frame waiting for ever that is still being loaded when a popup opens.
 */
export function inOwnWindow<T>(page: Page, script: string): Promise<T> {
  return page.evaluate<T>(`await tauri.core.invoke("plugin:window|get_all_windows")
    const popup = window.open(location.href, "_blank", "popup,width=420,height=320")
    const self = popup ?? window
    const until = async (isSo) => {
      for (let waited = 0; !isSo(); waited += 20) {
        if (waited > 30000) throw new Error("not so within half a minute: " + isSo)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    await until(() => self.document.readyState === "complete" && typeof self.tauri === "object")
    const own = self.tauri
    const near = (left, right) => Math.abs(left - right) < 2
    try {
      ${script}
    } finally {
      popup?.close()
    }`)
}
