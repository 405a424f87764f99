import { PORT_MESSAGE } from "../boundary/wire/messages.ts"
import { PART_BYTES, postBytes } from "../boundary/wire/parts.ts"

let current: IsolationFrame | null = null
/** Window of the frame that was removed last: what it said may still be on its way. */
let removed: MessageEventSource | null = null

/**
 * Hears what frames say to this window, before any other listener: called when the bridge begins, before any script of the page. The
 * page's own listeners are there for others: they would take our messages for theirs, and one that stops what it does not know would
 * leave every later session without a sandbox. `document.open()` takes all listeners away, so each frame calls this again.
 */
export function hearFrames(): void {
  addEventListener("message", hear, true)
}

function hear(event: MessageEvent): void {
  const { source, data } = event
  const isCurrent = source !== null && source === current?.window
  // A frame that was removed meanwhile may have no window any more.
  if (!isCurrent && (source === null ? data !== PORT_MESSAGE : source !== removed)) return
  event.stopImmediatePropagation()
  if (isCurrent) current?.hear(event)
}

/** Who hears of a frame. */
export interface FrameListener {
  /** The sandbox is there: what is posted now it takes when its hook is in place. */
  connected(): void
  receive(message: unknown): void
  /** The frame was navigated or reloaded. */
  lost(): void
}

/**
 * The hidden frame with the isolation app. It lives for one session; that it was removed shows only in `isAttached`, because no
 * event tells. Both speak over the port that the sandbox offers, or from window to window when it offers none.
 */
export class IsolationFrame {
  readonly #element: HTMLIFrameElement
  readonly #listener: FrameListener
  /** For as long as the frame lives. */
  readonly window: MessageEventSource | null
  #isConnected = false
  #port: MessagePort | null = null

  constructor(url: string, listener: FrameListener) {
    const element = document.createElement("iframe")
    this.#element = element
    this.#listener = listener
    // A fresh name each time: WebKit otherwise loads the frame's old, spent address again on Back.
    element.name = `sallyport-${crypto.getRandomValues(new Uint32Array(1))[0]}`
    element.setAttribute("sandbox", "allow-scripts")
    element.setAttribute("aria-hidden", "true")
    element.tabIndex = -1
    element.hidden = true
    element.style.display = "none"
    hearFrames()
    current = this
    let loads = 0
    element.addEventListener("load", () => {
      if (++loads > 1) listener.lost()
    })
    element.src = url
    // A document that was just opened anew may hold nothing yet: then the frame is as good as removed.
    document.documentElement?.append(element)
    this.window = element.contentWindow
  }

  /** A frame that was moved has another window: its document, which came once, is gone. */
  get isAttached(): boolean {
    return this.#element.isConnected && this.#element.contentWindow === this.window
  }

  /** Takes a message of its window. */
  hear({ data, ports }: MessageEvent): void {
    if (!this.#isConnected) {
      if (data !== PORT_MESSAGE) return
      this.#isConnected = true
      this.#port = ports[0] ?? null
      if (this.#port !== null) this.#port.onmessage = ({ data }) => this.#listener.receive(data)
      this.#listener.connected()
    } else if (this.#port === null) this.#listener.receive(data)
  }

  /** Text, or bytes, which it gives away. */
  post(message: string | Uint8Array<ArrayBuffer>): void {
    if (typeof message === "string") this.#post(message, [])
    else {
      const partBytes = this.#port === null ? Infinity : PART_BYTES
      postBytes(message, partBytes, (part, transfer) => this.#post(part, transfer))
    }
  }

  #post(message: unknown, transfer: Transferable[]): void {
    if (this.#port !== null) this.#port.postMessage(message, transfer)
    // The frame's origin is opaque: nothing else names it. Only scripts of the page can put another document there.
    else this.#element.contentWindow?.postMessage(message, "*", transfer)
  }

  remove(): void {
    removed = this.window
    current = null
    this.#port?.close()
    this.#element.remove()
  }
}
