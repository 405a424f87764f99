import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { findAppBrowser, findProgram } from "../../window/find-browser.ts"
import { CommandError } from "../run-command.ts"

/** Starts a browser without a window on one page, with a profile of its own. */
export type StartBrowser = (url: string, profile: string) => ChildProcess

/** What Firefox does at its first start and nobody here wants. */
const FIREFOX_PREFERENCES = `user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("app.update.disabledForTesting", true);
`

/** @throws CommandError when it is not installed */
export function headlessBrowser(name: string): StartBrowser {
  return name === "firefox" ? firefox() : chromium()
}

function chromium(): StartBrowser {
  const found = findAppBrowser()
  if (found === null)
    throw new CommandError(
      "there is no Chromium, Chrome, Edge or Brave: install one, or use --browser firefox, or --node for no browser",
    )
  // Chromium refuses to run as root with its sandbox.
  const asRoot = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : []
  const flags = ["--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
  const quiet = ["--disable-component-update", "--disable-sync", ...asRoot]
  return (url, profile) =>
    spawn(found.program, [...flags, ...quiet, `--user-data-dir=${profile}`, url], { stdio: "ignore" })
}

function firefox(): StartBrowser {
  const program = ["firefox", "firefox-esr"].map((name) => findProgram(name)).find((path) => path !== null)
  if (program === undefined)
    throw new CommandError("there is no Firefox: install it, or use --browser chromium, or --node for no browser")
  return (url, profile) => {
    mkdirSync(profile, { recursive: true })
    writeFileSync(join(profile, "user.js"), FIREFOX_PREFERENCES)
    return spawn(program, ["--headless", "--no-remote", "--profile", profile, url], { stdio: "ignore" })
  }
}
