import type { App } from "./app.ts"
import type { StartedPlugins } from "./app-plugins.ts"
import { type AppWindow, OpenWindow, type ShowUrl } from "./app-window.ts"
import { type Config, DEFAULT_WINDOW, type WindowConfig } from "./config/config.ts"
import { nearest } from "./config/nearest.ts"
import type { AuditLog } from "./core/audit-log.ts"
import type { Core } from "./core/core.ts"
import { type EventTarget, readEventName, readTarget } from "./core/event-target.ts"
import type { EventHandler, Events } from "./core/events.ts"
import type { Server } from "./server/server.ts"

/** What an app is made of, once it listens. */
export interface Parts {
  readonly config: Config
  readonly core: Core
  readonly events: Events
  readonly plugins: StartedPlugins
  readonly server: Server
  readonly audit: AuditLog | null
  readonly dev: boolean
  readonly keepRunning: boolean
  readonly log: (line: string) => void
}

/** An app from its first window to its end. */
export class RunningApp implements App {
  readonly closed: Promise<void>
  readonly #parts: Parts
  readonly #windows = new Set<OpenWindow>()
  #closing: Promise<void> | undefined
  #resolveClosed: () => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
  }

  get origin(): string {
    return this.#parts.server.origin
  }

  get pattern(): "isolation" | "brownfield" {
    return this.#parts.core.pattern
  }

  emit(event: string, payload?: unknown): void {
    this.#parts.events.emit(readEventName(event), payload, { kind: "Any" })
  }

  emitTo(target: EventTarget | string, event: string, payload?: unknown): void {
    this.#parts.events.emit(readEventName(event), payload, readTarget(target))
  }

  listen(event: string, handler: EventHandler, target: EventTarget | string = { kind: "App" }): () => void {
    return this.#parts.events.handle(readEventName(event), readTarget(target), handler)
  }

  async open(label: string = "main", show?: ShowUrl): Promise<AppWindow> {
    if (this.#closing !== undefined) throw new Error(`the window "${label}" cannot be opened: the app is closed`)
    const { config, core, server, log } = this.#parts
    const view = this.#windowConfig(label)
    const window = new OpenWindow(view, config.identifier, log)
    this.#windows.add(window)
    try {
      const ticket = core.launch(label, { url: this.#startUrl(view), title: view.title }, window)
      await window.show(server.launchUrl(ticket), show)
    } catch (error) {
      // Nothing was shown: that is the caller's to handle, not a last window that was closed.
      this.#windows.delete(window)
      throw error
    }
    window.closed.then(() => this.#windowClosed(window))
    return window
  }

  #windowClosed(window: OpenWindow): void {
    const { keepRunning, log } = this.#parts
    this.#windows.delete(window)
    if (this.#windows.size === 0 && !keepRunning) this.close().catch((error: unknown) => log(String(error)))
  }

  /** A development server's page is where `devUrl` points, not a file of that name. */
  #startUrl({ url }: WindowConfig): string {
    const { config, dev } = this.#parts
    return dev && config.devUrl !== null && url === DEFAULT_WINDOW.url ? new URL(config.devUrl).pathname : url
  }

  #windowConfig(label: string): WindowConfig {
    const { config } = this.#parts
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

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { core, plugins, server, audit } = this.#parts
    await core.close()
    await plugins.close()
    await Promise.all([...this.#windows].map((window) => window.close()))
    await server.close()
    await audit?.close()
    this.#resolveClosed()
  }
}
