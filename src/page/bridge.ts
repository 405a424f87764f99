/**
 * The bridge: the first script in the page's <head>.
 *
 * It is there before: nothing of the page. It leaves out on purpose: any key, and any trust in this realm. Every script
 * of the page may change all that stands here; the worst it wins is silence.
 */
import { CoreConnection } from "./connection.ts"
import { readIdentity } from "./identity.ts"
import { createInternals } from "./internals.ts"

if (window === window.top && window.__TAURI_INTERNALS__ === undefined) {
  const { separator = "/", delimiter = ":" } = JSON.parse(document.currentScript?.dataset.sallyport ?? "{}")
  const identity = readIdentity()
  const connection = new CoreConnection(identity)
  const internals = createInternals(connection, identity?.label ?? "", { sep: separator, delimiter })
  Object.defineProperty(window, "__TAURI_INTERNALS__", { value: internals, configurable: true, writable: true })
  Object.defineProperty(window, "isTauri", { value: true })
  addEventListener("DOMContentLoaded", () => {
    if (identity?.title) document.title = identity.title
  })
}
