import type { Redemption } from "../../boundary/core/window-registry.ts"
import type { FormerWindow, ToCore, WantedWindow } from "../../dev-messages.ts"
import { type BrowserWindow, openWindow } from "../../window/open-window.ts"

/** A window that is shown. */
interface Shown {
  readonly label: string
  readonly window: BrowserWindow
  redemption: Redemption | null
  /** As its Core knows it. */
  kind: BrowserWindow["kind"]
}

/** Between two looks at what has become of a window, in ms: a browser may hand its page to another one. */
const LOOK_MS = 250

/** The app's windows: they stay while Cores come and go. */
export class DevWindows {
  readonly #tell: (message: ToCore) => void
  readonly #profiles: string
  readonly #log: (line: string) => void
  readonly #shown = new Map<string, Shown>()
  readonly #timer: ReturnType<typeof setInterval>

  /**
   * @param tell tells the Core that runs
   * @param profiles folder of the browser profiles, as `WindowOptions` has it
   */
  constructor(tell: (message: ToCore) => void, profiles: string, log: (line: string) => void) {
    this.#tell = tell
    this.#profiles = profiles
    this.#log = log
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  show(id: string, url: string, wanted: WantedWindow): void {
    const window = openWindow(url, { ...wanted, profiles: this.#profiles, log: this.#log })
    const { kind } = window
    this.#shown.set(id, { label: wanted.label, window, redemption: null, kind })
    this.#tell({ kind: "shown", id, as: kind })
    window.closed.then(() => {
      this.#shown.delete(id)
      this.#tell({ kind: "closed", id })
    })
  }

  redeemed(id: string, redemption: Redemption): void {
    const shown = this.#shown.get(id)
    if (shown === undefined) return
    shown.redemption = redemption
    shown.window.redeemed()
  }

  focus(id: string): void {
    void this.#shown.get(id)?.window.focus()
  }

  /** Those that the next Core is to take over. */
  former(): readonly FormerWindow[] {
    return [...this.#shown].flatMap(([id, { label, redemption, kind }]) =>
      redemption === null ? [] : [{ id, label, redemption, kind }],
    )
  }

  /** Closes windows whose pages have not come: their links are of no use to another Core. */
  async closeUnseen(): Promise<void> {
    await this.close([...this.#shown].filter(([, { redemption }]) => redemption === null).map(([id]) => id))
  }

  async close(ids: Iterable<string> = [...this.#shown.keys()]): Promise<void> {
    await Promise.all(
      [...ids].map(async (id) => {
        const shown = this.#shown.get(id)
        this.#shown.delete(id)
        await shown?.window.close()
      }),
    )
  }

  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.close()
  }

  #look(): void {
    for (const [id, shown] of this.#shown) {
      if (shown.kind === shown.window.kind) continue
      shown.kind = shown.window.kind
      this.#tell({ kind: "shown", id, as: shown.kind })
    }
  }
}
