import type { WindowConfig } from "./config/config.ts"
import type { WindowObserver } from "./core/windows.ts"
import { type BrowserWindow, openWindow } from "./window/open-window.ts"

/** A window that was opened. */
export interface AppWindow {
  readonly label: string
  /** Closes it, where it is a browser that the app started; its sessions end either way when the app does. */
  close(): Promise<void>
  /** Resolves when the window is closed: its browser has ended, or it has had no session for five seconds. */
  readonly closed: Promise<void>
}

/** Anything that can show a URL can be the window. */
export type ShowUrl = (url: string) => unknown

/** A page that reloads, or comes back from sleep, has no session for a moment. */
const ABSENT_MS = 5000

/** One window from its launch to its end, as the app knows it. */
export class OpenWindow implements AppWindow, WindowObserver {
  readonly label: string
  readonly closed: Promise<void>
  readonly #config: WindowConfig
  readonly #identifier: string
  readonly #log: (line: string) => void
  #browser: BrowserWindow | null = null
  #wasRedeemed = false
  #absent: ReturnType<typeof setTimeout> | undefined
  #resolveClosed: () => void = () => {}

  constructor(config: WindowConfig, identifier: string, log: (line: string) => void) {
    this.label = config.label
    this.#config = config
    this.#identifier = identifier
    this.#log = log
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
  }

  async show(url: string, show: ShowUrl | undefined): Promise<void> {
    if (show !== undefined) {
      await show(url)
      return
    }
    const { label, width, height } = this.#config
    this.#browser = openWindow(url, { label, width, height, identifier: this.#identifier, log: this.#log })
    if (this.#wasRedeemed) this.#browser.redeemed()
    this.#browser.closed.then(() => this.#end())
  }

  redeemed(): void {
    this.#wasRedeemed = true
    this.#browser?.redeemed()
  }

  sessions(count: number): void {
    clearTimeout(this.#absent)
    if (count > 0) return
    this.#absent = setTimeout(() => {
      // A browser of its own tells by its end; a window that somebody else shows, only by its silence. Asked late: a browser
      // that ends in its first seconds may have handed its page to another one, and ends after its sessions.
      if (this.#browser?.kind !== "app-window") this.#end()
    }, ABSENT_MS)
  }

  async close(): Promise<void> {
    clearTimeout(this.#absent)
    await this.#browser?.close()
    this.#end()
  }

  #end(): void {
    clearTimeout(this.#absent)
    this.#resolveClosed()
  }
}
