import type { App } from "./app.ts"
import type { StartedPlugins } from "./app-plugins.ts"
import type { AppWindow, ShowUrl } from "./app-window.ts"
import { AppWindows, type AppWindowsOptions } from "./app-windows.ts"
import type { AuditLog } from "./core/audit-log.ts"
import { type EventTarget, readEventName, readTarget } from "./core/event-target.ts"
import type { EventHandler } from "./core/events.ts"
import type { InstanceHold } from "./single-instance/first-instance.ts"
import type { SecondLaunch } from "./single-instance/launch-message.ts"

/** What an app is made of, once it listens. */
export interface Parts extends AppWindowsOptions {
  readonly plugins: StartedPlugins
  readonly audit: AuditLog | null
  /** Absent or `null`: the app takes no second launches. */
  readonly instance?: InstanceHold | null
  readonly keepRunning: boolean
}

/** An app from its first window to its end. */
export class RunningApp implements App {
  readonly second = false
  readonly closed: Promise<void>
  readonly windows: AppWindows
  readonly #parts: Parts
  readonly #launchListeners = new Set<(launch: SecondLaunch) => void>()
  /** A window is or was shown in a browser. */
  #showsInBrowser = false
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
    this.#showsInBrowser = this.windows.labels.length > 0
    parts.devParent?.runs(this)
    // The app's author listens, and opens the first window, once `createApp` has resolved.
    setImmediate(() => parts.instance?.onLaunch((launch) => this.#launched(launch)))
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
    if (show === undefined) this.#showsInBrowser = true
    // Only the app knows what a second launch means to its `show` function.
    else if (!this.#showsInBrowser) void this.#parts.instance?.giveUp()
    const window = await this.windows.open(label, show)
    if (this.#showsInBrowser) this.#parts.instance?.shows()
    return window
  }

  onSecondLaunch(listener: (launch: SecondLaunch) => void): () => void {
    this.#launchListeners.add(listener)
    return () => void this.#launchListeners.delete(listener)
  }

  #launched(launch: SecondLaunch): void {
    if (this.#closing !== undefined) return
    const { keepRunning, log } = this.#parts
    for (const listener of this.#launchListeners)
      try {
        listener(launch)
      } catch (error) {
        log(`a listener for second launches threw: ${error instanceof Error ? error.message : error}`)
      }
    // One that has shown no window yet is about to show its first, unless it runs without any.
    if (this.#showsInBrowser || keepRunning) void this.windows.comeForward()
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
    const { core, plugins, server, audit, instance } = this.#parts
    instance?.closing()
    await core.close()
    await plugins.close()
    await this.windows.abandon()
    await server.close()
    await audit?.close()
    await instance?.release()
    this.#resolveClosed()
  }
}
