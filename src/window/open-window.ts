import { spawn } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { AppModeWindow } from "./app-mode-window.ts"
import { dataFolder } from "./data-folder.ts"
import { type AppBrowser, findAppBrowser, findProgram } from "./find-browser.ts"
import { ownEnvironment } from "./own-environment.ts"
import { printLink } from "./print-link.ts"

export interface WindowOptions {
  readonly label: string
  /** Outer size in CSS pixels. */
  readonly width: number
  readonly height: number
  /** The app's identifier: windows run in browser profiles of the app's own. */
  readonly identifier: string
  /** Folder of this app's profiles below `windows`; empty for that folder itself. Default: empty. */
  readonly profiles?: string | undefined
  /** Folder of the profiles. Default: the user's, for application data. */
  readonly profileRoot?: string | undefined
  readonly log: (line: string) => void
}

/** A window that shows a page of the app, as far as it can be known. */
export interface BrowserWindow {
  /** `app-window`: its end is known, and it can be closed; of the others nothing is known but what their page says. */
  readonly kind: "app-window" | "default-browser" | "printed"
  close(): Promise<void>
  /** Resolves when an `app-window` has ended. */
  readonly closed: Promise<void>
  /** Raises an `app-window` and gives it the focus, where its browser can. Resolves without effect elsewhere, and for one that has ended. */
  focus(): Promise<void>
  /** To be called when the page has come: its link is of no use to anybody any more. */
  redeemed(): void
}

const NEVER = new Promise<void>(() => {})

/**
 * Shows a launch link: in the first of Chrome, Chromium, Edge and Brave, as an app with a profile of its own; else in the
 * default browser; else by printing it.
 */
export function openWindow(
  launchUrl: string,
  options: WindowOptions,
  browser: AppBrowser | null = findAppBrowser(),
): BrowserWindow {
  if (browser !== null && hasDisplay()) return inAppMode(browser, launchUrl, options)
  const elsewhere = { close: async () => {}, closed: NEVER, focus: async () => {}, redeemed: () => {} }
  if (hasDisplay() && openDefaultBrowser(launchUrl, options)) return { kind: "default-browser", ...elsewhere }
  printLink(launchUrl, options)
  return { kind: "printed", ...elsewhere }
}

function inAppMode(browser: AppBrowser, launchUrl: string, options: WindowOptions): AppModeWindow {
  const profiles = profilesOf(browser, options)
  tellOfOldProfiles(profiles, options.log)
  const own = join(profiles, encodeURIComponent(options.label))
  return new AppModeWindow(browser, launchUrl, join(profiles, SHARED_PROFILE), options, own)
}

function hasDisplay(): boolean {
  const { platform } = process
  const env = ownEnvironment()
  return platform !== "linux" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** Whether there is a program to ask. */
function openDefaultBrowser(url: string, options: WindowOptions): boolean {
  const [command, ...args] = { __proto__: null, darwin: ["open"], win32: ["rundll32", "url.dll,FileProtocolHandler"] }[
    process.platform as string
  ] ?? ["xdg-open"]
  if (command === undefined || (process.platform === "linux" && findProgram(command) === null)) return false
  options.log(
    `The window "${options.label}" opens in your default browser, with your own profile and its extensions: install Chrome, Chromium, Edge or Brave for a window of its own.`,
  )
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true, env: ownEnvironment() })
  child.once("error", () => printLink(url, options))
  // xdg-open(1): 3 and 4 when there is no browser or it failed.
  child.once("exit", (code) => {
    if (code !== 0) printLink(url, options)
  })
  child.unref()
  return true
}

/** All windows of an app share a profile, and so what pages keep in web storage: that of the label "main". */
const SHARED_PROFILE = "main"

function profilesOf({ ownFolder }: AppBrowser, { identifier, profiles, profileRoot }: WindowOptions): string {
  return join(profileRoot ?? ownFolder ?? dataFolder(), identifier, "windows", profiles ?? "")
}

/** Names that begin with `@` are folders of other instances' profiles. */
function isOldProfile(name: string): boolean {
  return name !== SHARED_PROFILE && !name.startsWith("@")
}

const told = new Set<string>()

/** Earlier versions gave each label a profile. What these hold is left to the user, for one version. */
function tellOfOldProfiles(profiles: string, log: (line: string) => void): void {
  if (told.has(profiles)) return
  told.add(profiles)
  const old = existsSync(profiles) ? readdirSync(profiles).filter(isOldProfile) : []
  if (old.length === 0) return
  log(
    `All windows use the browser profile "${SHARED_PROFILE}" in ${profiles} now. Those that windows had before are not used ` +
      `any more, and can be deleted: ${old.map((name) => `"${name}"`).join(", ")}.`,
  )
}
