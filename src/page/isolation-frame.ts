import { PORT_MESSAGE } from "../protocol/messages.ts"
import { NO_BYTES, PART_BYTES, postBytes } from "../protocol/parts.ts"

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
  readonly #onMessage: (event: MessageEvent) => void
  #isConnected = false
  #port: MessagePort | null = null

  constructor(url: string, listener: FrameListener) {
    const element = document.createElement("iframe")
    this.#element = element
    // A fresh name each time: WebKit otherwise loads the frame's old, spent address again on Back.
    element.name = `sallyport-${crypto.getRandomValues(new Uint32Array(1))[0]}`
    element.setAttribute("sandbox", "allow-scripts")
    element.setAttribute("aria-hidden", "true")
    element.tabIndex = -1
    element.hidden = true
    element.style.display = "none"
    this.#onMessage = (event) => {
      if (event.source !== element.contentWindow) return
      // Not for the page's own listeners, which are there for others.
      event.stopImmediatePropagation()
      if (!this.#isConnected) {
        if (event.data !== PORT_MESSAGE) return
        this.#isConnected = true
        this.#port = event.ports[0] ?? null
        if (this.#port !== null) this.#port.onmessage = ({ data }) => listener.receive(data)
        listener.connected()
      } else if (this.#port === null) listener.receive(event.data)
    }
    addEventListener("message", this.#onMessage, true)
    let loads = 0
    element.addEventListener("load", () => {
      if (++loads > 1) listener.lost()
    })
    element.src = url
    // A document that was just opened anew may hold nothing yet: then the frame is as good as removed.
    document.documentElement?.append(element)
  }

  get isAttached(): boolean {
    return this.#element.isConnected
  }

  /** Text, or bytes, which it gives away. */
  post(message: string | Uint8Array<ArrayBuffer>): void {
    if (typeof message === "string") this.#post(message, [])
    else {
      const partBytes = this.#port === null ? Infinity : PART_BYTES
      postBytes(NO_BYTES, message, partBytes, (part, transfer) => this.#post(part, transfer))
    }
  }

  #post(message: unknown, transfer: Transferable[]): void {
    if (this.#port !== null) this.#port.postMessage(message, transfer)
    // The frame's origin is opaque: nothing else names it. Only scripts of the page can put another document there.
    else this.#element.contentWindow?.postMessage(message, "*", transfer)
  }

  remove(): void {
    removeEventListener("message", this.#onMessage, true)
    this.#port?.close()
    this.#element.remove()
  }
}
