import { randomUUID } from "node:crypto"
import { subscribe } from "node:diagnostics_channel"
import type { OpenBrowser, ShownBrowser } from "./app-window.ts"
import type { Redemption } from "./boundary/core/window-registry.ts"
import { type Decision, DIAGNOSTICS_CHANNEL } from "./core/decisions.ts"
import {
  DEV_VARIABLE,
  type Envelope,
  type Former,
  type FromCore,
  type InstanceOutcome,
  type ToCore,
} from "./dev-messages.ts"
import type { ServerIdentity } from "./server/server.ts"
import type { InstanceHold } from "./single-instance/first-instance.ts"
import { InstanceError } from "./single-instance/instance-error.ts"
import type { SecondLaunch } from "./single-instance/launch-message.ts"
import type { Instance } from "./single-instance/start-instance.ts"
import type { BrowserWindow } from "./window/open-window.ts"

/** What an author's own code may do after the app has closed, in ms. */
const END_MS = 2000

/** A window that is taken over. */
export interface AdoptedWindow {
  readonly label: string
  readonly redemption: Redemption
  readonly browser: ShownBrowser
}

/** This process's end of the channel to the one that started it: `process` itself. */
export interface DevChannel {
  readonly connected: boolean
  readonly channel?: { ref(): void; unref(): void } | undefined
  send?(message: unknown, done: () => void): unknown
  on(event: "message", listener: (message: Partial<Envelope<ToCore>> | null) => void): unknown
  on(event: "disconnect", listener: () => void): unknown
}

const NOTHING: Former = { server: null, windows: [], reload: false }

/** `sallyport dev`, as the Core sees it that it has started: who shows the windows, and hears what is decided. */
export class DevParent {
  readonly #send: (message: FromCore) => void
  readonly #channel: DevChannel
  readonly #browsers = new Map<string, RemoteBrowser>()
  readonly #apps = new Set<{ close(): Promise<void> }>()
  #former: Promise<Former>
  #told: Former = NOTHING
  #isEnding = false
  #isInstance = false
  #decided: (outcome: InstanceOutcome) => void = () => {}
  #launchListener: ((launch: SecondLaunch) => void) | null = null
  #launches: SecondLaunch[] = []

