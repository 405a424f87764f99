import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync } from "node:fs"
import { endingWithParent } from "./ending-with-parent.ts"
import type { AppBrowser } from "./find-browser.ts"
import type { BrowserWindow, WindowOptions } from "./open-window.ts"
import { ownEnvironment } from "./own-environment.ts"
import { printLink } from "./print-link.ts"
import { RedirectFile } from "./redirect-file.ts"

/** A page that has not come by then never read the file: the link itself is tried, in ms. */
const FILE_MS = 5000
/** A browser that ends within this time has handed its page to one that runs already, in ms. */
const HANDED_OVER_MS = 3000
/** How long a browser may take to end when it is asked to, in ms. */
const END_MS = 3000

/** A Chromium-like browser that shows one page as an app, in a profile of its own. */
export class AppModeWindow implements BrowserWindow {
  readonly closed: Promise<void>
  readonly #browser: AppBrowser
  readonly #launchUrl: string
  readonly #profile: string
  readonly #options: WindowOptions
  #process: ChildProcess
  #redirect: RedirectFile | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #kind: BrowserWindow["kind"] = "app-window"
  #hasCome = false
  #isClosing = false
  #resolveClosed: () => void = () => {}

  constructor(browser: AppBrowser, launchUrl: string, profile: string, options: WindowOptions) {
    this.#browser = browser
    this.#launchUrl = launchUrl
    this.#profile = profile
    this.#options = options
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    mkdirSync(profile, { recursive: true, mode: 0o700 })
    if (browser.ownFolder !== null) {
      this.#process = this.#start(launchUrl)
      return
    }
    this.#redirect = new RedirectFile(launchUrl)
    this.#process = this.#start(this.#redirect.url)
    this.#timer = setTimeout(() => this.#startOnLink(), FILE_MS)
  }

  get kind(): BrowserWindow["kind"] {
    return this.#kind
  }

  redeemed(): void {
    this.#hasCome = true
    this.#forgetFile()
  }

  #forgetFile(): void {
    clearTimeout(this.#timer)
    this.#redirect?.delete()
    this.#redirect = null
  }

  async close(): Promise<void> {
    this.#forgetFile()
    const process = this.#process
    if (this.#kind !== "app-window" || hasEnded(process)) return
    this.#isClosing = true
    const force = setTimeout(() => process.kill("SIGKILL"), END_MS)
    process.kill()
    await this.closed
    clearTimeout(force)
  }

  #startOnLink(): void {
    this.#process.removeAllListeners("exit")
    this.#process.kill("SIGKILL")
    this.#forgetFile()
    this.#process = this.#start(this.#launchUrl)
  }

  #start(url: string): ChildProcess {
    const { width, height, log } = this.#options
    const started = performance.now()
    const [command, args] = endingWithParent(this.#browser.program, [
      `--app=${url}`,
      `--user-data-dir=${this.#profile}`,
      `--window-size=${width},${height}`,
      "--no-first-run",
      "--no-default-browser-check",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(isRoot() ? ["--no-sandbox"] : []),
    ])
    const child = spawn(command, args, { stdio: "ignore", env: ownEnvironment() })
    if (isRoot()) log(`${this.#browser.name} runs without its own sandbox, because this process is root's`)
    child.once("error", ({ message }) => this.#couldNotShow(`could not be started: ${message}`))
    child.once("exit", (code, signal) => {
      if (this.#isClosing) this.#end()
      else if (code === 0 && performance.now() - started < HANDED_OVER_MS) this.#kind = "default-browser"
      else if (this.#hasCome || code === 0) this.#end()
      else this.#couldNotShow(`ended (${signal ?? `exit status ${code}`}) before the page came`)
    })
    return child
  }

  /** Such a browser lacks a display that answers, or cannot write its profile: its user may have another one. */
  #couldNotShow(why: string): void {
    const { label, log } = this.#options
    this.#forgetFile()
    this.#kind = "printed"
    log(`${this.#browser.name} ${why}, so it does not show the window "${label}".`)
    printLink(this.#launchUrl, this.#options)
  }

  #end(): void {
    this.#forgetFile()
    this.#resolveClosed()
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** Chromium refuses to run as root with its sandbox. */
function isRoot(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0
}
