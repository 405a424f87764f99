import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import puppeteer from "puppeteer-core"
import type { Driver } from "./driver.ts"
import { endProcess } from "./end-process.ts"
import { findBrowser } from "./find-browser.ts"
import { PuppeteerDriverPage } from "./puppeteer-page.ts"

/**
 * Silence, and nothing that changes what a page may do. Without the last, WebDriver BiDi has a stack taken down with each promise, which
 * no user's Firefox does: twenty thousand calls took twice as long.
 */
const PREFERENCES = `user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.page", 0);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "http://127.0.0.1:9/");
user_pref("dom.disable_open_during_load", false);
user_pref("javascript.options.asyncstack", false);
`

/**
 * Firefox. It is started by hand, because Puppeteer's launcher switches off process isolation, and with it what
 * is to be tested.
 */
export async function launchFirefox(isHeaded: boolean): Promise<Driver> {
  const profile = await mkdtemp(join(tmpdir(), "sallyport-firefox-"))
  await writeFile(join(profile, "user.js"), PREFERENCES)
  const firefox = spawn(
    findBrowser("firefox"),
    [...(isHeaded ? [] : ["--headless"]), "--no-remote", "--remote-debugging-port=0", "--profile", profile],
    {
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    },
  )
  const end = async (): Promise<void> => {
    await endProcess(firefox)
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const endpoint = await webDriverEndpoint(firefox)
    const browser = await puppeteer.connect({
      browserWSEndpoint: `${endpoint}/session`,
      protocol: "webDriverBiDi",
      // Nobody asks for what goes over the network, and telling costs every request.
      networkEnabled: false,
    })
    return {
      name: "firefox",
      version: (await browser.version()).replace(/^.*\//, ""),
      open: async (url) => {
        const page = await browser.newPage()
        await page.goto(url)
        return new PuppeteerDriverPage(page)
      },
      close: async () => {
        await browser.disconnect()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** Firefox says on which port it listens. */
function webDriverEndpoint(firefox: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: firefox.stderr as NodeJS.ReadableStream })
    lines.on("line", (line) => {
      const endpoint = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line)?.[1]
      if (endpoint !== undefined) resolve(endpoint)
    })
    firefox.once("error", reject)
    firefox.once("exit", (code) => reject(new Error(`Firefox ended with ${code} before it listened`)))
  })
}