  constructor(channel: DevChannel) {
    this.#channel = channel
    this.#send = (message) => {
      // After the parent's end there is nobody to tell.
      if (channel.connected) channel.send?.({ sallyport: message } satisfies Envelope<FromCore>, () => {})
    }
    let resolveFormer: (former: Former) => void
    this.#former = new Promise((resolve) => {
      resolveFormer = resolve
    })
    channel.on("message", (envelope) => {
      const message = envelope?.sallyport
      if (message?.kind === "former") {
        this.#told = message.former
        // From here on the channel alone must not keep the process running.
        channel.channel?.unref()
        resolveFormer(message.former)
      }
      if (message?.kind === "shown") this.#browsers.get(message.id)?.isShown(message.as)
      if (message?.kind === "closed") this.#closed(message.id)
      if (message?.kind === "instance") this.#decided(message.outcome)
      if (message?.kind === "launched") this.#launched(message.launch)
      if (message?.kind === "end") void this.#end()
    })
    channel.on("disconnect", () => void this.#end())
    subscribe(DIAGNOSTICS_CHANNEL, (decision) => this.#send({ kind: "decision", decision: decision as Decision }))
    this.#send({ kind: "starting" })
  }

  /** What the first app of this process is to take over. */
  former(): Promise<Former> {
    return this.#former
  }

  /** An app listens now. Says which windows it has taken over by that: none, when pages know another origin. */
  adopt(server: ServerIdentity): { readonly windows: readonly AdoptedWindow[]; readonly reload: boolean } {
    const { server: former, windows, reload } = this.#told
    this.#told = NOTHING
    this.#former = Promise.resolve(NOTHING)
    const isSame = former?.port === server.port
    this.#send({ kind: "listening", server, lost: isSame ? [] : windows.map(({ id }) => id) })
    return {
      reload,
      windows: isSame
        ? windows.map(({ id, label, kind, redemption }) => ({ label, redemption, browser: this.#browser(id, kind) }))
        : [],
    }
  }

  /** An app runs: it is closed when the parent wants this process to end. */
  runs(app: { close(): Promise<void>; readonly closed: Promise<void> }): void {
    this.#apps.add(app)
    app.closed.then(() => this.#apps.delete(app))
    if (this.#isEnding) void app.close()
  }

  /**
   * Asks the parent to make the app the first instance. The parent stays that from one Core to the next, so that a Core that starts again is no second launch.
   *
   * @returns `null` where this cannot be decided, and for a further app of this process
   * @throws InstanceError when the first instance does not answer
   */
  async takeInstance(instance: Instance, launch: SecondLaunch): Promise<InstanceHold | "second" | null> {
    if (this.#isInstance) return null
    this.#isInstance = true
    const decided = new Promise<InstanceOutcome>((resolve) => {
      this.#decided = resolve
    })
    this.#send({ kind: "instance", instance, launch })
    // Nothing else keeps the process running while it waits.
    this.#channel.channel?.ref()
    const outcome = await decided
    this.#channel.channel?.unref()
    if (typeof outcome === "object") throw new InstanceError(outcome.error)
    if (outcome !== "first") return outcome === "second" ? outcome : null
    return {
      onLaunch: (listener) => {
        this.#launchListener = listener
        for (const launch of this.#launches.splice(0)) listener(launch)
      },
      shows: () => this.#send({ kind: "instance-shows" }),
      giveUp: async () => this.#send({ kind: "instance-given-up" }),
      closing: () => {},
      release: async () => {
        this.#isInstance = false
      },
    }
  }

  #launched(launch: SecondLaunch): void {
    if (this.#launchListener === null) this.#launches.push(launch)
    else this.#launchListener(launch)
  }

  readonly openBrowser: OpenBrowser = (url, { label, width, height, identifier }) => {
    const id = randomUUID()
    const browser = this.#browser(id, "app-window")
    this.#send({ kind: "show", id, url, window: { label, width, height, identifier } })
    return browser
  }

  #browser(id: string, kind: BrowserWindow["kind"]): RemoteBrowser {
    const browser = new RemoteBrowser(id, kind, (message) => {
      if (!this.#isEnding || message.kind !== "close") this.#send(message)
    })
    this.#browsers.set(id, browser)
    browser.closed.then(() => this.#browsers.delete(id))
    return browser
  }

  #closed(id: string): void {
    this.#browsers.get(id)?.end()
    // Its user may close a window while the Core that is to take it over still starts.
    this.#told = { ...this.#told, windows: this.#told.windows.filter((window) => window.id !== id) }
  }

  async #end(): Promise<void> {
    if (this.#isEnding) return
    this.#isEnding = true
    await Promise.all([...this.#apps].map((app) => app.close())).catch((error: unknown) => console.error(error))
    setTimeout(() => process.exit(), END_MS).unref()
  }
}

/** A window that the parent shows. */
class RemoteBrowser implements ShownBrowser {
  readonly closed: Promise<void>
  readonly #id: string
  readonly #send: (message: FromCore) => void
  #kind: BrowserWindow["kind"]
  #resolveClosed: () => void = () => {}

  constructor(id: string, kind: BrowserWindow["kind"], send: (message: FromCore) => void) {
    this.#id = id
    this.#kind = kind
    this.#send = send
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
  }

  get kind(): BrowserWindow["kind"] {
    return this.#kind
  }

  isShown(kind: BrowserWindow["kind"]): void {
    this.#kind = kind
  }

  end(): void {
    this.#resolveClosed()
  }

  redeemed(redemption: Redemption): void {
    this.#send({ kind: "redeemed", id: this.#id, redemption })
  }

  revoked(): void {
    this.#send({ kind: "revoked", id: this.#id })
  }

  async focus(): Promise<void> {
    this.#send({ kind: "focus", id: this.#id })
  }

  async close(): Promise<void> {
    this.#send({ kind: "close", id: this.#id })
    this.end()
  }
}

let parent: DevParent | null | undefined

/** The `sallyport dev` that has started this process; `null`: nobody has. */
export function devParent(): DevParent | null {
  if (parent === undefined) {
    parent = Object.hasOwn(process.env, DEV_VARIABLE) && process.send !== undefined ? new DevParent(process) : null
    // Programs that this one starts have another parent.
    delete process.env[DEV_VARIABLE]
  }
  return parent
}
