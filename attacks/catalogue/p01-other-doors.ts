import { build } from "esbuild"
import type { Attack } from "../attack.ts"
import { NO_HOOK } from "../weaknesses.ts"

const { outputFiles } = await build({
  entryPoints: [new URL("../../src/client.ts", import.meta.url).pathname],
  bundle: true,
  write: false,
  format: "iife",
  globalName: "client",
})

/** P1: calls that the hook refuses, by what is built over `invoke()`. */
export const otherDoors: readonly Attack[] = [
  {
    id: "P1",
    name: "a refused call through `window.__TAURI__`, by all that takes a command there",
    stoppedBy: "all of Tauri's API calls by `invoke()`: the hook decides",
    defence: "browser",
    control: NO_HOOK,
    victim: { withGlobalTauri: true },
    inPage: async (attacker) => {
      type Core = {
        invoke(command: string): Promise<unknown>
        addPluginListener(plugin: string, event: string, callback: () => void): Promise<unknown>
        checkPermissions(plugin: string): Promise<unknown>
      }
      const { core } = (window as unknown as { __TAURI__: { core: Core } }).__TAURI__
      const calls = [
        core.invoke("forbidden"),
        core.addPluginListener("x|y\nforbidden", "forbidden", () => {}),
        core.checkPermissions("forbidden"),
      ]
      await Promise.race([Promise.allSettled(calls), attacker.pause(1000)])
    },
  },
  {
    id: "P1",
    name: "a refused call through `createClient()`, by its name and by names that every object has",
    stoppedBy: "a client calls by `invoke()`: the hook decides",
    defence: "browser",
    control: NO_HOOK,
    victim: {
      files: {
        "frontend/client.js": outputFiles[0]?.text ?? "",
        "frontend/with-client.html":
          '<!doctype html>\n<body><script src="/toolbox.js"></script><script src="/client.js"></script></body>\n',
      },
    },
    steps: async ({ page, victim }) => {
      await page.goto(`${victim.origin}/with-client.html`)
      await page.waitFor(`return typeof attacker === "object" && typeof client === "object"`)
      await page.evaluate(`
        const calls = ["forbidden", "__proto__", "constructor", "toString"].map((name) => client.createClient()[name]())
        calls.push(client.createClient({ plugin: "x|forbidden" }).forbidden())
        await Promise.race([Promise.allSettled(calls), attacker.pause(1000)])
        await attacker.call("allowed")`)
      await victim.launchUrl("other")
      return victim.hasRun("forbidden")
    },
  },
]
