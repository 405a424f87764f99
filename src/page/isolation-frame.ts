import { PORT_MESSAGE } from "../protocol/messages.ts"

/**
 * The hidden frame with the isolation app. It lives for one session: `lost` is called when it is navigated or reloaded;
 * that it was removed shows only in `isAttached`, because no event tells.
 */
export class IsolationFrame {
  readonly #element: HTMLIFrameElement
  readonly #onMessage: (event: MessageEvent) => void
  #port: MessagePort | null = null

  constructor(url: string, connected: (port: MessagePort) => void, lost: () => void) {
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
      if (event.source !== element.contentWindow || event.data !== PORT_MESSAGE || this.#port !== null) return
      this.#port = event.ports[0] ?? null
      if (this.#port !== null) connected(this.#port)
    }
    addEventListener("message", this.#onMessage)
    let loads = 0
    element.addEventListener("load", () => {
      if (++loads > 1) lost()
    })
    element.src = url
    // A document that was just opened anew may hold nothing yet: then the frame is as good as removed.
    document.documentElement?.append(element)
  }

  get isAttached(): boolean {
    return this.#element.isConnected
  }

  remove(): void {
    removeEventListener("message", this.#onMessage)
    this.#port?.close()
    this.#element.remove()
  }
}
