import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync } from "node:fs"
import { PassThrough } from "node:stream"
import type { AppBrowser } from "./find-browser.ts"
import type { BrowserWindow, WindowOptions } from "./open-window.ts"
import { ownEnvironment } from "./own-environment.ts"
import { printLink } from "./print-link.ts"
import { browserOf, ProfileBrowser, type ProfileWindow } from "./profile-browser.ts"
import { RedirectFile } from "./redirect-file.ts"

/** A page that has not come by then never read the file: the link itself is tried, in ms. */
const FILE_MS = 5000
/** A browser that ends within this time has handed its page to one that runs already, in ms. */
const HANDED_OVER_MS = 3000
/** Time in ms within which a window that could not be raised is expected to be closed. */
const GONE_MS = 1000
/** How long a browser may take to hand a window to the one that runs, in ms. */
const HAND_OVER_MS = 10_000

/**
 * A window of a Chromium-like browser that shows one page as an app. All windows of an app are in one profile, and so in one
 * browser: the first starts it, the others are handed to it.
 */
export class AppModeWindow implements BrowserWindow {
  readonly closed: Promise<void>
  readonly #browser: AppBrowser
  readonly #launchUrl: string
  readonly #options: WindowOptions
  /** Its own, where it cannot be in the shared one. */
  readonly #ownProfile: string
  #profile: string
  /** What shows it; `null` until it is shown. */
  #running: ProfileBrowser | null = null
  #window: ProfileWindow | null = null
  #redirect: RedirectFile | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #kind: BrowserWindow["kind"] = "app-window"
  #hasCome = false
  #isClosing = false
  #hasEnded = false
  #resolveClosed: () => void = () => {}

  /** @param ownProfile for a browser that cannot show several windows */
  constructor(
    browser: AppBrowser,
    launchUrl: string,
    profile: string,
    options: WindowOptions,
    ownProfile: string = profile,
  ) {
    this.#browser = browser
    this.#launchUrl = launchUrl
    this.#profile = profile
    this.#ownProfile = ownProfile
    this.#options = options
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    if (browser.ownFolder === null) this.#redirect = new RedirectFile(launchUrl)
    this.#begin()
  }

  get kind(): BrowserWindow["kind"] {
    return this.#kind
  }

  /** Process of the browser that shows it. */
  get pid(): number | undefined {
    return this.#running?.pid
  }

