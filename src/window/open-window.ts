import { spawn } from "node:child_process"
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
  if (browser !== null && hasDisplay())
    return new AppModeWindow(browser, launchUrl, profileOf(browser, options), options)
  const elsewhere = { close: async () => {}, closed: NEVER, redeemed: () => {} }
  if (hasDisplay() && openDefaultBrowser(launchUrl, options)) return { kind: "default-browser", ...elsewhere }
  printLink(launchUrl, options)
  return { kind: "printed", ...elsewhere }
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

/** A profile a label: two windows in one profile would share a process, whose end says nothing about either. */
function profileOf({ ownFolder }: AppBrowser, { identifier, label, profiles, profileRoot }: WindowOptions): string {
  return join(
    profileRoot ?? ownFolder ?? dataFolder(),
    identifier,
    "windows",
    profiles ?? "",
    encodeURIComponent(label),
  )
}
