import type { BrowserName } from "../../e2e/drivers/driver.ts"
import type { Attack, Replacement } from "../attack.ts"
import { HOOK } from "../victim-app.ts"

const WAITS: Replacement = {
  off: "the sandbox's wait for its document to have loaded: it waits for a hook",
  file: "boundary/sandbox/runtime.ts",
  find: "  await loaded\n",
  replace: '  while (hookState() === "missing") await new Promise((resolve) => setTimeout(resolve))\n',
}

/** A hook that lets everything through until a second script makes it strict, with a long way between the two. */
const IN_PARTS: Attack["victim"] = {
  files: {
    "isolation/index.html":
      '<!doctype html>\n<script src="open.js"></script>\n<script src="long.js"></script>\n<script src="index.js"></script>\n',
    "isolation/open.js": "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload\n",
    "isolation/long.js": `/* ${"x".repeat(8_000_000)} */\nfor (const end = performance.now() + 100; performance.now() < end;);\n`,
    "isolation/index.js": HOOK,
  },
}

const STOPPED = { firefox: "window.stop() ends the page's sockets, too, and with them the frame's session" }

/** What is done to the loading of the frame when its first script has run, with `element`. */
const DEEDS: readonly (readonly [what: string, deed: string, not: Partial<Record<BrowserName, string>>])[] = [
  [
    "a call handed over before the isolation app's scripts have all run",
    "",
    {
      webkit: "the frame shares the page's thread, and gets no message between two of its scripts",
      firefox:
        "whether the frame gets a message between two of its scripts is chance: the control does not always succeed",
    },
  ],
  ["the loading of the isolation document stopped halfway with window.stop()", "window.stop()", STOPPED],
  [
    "the loading of the isolation document stopped halfway, and its frame sent to a fragment of it",
    `window.stop(); setTimeout(() => { element.src = welcome.frame + "#x" }, 100)`,
    STOPPED,
  ],
]

/** P11: an isolation document of which only a part runs. */
export const halfLoaded: readonly Attack[] = DEEDS.map(([what, deed, not]) => ({
  id: "P11",
  name: what,
  stoppedBy: "no call is taken before the document has loaded to its end: a load that was stopped has none",
  defence: "browser",
  control: WAITS,
  victim: IN_PARTS,
  not,
  steps: async ({ page, victim }) => {
    await page.evaluate(`
      const { welcome, socket } = await attacker.connect()
      const element = document.createElement("iframe")
      const frames = []
      addEventListener("message", ({ source, data, ports: [port] }) => {
        if (source !== element.contentWindow) return
        const take = ({ data }) => { if (data instanceof ArrayBuffer) frames.push(data) }
        if (data !== "sallyport-port") return take({ data })
        if (port !== undefined) port.onmessage = take
        const way = port ?? element.contentWindow
        // Again and again: what a window is sent before anybody listens is lost.
        setInterval(() => way.postMessage('[[1,"forbidden",{}]]', port === undefined ? "*" : undefined), 20)
        ${deed}
      })
      element.hidden = true
      element.src = welcome.frame
      document.body.append(element)
      await attacker.until(() => frames.length > 1, 1500)
      for (const frame of frames) attacker.send(frame, socket)
      await attacker.pause(200)`)
    return victim.hasRun("forbidden")
  },
}))
