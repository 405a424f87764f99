/**
 * Loaded before a Core: tells `sallyport dev` each file of the Core's own, so that it starts anew when one changes. What is
 * installed is not watched.
 */
import { registerHooks } from "node:module"
import { fileURLToPath } from "node:url"
import type { Envelope, FromCore } from "../../dev-messages.ts"

/** Sallyport's own files change with what is installed, wherever that stands. */
const OWN = new URL("../../", import.meta.url).href

registerHooks({
  load: (url, context, nextLoad) => {
    // Before it is loaded: a file that does not parse is one to be watched, too.
    if (url.startsWith("file:") && !url.includes("/node_modules/") && !url.startsWith(OWN) && process.connected) {
      const message: FromCore = { kind: "loaded", file: fileURLToPath(url) }
      process.send?.({ sallyport: message } satisfies Envelope<FromCore>)
    }
    return nextLoad(url, context)
  },
})
