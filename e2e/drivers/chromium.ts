import puppeteer, { type LaunchOptions } from "puppeteer-core"
import type { Driver } from "./driver.ts"
import { findBrowser } from "./find-browser.ts"
import { PuppeteerDriverPage } from "./puppeteer-page.ts"

/** How Chromium is started: headless, with a profile that Puppeteer makes and deletes. */
export function chromiumOptions(): LaunchOptions {
  return {
    executablePath: findBrowser("chromium"),
    // Or Chromium sends Puppeteer a copy of every frame of every WebSocket, which costs a call more than its way to the Core.
    networkEnabled: false,
    defaultViewport: null,
    args: [
      "--window-size=1100,830",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // Two windows are tested at once: one of them is always in the background.
      "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding",
      // As root Chromium refuses to run with its sandbox.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  }
}

export async function launchChromium(isHeaded: boolean): Promise<Driver> {
  const browser = await puppeteer.launch({ ...chromiumOptions(), headless: !isHeaded })
  return {
    name: "chromium",
    version: (await browser.version()).replace(/^.*\//, ""),
    open: async (url) => {
      const page = await browser.newPage()
      await page.goto(url)
      return new PuppeteerDriverPage(page)
    },
    close: () => browser.close(),
  }
}