  redeemed(): void {
    this.#hasCome = true
    this.#forgetFile()
    const running = this.#running
    // The window that has started the browser: from now on others can be shown in it.
    if (running !== null && this.#window === null)
      running.firstHasCome().then(
        (window) => this.#isShown(running, window),
        () => {},
      )
  }

  #forgetFile(): void {
    clearTimeout(this.#timer)
    this.#redirect?.delete()
    this.#redirect = null
  }

  async focus(): Promise<void> {
    if (this.#running === null || this.#window === null) return
    // A browser that ends closes its pipe first, and its process ends a moment later.
    const gone = (): Promise<unknown> =>
      Promise.race([this.closed, new Promise((resolve) => setTimeout(resolve, GONE_MS).unref())])
    await this.#running.focus(this.#window).catch(gone)
  }

  async close(): Promise<void> {
    this.#forgetFile()
    if (this.#kind !== "app-window" || this.#hasEnded) return
    this.#isClosing = true
    if (this.#running !== null && this.#window !== null) await this.#running.close(this.#window)
    else await this.#running?.end()
    this.#end()
  }

  #begin(): void {
    const running = browserOf(this.#profile)
    if (running === undefined) this.#startBrowser(this.#redirect?.url ?? this.#launchUrl)
    else void this.#showIn(running)
  }

  async #showIn(running: ProfileBrowser): Promise<void> {
    try {
      if (!(await running.isReady)) throw new Error("the browser cannot show further windows")
      if (this.#isClosing) return
      const link = this.#redirect?.url ?? this.#launchUrl
      this.#isShown(running, await running.show(() => this.#handOver(link), this.#options))
      if (this.#redirect !== null) this.#timer = setTimeout(() => void this.#showOnLink(running), FILE_MS)
    } catch {
      if (this.#isClosing) return
      // It was shown, and is closed, or its browser has ended.
      if (this.#hasCome) return this.#end()
      // It may have ended meanwhile. One that runs, and does not show this window, is left alone.
      if (browserOf(this.#profile) === running) this.#profile = this.#ownProfile
      if (browserOf(this.#profile) === running) this.#couldNotShow("shows other windows and no further one")
      else this.#begin()
    }
  }

  #isShown(running: ProfileBrowser, window: ProfileWindow): void {
    this.#running = running
    this.#window = window
    window.closed.then(() => {
      if (this.#window === window) this.#end()
    })
    if (this.#isClosing) void running.close(window).catch(() => {})
  }

  async #showOnLink(running: ProfileBrowser): Promise<void> {
    const before = this.#window
    this.#forgetFile()
    try {
      this.#isShown(running, await running.show(() => this.#handOver(this.#launchUrl), this.#options))
      if (before !== null) await running.close(before)
    } catch {
      // The window stays as it is. Its browser, or its user, ends it.
    }
  }

  #startOnLink(child: ChildProcess): void {
    this.#running = null
    child.kill("SIGKILL")
    this.#forgetFile()
    this.#startBrowser(this.#launchUrl)
  }

  #startBrowser(url: string): void {
    const { log } = this.#options
    const started = performance.now()
    mkdirSync(this.#profile, { recursive: true, mode: 0o700 })
    const child = this.#start(url)
    const running = new ProfileBrowser(this.#profile, child)
    this.#running = running
    if (isRoot()) log(`${this.#browser.name} runs without its own sandbox, because this process is root's`)
    if (this.#redirect !== null) this.#timer = setTimeout(() => this.#startOnLink(child), FILE_MS)
    child.once("error", ({ message }) => this.#couldNotShow(`could not be started: ${message}`))
    child.once("exit", (code, signal) => {
      // One that was started again on the link, or whose windows tell of their end.
      if (this.#running !== running || this.#window !== null) return
      if (this.#isClosing) this.#end()
      else if (code === 0 && performance.now() - started < HANDED_OVER_MS) this.#kind = "default-browser"
      else if (this.#hasCome || code === 0) this.#end()
      else this.#couldNotShow(`ended (${signal ?? `exit status ${code}`}) before the page came`)
    })
  }

  /** Starts the program again: it finds that the profile is open, hands over what it was to show, and ends. */
  async #handOver(url: string): Promise<void> {
    const child = this.#start(url)
    const late = setTimeout(() => child.kill("SIGKILL"), HAND_OVER_MS)
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject)
      child.once("exit", resolve)
      for (const stream of child.stdio) stream?.on("error", () => {})
    })
    clearTimeout(late)
    // A process that it has left must not keep this one running.
    for (const stream of child.stdio) stream?.destroy()
    if (code !== 0) throw new Error("the browser did not hand over its window")
  }

  /**
   * Starts the browser's program with a pipe. A browser ends when its pipe closes, and the system closes it when this process is
   * killed. A program that hands over its window needs one, too: it becomes a browser if the one that runs ends at that moment.
   */
  #start(url: string): ChildProcess {
    const { width, height } = this.#options
    const args = [
      `--app=${url}`,
      `--user-data-dir=${this.#profile}`,
      `--window-size=${width},${height}`,
      "--remote-debugging-pipe",
      "--no-first-run",
      "--no-default-browser-check",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(isRoot() ? ["--no-sandbox"] : []),
    ]
    const child = spawn(this.#browser.program, args, {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      env: ownEnvironment(),
    })
    // Without free file descriptors (EMFILE), Node gives a process no streams, and emits its `error` a moment later.
    if (child.stdio === undefined)
      Object.assign(child, { stdio: [null, null, null, new PassThrough(), new PassThrough()] })
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
    this.#hasEnded = true
    this.#forgetFile()
    this.#resolveClosed()
  }
}

/** Chromium refuses to run as root with its sandbox. */
function isRoot(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0
}
