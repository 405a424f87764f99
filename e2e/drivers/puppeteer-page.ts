import { type KeyInput, type Page as PuppeteerPage, UnsupportedOperation } from "puppeteer-core"
import type { Page } from "./driver.ts"
import { waitFor } from "./wait-for.ts"

/** A page of Chromium or Firefox, which Puppeteer drives both. */
export class PuppeteerDriverPage implements Page {
  readonly #page: PuppeteerPage

  constructor(page: PuppeteerPage) {
    this.#page = page
  }

  evaluate<T>(script: string): Promise<T> {
    return this.#page.evaluate(`(async () => {${script}\n})()`) as Promise<T>
  }

  waitFor(script: string, timeoutMs?: number): Promise<void> {
    return waitFor(script, () => this.evaluate(script), timeoutMs)
  }

  async press(keys: string): Promise<void> {
    const parts = keys.split("+") as KeyInput[]
    const key = parts.pop() as KeyInput
    for (const modifier of parts) await this.#page.keyboard.down(modifier)
    await this.#page.keyboard.press(key)
    for (const modifier of parts.reverse()) await this.#page.keyboard.up(modifier)
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text)
  }

  async goto(url: string): Promise<void> {
    await againIfAborted(() => this.#page.goto(url))
  }

  async reload(): Promise<void> {
    // Puppeteer's own takes the load event of the document that is left, where that comes late, for the new one's.
    await this.evaluate("window.isLeft = true; location.reload()")
    await this.waitFor("return window.isLeft === undefined && document.readyState === 'complete'", 30_000)
  }

  async back(): Promise<void> {
    // Puppeteer waits for an event that a page from the back/forward cache never sends.
    await this.evaluate("history.back()")
  }

  bringToFront(): Promise<void> {
    return this.#page.bringToFront()
  }

  async busyTime(): Promise<number | null> {
    try {
      const { TaskDuration = Number.NaN } = await this.#page.metrics()
      return TaskDuration * 1000
    } catch (error) {
      // Firefox's protocol has no such command.
      if (error instanceof UnsupportedOperation) return null
      throw error
    }
  }

  screenshot(): Promise<Uint8Array> {
    return this.#page.screenshot()
  }

  close(): Promise<void> {
    return this.#page.close()
  }
}

/** Firefox gives up a navigation when the page is just going elsewhere by itself, as from the launch page to the app's. */
async function againIfAborted(navigate: () => Promise<unknown>): Promise<void> {
  try {
    await navigate()
  } catch (error) {
    if (!String(error).includes("NS_BINDING_ABORTED")) throw error
    await navigate()
  }
}
