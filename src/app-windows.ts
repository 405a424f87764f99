import { OpenWindow, type ShowUrl } from "./app-window.ts"
import { LAUNCH_TICKET_MS } from "./boundary/core/window-registry.ts"
import { bare } from "./boundary/wire/own.ts"
import { type Config, DEFAULT_WINDOW, readWindowOptions, type WindowConfig } from "./config/config.ts"
import { nearest } from "./config/nearest.ts"
import type { Core } from "./core/core.ts"
import type { Events } from "./core/events.ts"
import type { DevParent } from "./dev-parent.ts"
import type { WindowHost } from "./plugins/window-host.ts"
import type { Server } from "./server/server.ts"
import { leaseProfiles, type ProfileLease } from "./single-instance/profile-lease.ts"

export interface AppWindowsOptions {
  readonly config: Config
  readonly core: Core
  readonly events: Events
  readonly server: Server
  readonly dev: boolean
  /** `sallyport dev`, where that has started the app: it keeps the windows while Cores come and go. */
  readonly devParent?: DevParent | null | undefined
  /** How windows are shown, unless `open` says otherwise; `undefined`: in a browser. */
  readonly show: ShowUrl | undefined
  readonly log: (line: string) => void
}

/** Windows that pages may have the app open: each may be a browser of its own. */
const MAX_WINDOWS = 64

/** The windows of an app that runs: what opens and closes them, and what is told of it. */
export class AppWindows implements WindowHost {
  readonly #options: AppWindowsOptions
  readonly #lastClosed: () => void
  readonly #windows = new Set<OpenWindow>()
  /** Taken over from the Core that ran before this one, and not asked for yet. */
  readonly #adopted = new Set<OpenWindow>()
  /** A window was shown by a function that was for it alone: where such an app shows another, nobody else can tell. */
  #hasShownOtherwise = false
  /** The window that the app opened first. */
  #firstLabel: string | null = null
  /** A launch that is being answered. */
  #comingForward: Promise<void> | null = null
  #isAbandoned = false
  #lease: Promise<ProfileLease> | null = null

  constructor(options: AppWindowsOptions, lastClosed: () => void) {
    this.#options = options
    this.#lastClosed = lastClosed
  }

