/**
 * The bridge: the first script in the page's <head>.
 *
 * It is there before: nothing of the page. It leaves out on purpose: any key, and any trust in this realm. Every script
 * of the page may change all that stands here; the worst it wins is silence.
 */
import { Callbacks } from "./callbacks.ts"
import { CoreConnection } from "./connection.ts"
import { readIdentity } from "./identity.ts"
import { createEventInternals, createInternals } from "./internals.ts"
import { hearFrames } from "./isolation-frame.ts"
import { Listeners } from "./listeners.ts"
import { watchWindow } from "./window-events.ts"

if (window === window.top && window.__TAURI_INTERNALS__ === undefined) {
  const { separator = "/", delimiter = ":" } = JSON.parse(document.currentScript?.dataset.sallyport ?? "{}")
  const identity = readIdentity()
  const callbacks = new Callbacks()
  const listeners = new Listeners(callbacks, identity?.label ?? "")
  hearFrames()
  watchWindow(listeners)
  const connection = new CoreConnection(identity, callbacks, listeners)
  const internals = createInternals(connection, callbacks, identity?.label ?? "", { sep: separator, delimiter })
  // Tests of a page put their own in front of both, by assigning and deleting properties: what was there is there again then.
  const lend = (name: string, value: object): void => {
    Object.defineProperty(window, name, { value: Object.create(value), configurable: true, writable: true })
  }
  lend("__TAURI_INTERNALS__", internals)
  lend("__TAURI_EVENT_PLUGIN_INTERNALS__", createEventInternals(listeners))
  Object.defineProperty(window, "isTauri", { value: true })
  addEventListener("DOMContentLoaded", () => {
    const title = readIdentity()?.title
    if (title) document.title = title
  })
}
