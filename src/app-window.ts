import type { Redemption, WindowObserver } from "./boundary/core/window-registry.ts"
import type { WindowConfig } from "./config/config.ts"
import { type BrowserWindow, openWindow, type WindowOptions } from "./window/open-window.ts"

/** A window that was opened. */
export interface AppWindow {
  readonly label: string
  /**
   * Closes it: ends the browser that the app started for it, or has what `show` gave close it, or asks its page to. Its
   * credential is void from then on.
   *
   * @throws Error when it still has sessions five seconds after its page was asked
   */
  close(): Promise<void>
  /** Resolves when the window is closed: its browser has ended, or it has had no session for five seconds. */
  readonly closed: Promise<void>
}

/** What a window that is to be shown looks like. */
export interface ShownWindow {
  readonly label: string
  /** `null`: the page's own. */
  readonly title: string | null
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
}

/**
 * Anything that can show a URL can be the window. What it returns, or resolves with, may have a method `close`, which then
 * closes the window.
 */
export type ShowUrl = (url: string, window: ShownWindow) => unknown

/** A browser's window, as one that is told more: `redeemed` with what its page came with. */
export interface ShownBrowser extends Pick<BrowserWindow, "kind" | "closed" | "close" | "focus"> {
  redeemed(redemption: Redemption): void
  revoked?(): void
}

/** Shows a launch link in a browser. */
export type OpenBrowser = (url: string, options: WindowOptions) => ShownBrowser

export interface OpenWindowOptions {
  readonly identifier: string
  /** Folder of the browser profiles, as `WindowOptions` has it; asked for before a browser is started. */
  readonly profiles?: () => Promise<string>
  /** Default: a browser of this process's own. */
  readonly openBrowser?: OpenBrowser | undefined
  /** Asks the window's pages to close it. */
  readonly askToClose: (window: OpenWindow) => void
  /** Told when the page of a window that was taken over has its first session. */
  readonly returned?: (window: OpenWindow) => void
  readonly log: (line: string) => void
}

/** A page that reloads, or comes back from sleep, has no session for a moment. */
const ABSENT_MS = 5000
/** How long a page may take to close its window when it is asked to, in ms. */
const CLOSE_MS = 5000

/** One window from its launch to its end, as the app knows it. */
export class OpenWindow implements AppWindow, WindowObserver {
  readonly label: string
  readonly closed: Promise<void>
  /** Resolves when its page has come. */
  readonly came: Promise<void>
  readonly #config: WindowConfig
  readonly #options: OpenWindowOptions
  #browser: ShownBrowser | null = null
  #shown: { close(): unknown } | null = null
  #redemption: Redemption | null = null
  #isClosing = false
  /** The last attempt to close it; `null`: there was none. */
  #closing: Promise<void> | null = null
  #hasEnded = false
  #hasExpired = false
  #sessions = 0
  #hasReturned = false
  #absent: ReturnType<typeof setTimeout> | undefined
  #resolveClosed: () => void = () => {}
  #resolveCame: () => void = () => {}

  constructor(config: WindowConfig, options: OpenWindowOptions) {
    this.label = config.label
    this.#config = config
    this.#options = options
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.came = new Promise((resolve) => {
      this.#resolveCame = resolve
    })
  }

  get hasCome(): boolean {
    return this.#redemption !== null
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Its link has expired before a page came with it: it can show nothing any more. */
  get hasExpired(): boolean {
    return this.#hasExpired
  }

  linkHasExpired(): void {
    this.#hasExpired = !this.hasCome
  }

  async show(url: string, show: ShowUrl | undefined): Promise<void> {
    const { label, title, width, height } = this.#config
    if (show !== undefined) {
      const shown = await show(url, { label, title, width, height })
      if (canClose(shown)) this.#shown = shown
      return
    }
    const { identifier, openBrowser = openWindow, log } = this.#options
    const profiles = this.#options.profiles && (await this.#options.profiles())
    if (this.#hasEnded) return
    this.#isIn(openBrowser(url, { label, width, height, identifier, profiles, log }))
    if (this.#redemption !== null) this.#browser?.redeemed(this.#redemption)
  }

  /** It is shown already, and its page has come, to the Core in whose place this one is. */
  adopt(browser: ShownBrowser, redemption: Redemption): void {
    this.#isIn(browser)
    this.#redemption = redemption
    this.#resolveCame()
  }

  #isIn(browser: ShownBrowser): void {
    this.#browser = browser
    browser.closed.then(() => this.#end())
  }

  redeemed(redemption: Redemption): void {
    this.#redemption = redemption
    this.#browser?.redeemed(redemption)
    this.#resolveCame()
  }

  revoked(): void {
    this.#browser?.revoked?.()
  }

  sessions(count: number): void {
    this.#sessions = count
    clearTimeout(this.#absent)
    if (count > 0) {
      // The page is to be greeted first.
      if (!this.#hasReturned) setImmediate(() => this.#options.returned?.(this))
      this.#hasReturned = true
      return
    }
    if (this.#isClosing && this.#browser?.kind !== "app-window") return this.#end()
    this.#absent = setTimeout(() => {
      // A browser of its own tells by its end; a window that somebody else shows, only by its silence. Asked late: a browser
      // that ends in its first seconds may have handed its page to another one, and ends after its sessions.
      if (this.#browser?.kind !== "app-window") this.#end()
    }, ABSENT_MS)
  }

  /** Has its browser raise it. One that is closing ends first, or stays open. */
  async focus(): Promise<void> {
    await this.#closing?.catch(() => {})
    if (!this.#hasEnded) await this.#browser?.focus()
  }

  close(): Promise<void> {
    this.#closing = this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#canBeClosed) return this.abandon()
    this.#isClosing = true
    if (this.#sessions === 0) return this.#end()
    this.#options.askToClose(this)
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS, "late")
    })
    const outcome = await Promise.race([this.closed, late])
    clearTimeout(timer)
    if (outcome !== "late") return
    this.#isClosing = false
    throw new Error(
      `the window "${this.label}" is still open: the browser does not let its page close it, and the app's \`show\` ` +
        `returned nothing with a close()`,
    )
  }

  /** Closes it as far as the app itself can: with the app its sessions end either way. */
  async abandon(): Promise<void> {
    clearTimeout(this.#absent)
    try {
      await this.#browser?.close()
      await this.#shown?.close()
    } finally {
      this.#end()
    }
  }

  /** Whether somebody else than its page can close it. */
  get #canBeClosed(): boolean {
    return this.#browser?.kind === "app-window" || this.#shown !== null
  }

  #end(): void {
    this.#hasEnded = true
    clearTimeout(this.#absent)
    this.#resolveClosed()
  }
}

function canClose(value: unknown): value is { close(): unknown } {
  return typeof value === "object" && value !== null && typeof (value as { close?: unknown }).close === "function"
}
