import puppeteer, { type LaunchOptions } from "puppeteer-core"
import type { Driver } from "./driver.ts"
import { findBrowser } from "./find-browser.ts"
import { PuppeteerDriverPage } from "./puppeteer-page.ts"

/**
 * Flags that Chromium is started with: those of the app's own windows (src/window/app-mode-window.ts), and what automation needs.
 * Puppeteer's default flags are left out, because they switch off parts of a user's Chromium that these tests are about: its
 * list contains `--disable-features=IsolateSandboxedIframes`, under which a sandboxed frame shares the process of its site.
 */
function flags(isHeaded: boolean): string[] {
  return [
    // Of the app's own windows.
    "--window-size=1100,830",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // As root Chromium refuses to run with its sandbox.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    // Without a display. Scroll bars would be in screenshots.
    ...(isHeaded ? [] : ["--headless=new", "--hide-scrollbars", "--mute-audio"]),
    // Machines that run tests have none, and Chromium would try several times to start it.
    "--disable-gpu",
    // Neither a desktop's keyring is asked, nor is a message shown about it.
    "--password-store=basic",
    // Two windows are tested at once, and one of them is always in the background.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    // The first page, which Puppeteer waits for.
    "about:blank",
  ]
}

/** How Chromium is started, with a profile that Puppeteer makes and deletes. */
export function chromiumOptions(isHeaded = false): LaunchOptions {
  return {
    executablePath: findBrowser("chromium"),
    ignoreDefaultArgs: true,
    args: flags(isHeaded),
    // Or Chromium sends Puppeteer a copy of every frame of every WebSocket, which costs a call more than its way to the Core.
    networkEnabled: false,
    defaultViewport: null,
  }
}

export async function launchChromium(isHeaded: boolean): Promise<Driver> {
  const browser = await puppeteer.launch(chromiumOptions(isHeaded))
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
