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
 * Preferences, beside which everything is as in a user's Firefox. The remote agent would otherwise set a list of its own (its
 * RecommendedPreferences), and Puppeteer's launcher a longer one, which contains `fission.webContentIsolationStrategy: 0`: with
 * it, pages and frames of all sites share processes. A user's Firefox has 1, a process for each site.
 */
const PREFERENCES: Readonly<Record<string, boolean | number | string>> = {
  "remote.prefs.recommended": false,
  // No updates, no reports, no questions, no pages of its own, and no requests that no page has made.
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.newtabpage.activity-stream.testing.shouldInitializeFeeds": false,
  "browser.region.network.url": "",
  "browser.safebrowsing.blockedURIs.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "browser.topsites.contile.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "http://127.0.0.1:9/",
  "termsofuse.bypassNotification": true,
  "toolkit.telemetry.enabled": false,
  // A test opens windows without a click.
  "dom.disable_open_during_load": false,
  // Keys that a test presses count at once. For a user they are ignored until the page has been visible for a moment.
  "dom.input_events.security.minNumTicks": 0,
  "dom.input_events.security.minTimeElapsedInMS": 0,
  // A page has the focus although its window is not the desktop's active one.
  "focusmanager.testmode": true,
  // Two windows are tested at once, and one of them is always in the background.
  "dom.ipc.processPriorityManager.enabled": false,
  "threads.lower_mainthread_priority_in_background.enabled": false,
  // With WebDriver BiDi Firefox records a stack with each promise, which no user's Firefox does: 20,000 calls took twice as long.
  "javascript.options.asyncstack": false,
}

/** A Firefox that listens for WebDriver BiDi. */
export interface FirefoxProcess {
  /** Address of a WebSocket on which a session can be started. */
  readonly endpoint: string
  /** Ends it with everything that it started, and deletes its profile. */
  end(): Promise<void>
}

/** Starts Firefox with a fresh profile. It is started by hand, because Puppeteer's launcher sets preferences of its own. */
export async function startFirefox(isHeaded: boolean, flags: readonly string[] = []): Promise<FirefoxProcess> {
  const profile = await mkdtemp(join(tmpdir(), "sallyport-firefox-"))
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`)
  await writeFile(join(profile, "user.js"), lines.join(""))
  const firefox = spawn(
    findBrowser("firefox"),
    [...(isHeaded ? [] : ["--headless"]), "--no-remote", "--remote-debugging-port=0", "--profile", profile, ...flags],
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
    return { endpoint: `${await webDriverEndpoint(firefox)}/session`, end }
  } catch (error) {
    await end()
    throw error
  }
}

export async function launchFirefox(isHeaded: boolean): Promise<Driver> {
  const firefox = await startFirefox(isHeaded)
  try {
    const browser = await puppeteer.connect({
      browserWSEndpoint: firefox.endpoint,
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
        await firefox.end()
      },
    }
  } catch (error) {
    await firefox.end()
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
