import type { Attack } from "../attack.ts"

const REFUSED = "a request for a service worker's script is refused: `Service-Worker: script` cannot be left out"

/** How one is registered, as an expression. */
const WAYS: readonly (readonly [what: string, register: string])[] = [
  ["", `navigator.serviceWorker.register("/worker.js")`],
  [
    ", with what was cached before",
    `fetch("/worker.js").then(() =>
      navigator.serviceWorker.register("/worker.js", { updateViaCache: "all", scope: "/cached" }))`,
  ],
  [
    " from a frame",
    `attacker.frame("/").then((frame) =>
      frame.contentWindow.navigator.serviceWorker.register("/worker.js", { scope: "/frame" }))`,
  ],
]

/** P23: a service worker would answer for the app's pages, without the bridge. */
export const serviceWorkers: readonly Attack[] = WAYS.map(([what, register]) => ({
  id: "P23",
  name: `a service worker for the app's origin, registered${what}`,
  stoppedBy: REFUSED,
  defence: "browser",
  control: {
    off: "the refusal of service workers",
    file: "server/server.ts",
    find: 'if (headers["service-worker"] !== undefined)',
    replace: 'if (headers["service-worker"] === "")',
  },
  victim: { files: { "frontend/worker.js": "self.onfetch = () => {}\n" } },
  steps: ({ page }) =>
    page.evaluate<boolean>(`
      const registered = await Promise.resolve(${register}).catch(() => null)
      if (registered === null) return false
      await registered.unregister()
      return true`),
}))
