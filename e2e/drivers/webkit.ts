import { spawn } from "node:child_process"
import type { Driver, Page } from "./driver.ts"
import { endProcess } from "./end-process.ts"
import { findBrowser } from "./find-browser.ts"
import { freePort } from "./free-port.ts"
import { waitFor } from "./wait-for.ts"
import { WebDriverSession } from "./webdriver.ts"

/** WebKitGTK's MiniBrowser, driven by its own WebDriver; unless it is to be seen, on a display that nobody sees. */
export async function launchWebKit(isHeaded: boolean): Promise<Driver> {
  const port = await freePort()
  const webDriver = [findBrowser("webkit"), `--port=${port}`, "--host=127.0.0.1"]
  const [program = "", ...args] = isHeaded ? webDriver : [findBrowser("xvfb"), "-a", ...webDriver]
  const driver = spawn(program, args, {
    stdio: "ignore",
    detached: true,
    // As root WebKit's own sandbox of namespaces cannot be had everywhere.
    env: { ...process.env, WEBKIT_DISABLE_COMPOSITING_MODE: "1" },
  })
  try {
    const session = await start(`http://127.0.0.1:${port}`)
    // The window that a session begins with stays empty: the session would end with its last window.
    const home = await session.currentWindow()
    return {
      name: "webkit",
      version: session.version,
      open: async (url) => {
        const page = new WebKitPage(session, await session.in(home, (commands) => commands.newWindow()))
        await page.goto(url)
        return page
      },
      close: async () => {
        await session.end().catch(() => {})
        await endProcess(driver)
      },
    }
  } catch (error) {
    await endProcess(driver)
    throw error
  }
}

async function start(address: string): Promise<WebDriverSession> {
  await waitFor("WebKitWebDriver listens", async () => (await fetch(`${address}/status`)).ok, 20_000)
  return await WebDriverSession.start(address)
}

class WebKitPage implements Page {
  readonly #session: WebDriverSession
  readonly #handle: string

  constructor(session: WebDriverSession, handle: string) {
    this.#session = session
    this.#handle = handle
  }

  evaluate<T>(script: string): Promise<T> {
    return this.#session.in(this.#handle, (commands) => commands.execute<T>(script))
  }

  waitFor(script: string, timeoutMs?: number): Promise<void> {
    return waitFor(script, () => this.evaluate(script), timeoutMs)
  }

  press(keys: string): Promise<void> {
    return this.#session.in(this.#handle, (commands) => commands.press(keys.split("+")))
  }

  type(text: string): Promise<void> {
    return this.#session.in(this.#handle, async (commands) => {
      for (const character of text) await commands.press([character])
    })
  }

  goto(url: string): Promise<void> {
    return this.#session.in(this.#handle, (commands) => commands.post("url", { url }))
  }

  reload(): Promise<void> {
    return this.#session.in(this.#handle, (commands) => commands.post("refresh", {}))
  }

  back(): Promise<void> {
    return this.#session.in(this.#handle, (commands) => commands.post("back", {}))
  }

  /** Its pages are windows side by side, and a switch to one is all that WebDriver knows. */
  bringToFront(): Promise<void> {
    return this.#session.in(this.#handle, async () => {})
  }

  async busyTime(): Promise<number | null> {
    return null
  }

  screenshot(): Promise<Uint8Array> {
    return this.#session.in(this.#handle, (commands) => commands.screenshot())
  }

  close(): Promise<void> {
    return this.#session.in(this.#handle, (commands) => commands.closeWindow())
  }
}
