/**
 * Connects the sandbox with the page.
 *
 * Promises that what the sandbox says goes to the app's own page alone, and that the isolation app does not hear what the page says.
 * Stops P12 (documents that pose as the page or as the sandbox).
 */
import { PORT_MESSAGE } from "../wire/messages.ts"
import { PART_BYTES } from "../wire/parts.ts"

interface PageConnection {
  post(message: unknown, transfer: Transferable[]): void
  /** The most bytes that are worth posting at a time. */
  readonly partBytes: number
  /** Until then, what comes waits. */
  listen(receive: (message: unknown) => void): void
}

/**
 * Offers the page a port. Not in WebKit, where page and sandbox share a process: there messages from window to window take half the time,
 * while between processes, in Chromium and Firefox, they take several times as long.
 */
export function connect(origin: string): PageConnection {
  const early: unknown[] = []
  let hear = (message: unknown): void => void early.push(message)
  const listen = (receive: (message: unknown) => void): void => {
    hear = receive
    early.splice(0).forEach(receive)
  }
  // One of the three texts that HTML lets it be (8.10.1.1).
  if (!/^Apple/.test(navigator.vendor)) {
    const { port1: port, port2 } = new MessageChannel()
    port.onmessage = ({ data }) => hear(data)
    parent.postMessage(PORT_MESSAGE, origin, [port2])
    return { post: (message, transfer) => port.postMessage(message, transfer), partBytes: PART_BYTES, listen }
  }
  // While capturing, because a listener of the isolation app that captures would otherwise come first.
  const listener = (event: MessageEvent): void => {
    if (event.source !== parent) return
    event.stopImmediatePropagation()
    hear(event.data)
  }
  addEventListener("message", listener, true)
  parent.postMessage(PORT_MESSAGE, origin)
  // What stays within a process is handed over as it is.
  return { post: (message, transfer) => parent.postMessage(message, origin, transfer), partBytes: Infinity, listen }
}
