import type { Attack } from "../attack.ts"
import { NO_HOOK } from "../weaknesses.ts"

/** P13: scripts of plugins, which run in every page right behind the bridge. One of them is the attacker's. */
export const pluginScripts: readonly Attack[] = [
  {
    id: "P13",
    name: "a plugin's script that calls before anything else of the page runs, and patches what the bridge works with",
    stoppedBy: "the hook works in another realm, and sees what is sealed",
    defence: "browser",
    control: NO_HOOK,
    victim: {
      initScript: `
        void __TAURI_INTERNALS__.invoke("forbidden").catch(() => {})
        const { postMessage } = MessagePort.prototype
        MessagePort.prototype.postMessage = function (data, ...more) {
          return postMessage.call(this, typeof data === "string" ? data.replaceAll("allowed", "forbidden") : data, ...more)
        }`,
    },
    // What the script did in the page's first document was before anybody looked.
    steps: async ({ page, victim }) => {
      await page.reload()
      await page.waitFor("return typeof attacker === 'object'")
      await page.evaluate(`await attacker.call("allowed"); await attacker.call("allowed")`)
      return victim.hasRun("forbidden")
    },
  },
  {
    id: "P13",
    name: "a plugin's script that would take the hook's place, were it in the isolation frame",
    stoppedBy: "scripts of plugins go into pages alone, never into the isolation document",
    defence: "browser",
    control: {
      off: "the rule that scripts of plugins go into pages alone",
      file: "server/server.ts",
      find: "new IsolationDocument(gate, isolationApp, sandbox, this.origin)",
      replace: 'new IsolationDocument(gate, isolationApp, [...options.pageScripts, sandbox].join(";\\n"), this.origin)',
    },
    victim: {
      initScript: `
        if (window !== top)
          Object.defineProperty(window, "__TAURI_ISOLATION_HOOK__", { get: () => (payload) => payload, set() {} })`,
    },
    inPage: (attacker) => attacker.call("forbidden"),
  },
]