  get labels(): readonly string[] {
    return [...new Set([...this.#windows].map(({ label }) => label))]
  }

  /** Opens a window of the configuration. */
  async open(label: string, show: ShowUrl | undefined): Promise<OpenWindow> {
    if (show !== undefined) this.#hasShownOtherwise = true
    this.#firstLabel ??= label
    const adopted = [...this.#adopted].find((window) => window.label === label)
    if (adopted !== undefined && this.#adopted.delete(adopted)) return adopted
    return this.#open(this.#configured(label), show ?? this.#options.show)
  }

  /** Opens the app's first window, or raises the one that is open: the app was launched again. */
  comeForward(): Promise<void> {
    this.#comingForward ??= this.#comeForward().finally(() => {
      this.#comingForward = null
    })
    return this.#comingForward
  }

  async #comeForward(): Promise<void> {
    const label = this.#firstLabel ?? this.#defaultLabel
    try {
      if (!(await this.#raise(label)) && !this.#isAbandoned) await this.open(label, undefined)
    } catch (error) {
      const reason = error instanceof Error ? error.message : error
      this.#options.log(`the window "${label}" could not be opened again: ${reason}`)
    }
  }

  /** Raises a window, that of the label if it is open. Returns `false` if none is: one that was closing has ended. */
  async #raise(label: string): Promise<boolean> {
    for (;;) {
      const windows = [...this.#windows].filter(({ hasEnded }) => !hasEnded)
      const open = windows.find((window) => window.label === label) ?? windows[0]
      if (open === undefined) return false
      if (open.hasExpired) {
        await open.abandon().catch(() => {})
        continue
      }
      // The only way where no browser can be told. The page cannot raise a window of Chromium.
      this.#options.core.askToFocus(open)
      await open.focus()
      if (!open.hasEnded) return true
    }
  }

  async create(options: unknown): Promise<void> {
    const { server, show, log } = this.#options
    const { window: view, ignored } = readWindowOptions(options, server.origin)
    const { label } = view
    if (this.labels.includes(label)) throw new Error(`a window with label \`${label}\` already exists`)
    if (this.#windows.size >= MAX_WINDOWS)
      throw new Error(`an app has at most ${MAX_WINDOWS} windows: close some first`)
    if (show === undefined && this.#hasShownOtherwise)
      throw new Error(`the window "${label}" cannot be shown: the app's author has to give createApp() a \`show\``)
    if (ignored.length > 0)
      log(`the window "${label}" is created without ${ignored}: a browser window has no such thing`)
    const window = await this.#open(view, show)
    const timeout = setTimeout(() => void window.abandon(), LAUNCH_TICKET_MS)
    await Promise.race([window.came, window.closed])
    clearTimeout(timeout)
    if (!window.hasCome) throw new Error(`the window "${label}" did not open: no browser has shown its page`)
  }

  async requestClose(label: string): Promise<void> {
    const { events } = this.#options
    const request = "tauri://close-requested"
    if (events.hasOwnListener(request, label)) events.emit(request, null, { kind: "AnyLabel", label }, { about: true })
    else await this.destroy(label)
  }

  async destroy(label: string): Promise<void> {
    await Promise.all([...this.#windows].filter((window) => window.label === label).map((window) => window.close()))
  }

  /** Takes over the windows that the Core before this one has left open. */
  adoptAll(): void {
    const { core, server, devParent } = this.#options
    const former = devParent?.adopt(server.identity) ?? { windows: [], reload: false }
    for (const { label, redemption, browser } of former.windows) {
      const window = this.#make({ ...DEFAULT_WINDOW, label }, former.reload)
      window.adopt(browser, redemption)
      core.adopt(redemption, { label, observer: window })
      this.#adopted.add(window)
      window.closed.then(() => this.#closed(window))
    }
  }

  /** The app is at its end. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true
    const results = await Promise.allSettled([...this.#windows].map((window) => window.abandon()))
    for (const result of results)
      if (result.status === "rejected") this.#options.log(`a window did not close: ${result.reason}`)
    await (await this.#lease)?.release()
  }

  async #open(view: WindowConfig, show: ShowUrl | undefined): Promise<OpenWindow> {
    const { core, events, server } = this.#options
    const { label, title } = view
    const window = this.#make(view)
    window.came.then(() => {
      for (const event of ["tauri://window-created", "tauri://webview-created"])
        events.emit(event, { label }, { kind: "Any" })
    })
    try {
      await window.show(server.launchUrl(core.launch(label, { url: this.#startUrl(view), title }, window)), show)
    } catch (error) {
      // Nothing was shown: that is the caller's to handle, not a last window that was closed.
      this.#windows.delete(window)
      core.windowClosed(window)
      throw error
    }
    window.closed.then(() => this.#closed(window))
    setTimeout(() => window.linkHasExpired(), LAUNCH_TICKET_MS).unref()
    return window
  }

  #make(view: WindowConfig, reload = false): OpenWindow {
    const { config, core, devParent, log } = this.#options
    const window = new OpenWindow(
      view,
      bare({
        identifier: config.identifier,
        openBrowser: devParent?.openBrowser,
        // The parent's windows are in profiles of the parent's.
        ...(devParent == null ? { profiles: () => this.#profiles() } : {}),
        askToClose: (asked) => core.askToClose(asked),
        ...(reload ? { returned: (back: OpenWindow) => core.reload(back) } : {}),
        log,
      }),
    )
    this.#windows.add(window)
    return window
  }

  async #profiles(): Promise<string> {
    const { config, log } = this.#options
    this.#lease ??= leaseProfiles(config.identifier, log)
    return (await this.#lease).profiles
  }

  async #closed(window: OpenWindow): Promise<void> {
    const { core, events } = this.#options
    this.#windows.delete(window)
    this.#adopted.delete(window)
    core.windowClosed(window)
    if (window.hasCome)
      events.emit("tauri://destroyed", null, { kind: "AnyLabel", label: window.label }, { about: true })
    if (this.#windows.size > 0) return
    // A launch that finds the last window closing opens it again.
    await this.#comingForward
    if (this.#windows.size === 0) this.#lastClosed()
  }

  /** A development server's page is where `devUrl` points, not a file of that name. */
  #startUrl({ url }: WindowConfig): string {
    const { config, dev } = this.#options
    return dev && config.devUrl !== null && url === DEFAULT_WINDOW.url ? new URL(config.devUrl).pathname : url
  }

  get #defaultLabel(): string {
    const { windows } = this.#options.config
    const labels = windows.map(({ label }) => label)
    return labels.includes(DEFAULT_WINDOW.label) ? DEFAULT_WINDOW.label : (labels[0] ?? DEFAULT_WINDOW.label)
  }

  #configured(label: string): WindowConfig {
    const { config } = this.#options
    const windows = config.windows.length === 0 ? [DEFAULT_WINDOW] : config.windows
    const found = windows.find((window) => window.label === label)
    if (found !== undefined) return found
    const labels = windows.map((window) => window.label)
    const meant = nearest(label, labels)
    throw new Error(
      `${config.file}: app.windows has no window "${label}"${meant === null ? "" : `; did you mean "${meant}"?`} ` +
        `It has ${labels.map((name) => `"${name}"`).join(", ")}.`,
    )
  }
}
