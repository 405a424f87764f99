import type { ChildProcess } from "node:child_process"
import type { Readable, Writable } from "node:stream"
import { DevToolsPipe } from "./devtools-pipe.ts"

/** How long the first window of a browser may take to show its page, and the browser to answer, in ms. */
const READY_MS = 20_000
/** How long a window may take to be listed after it was handed over, in ms. */
const LISTED_MS = 5000
const LOOK_MS = 50
/** How long a browser may take to end when it is asked to, in ms. */
const END_MS = 3000

interface Target {
  readonly targetId: string
  readonly type: string
  /** The window that opened it by script. */
  readonly openerId?: string
}

/** A window of a browser, by its target. */
export interface ProfileWindow {
  readonly targetId: string
  /** Resolves when it is gone. */
  readonly closed: Promise<void>
}

/** Browsers that show windows of the app, by the folder of their profile. */
const running = new Map<string, ProfileBrowser>()

/** The browser that has this profile open and was started by this process. */
export function browserOf(profile: string): ProfileBrowser | undefined {
  return running.get(profile)
}

/** A Chromium-like browser that shows several windows in one profile. Its process is that of the window that started it. */
export class ProfileBrowser {
  /** Resolves with whether further windows can be shown in it: when its first page has come, and its pipe answers. */
  readonly isReady: Promise<boolean>
  readonly #process: ChildProcess
  readonly #pipe: DevToolsPipe
  /** Windows that are shown, by target, each with what is called when it is gone. */
  readonly #windows = new Map<string, () => void>()
  readonly #closing = new Set<string>()
  #showing: Promise<unknown> = Promise.resolve()
  /** Resolves when its process has ended; `null`: nothing ends it yet. */
  #ending: Promise<void> | null = null
  #resolveReady: (isReady: boolean) => void = () => {}

  constructor(profile: string, child: ChildProcess) {
    this.#process = child
    const [, , , toBrowser, fromBrowser] = child.stdio
    this.#pipe = new DevToolsPipe(toBrowser as Writable, fromBrowser as Readable)
    this.#pipe.onDetached = (targetId) => {
      this.#windows.get(targetId)?.()
      this.#windows.delete(targetId)
      this.#closing.delete(targetId)
      // It ends by itself, and takes no further window on its way. What pages have opened by script goes with it.
      if (this.#windows.size === 0) void this.#endUnlessShowing()
    }
    this.isReady = new Promise((resolve) => {
      const late = setTimeout(resolve, READY_MS, false)
      late.unref()
      this.#resolveReady = (isReady) => {
        clearTimeout(late)
        resolve(isReady)
      }
    })
    running.set(profile, this)
    const gone = (): void => {
      if (running.get(profile) === this) running.delete(profile)
      this.#resolveReady(false)
      // A process that the browser has left must not keep this one running.
      for (const stream of child.stdio) stream?.destroy()
      for (const close of this.#windows.values()) close()
      this.#windows.clear()
    }
    child.once("error", gone).once("exit", gone)
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** The page of the window that started it has come: that window is one of several from now on. */
  async firstHasCome(): Promise<ProfileWindow> {
    try {
      const window = await this.#attach(await this.#newTarget([]))
      this.#resolveReady(true)
      return window
    } catch (error) {
      this.#resolveReady(false)
      throw error
    }
  }

  /**
   * Shows one more window. One after the other, so that each finds its own.
   *
   * @param handOver starts the browser's program again, which hands its window to this one; resolves when it has
   * @throws Error when that does not work
   */
  show(
    handOver: () => Promise<void>,
    size: { readonly width: number; readonly height: number },
  ): Promise<ProfileWindow> {
    const shown = this.#showing.then(async () => {
      if (this.#ending !== null) {
        await this.#ending
        throw new Error("the browser has ended")
      }
      const known = (await this.#targets()).map(({ targetId }) => targetId)
      await handOver()
      const targetId = await this.#newTarget(known)
      const window = await this.#attach(targetId)
      // One that is closed at this moment has no size any more.
      await this.#resize(targetId, size).catch(() => {})
      return window
    })
    this.#showing = shown.catch(() => {})
    return shown
  }

  /** Restores a minimized window, raises it above those of other programs, and gives it the focus. */
  async focus({ targetId }: ProfileWindow): Promise<void> {
    await this.#pipe.ask("Target.activateTarget", { targetId })
  }

  /** Closes a window, and with the last one the browser. No page can refuse it. */
  async close({ targetId, closed }: ProfileWindow): Promise<void> {
    this.#closing.add(targetId)
    if (this.#areAllClosing && (await this.#endUnlessShowing())) return
    // A browser that ends meanwhile has closed it, too.
    await this.#pipe.ask("Target.closeTarget", { targetId }).catch(() => {})
    await closed
  }

  /** Two windows that are closed at the same time are both followed here: the second one ends the browser. */
  get #areAllClosing(): boolean {
    return [...this.#windows.keys()].every((id) => this.#closing.has(id))
  }

  /** Ends the browser, unless it is about to show a window, which is listed only then. Returns whether it has ended. */
  async #endUnlessShowing(): Promise<boolean> {
    await this.#showing
    if (!this.#areAllClosing) return false
    await this.end()
    return true
  }

  /** Ends the browser, with all its windows. */
  end(): Promise<void> {
    this.#ending ??= this.#end()
    return this.#ending
  }

  async #end(): Promise<void> {
    const child = this.#process
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once("exit", resolve))
    const force = setTimeout(() => child.kill("SIGKILL"), END_MS)
    child.kill()
    await ended
    clearTimeout(force)
  }

  /** A program that hands its window over does not hand over the size. */
  async #resize(
    targetId: string,
    { width, height }: { readonly width: number; readonly height: number },
  ): Promise<void> {
    const { windowId } = await this.#pipe.ask<{ windowId: number }>("Browser.getWindowForTarget", { targetId })
    await this.#pipe.ask("Browser.setWindowBounds", { windowId, bounds: { width, height } })
  }

  async #attach(targetId: string): Promise<ProfileWindow> {
    const closed = new Promise<void>((resolve) => this.#windows.set(targetId, resolve))
    await this.#pipe.ask("Target.attachToTarget", { targetId, flatten: true })
    return { targetId, closed }
  }

  /** What a page opens by script is no window of the app's. */
  async #targets(): Promise<readonly Target[]> {
    const { targetInfos } = await this.#pipe.ask<{ targetInfos: readonly Target[] }>("Target.getTargets")
    return targetInfos.filter((target) => target.type === "page" && !Object.hasOwn(target, "openerId"))
  }

  async #newTarget(known: readonly string[]): Promise<string> {
    for (const end = performance.now() + LISTED_MS; ; await new Promise((resolve) => setTimeout(resolve, LOOK_MS))) {
      const found = (await this.#targets()).find(({ targetId }) => !known.includes(targetId))
      if (found !== undefined) return found.targetId
      if (performance.now() > end) throw new Error("the browser does not list the window")
    }
  }
}
