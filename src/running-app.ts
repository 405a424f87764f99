import type { App } from "./app.ts"
import type { StartedPlugins } from "./app-plugins.ts"
import type { AppWindow, ShowUrl } from "./app-window.ts"
import { AppWindows, type AppWindowsOptions } from "./app-windows.ts"
import type { AuditLog } from "./core/audit-log.ts"
import { type EventTarget, readEventName, readTarget } from "./core/event-target.ts"
import type { EventHandler } from "./core/events.ts"

/** What an app is made of, once it listens. */
export interface Parts extends AppWindowsOptions {
  readonly plugins: StartedPlugins
  readonly audit: AuditLog | null
  readonly keepRunning: boolean
}

/** An app from its first window to its end. */
export class RunningApp implements App {
  readonly closed: Promise<void>
  readonly windows: AppWindows
  readonly #parts: Parts
  #closing: Promise<void> | undefined
  #resolveClosed: () => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
    const { keepRunning, log } = parts
    this.windows = new AppWindows(parts, () => {
      if (!keepRunning) this.close().catch((error: unknown) => log(String(error)))
    })
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.windows.adoptAll()
    parts.devParent?.runs(this)
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
    return this.windows.open(label, show)
  }

  exit(code: number): void {
    process.exitCode = code
    this.close().catch((error: unknown) => this.#parts.log(String(error)))
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { core, plugins, server, audit } = this.#parts
    await core.close()
    await plugins.close()
    await this.windows.abandon()
    await server.close()
    await audit?.close()
    this.#resolveClosed()
  }
}
