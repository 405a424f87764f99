import { PORT_MESSAGE } from "../wire/messages.ts"
import { PART_BYTES } from "../wire/parts.ts"

/** The way to the page, and from it. */
interface Wire {
  post(message: unknown, transfer: Transferable[]): void
  /** The most bytes that are worth posting at a time. */
  readonly partBytes: number
  /** Until then, what comes waits. */
  listen(receive: (message: unknown) => void): void
}

/**
 * Says to the page, and to no other, that this is its sandbox, and offers a port. Not in WebKit, which has both in one process: there
 * messages from window to window take half the time, while between processes, in Chromium and Firefox, they take several times as
 * long. What comes from window to window is stopped here: the isolation app has no use for it.
 */
export function connect(origin: string): Wire {
  // One of the three texts that HTML lets it be (8.10.1.1).
  if (!/^Apple/.test(navigator.vendor)) {
    const { port1: port, port2 } = new MessageChannel()
    parent.postMessage(PORT_MESSAGE, origin, [port2])
    return {
      post: (message, transfer) => port.postMessage(message, transfer),
      partBytes: PART_BYTES,
      listen: (receive) => {
        port.onmessage = ({ data }) => receive(data)
      },
    }
  }
  const early: unknown[] = []
  let hear = (message: unknown): void => void early.push(message)
  addEventListener("message", (event) => {
    if (event.source !== parent) return
    event.stopImmediatePropagation()
    hear(event.data)
  })
  parent.postMessage(PORT_MESSAGE, origin)
  return {
    post: (message, transfer) => parent.postMessage(message, origin, transfer),
    // What stays within a process is handed over as it is.
    partBytes: Infinity,
    listen: (receive) => {
      hear = receive
      early.splice(0).forEach(receive)
    },
  }
}
