import type { Attack, Replacement } from "../attack.ts"
import { CLEAR_TOO, NO_FRAME_WATCH, NO_HOOK } from "../weaknesses.ts"

const ANY_LOAD: Replacement = {
  off: "the watch for a frame that loads again",
  file: "page/isolation-frame.ts",
  find: "if (++loads > 1) listener.lost()",
  replace: "loads++",
}
const ANY_WINDOW: Replacement = {
  off: "the look at whether the frame has the window that it had",
  file: "page/isolation-frame.ts",
  find: "this.#element.isConnected && this.#element.contentWindow === this.window",
  replace: "this.#element.isConnected",
}
const NO_FRAME_TIMEOUT: Replacement = {
  off: "the time that a frame may take to load",
  file: "page/session.ts",
  find: "setTimeout(() => this.#noSandbox()",
  replace: "setTimeout(() => {}",
}

/** What is done to the bridge's frame, as `frame`; then calls must still end, and none of them unhooked. */
const DEEDS: readonly (readonly [
  what: string,
  deed: string,
  stoppedBy: string,
  control: Replacement | readonly Replacement[],
])[] = [
  ["removed", "frame.remove()", "a watch: for a frame that goes no event comes", NO_FRAME_WATCH],
  ["navigated", `frame.src = "about:blank"`, "a frame that loads a second time ends its session", ANY_LOAD],
  // A user's Firefox fires no "load" for it: the spent address answers with an error, for which Firefox shows a page of its own.
  [
    "moved",
    "document.body.append(frame)",
    "a frame that loads a second time, or has another window, ends its session",
    [ANY_LOAD, ANY_WINDOW],
  ],
  [
    "navigated through its window",
    `frame.contentWindow.location.replace("about:blank")`,
    "a frame that loads a second time ends its session",
    ANY_LOAD,
  ],
]

/** P21 and P22: frames removed, moved, navigated; and frames to get another bridge from. */
export const frames: readonly Attack[] = [
  ...DEEDS.map(
    ([what, deed, stoppedBy, control]): Attack => ({
      id: "P21",
      name: `the isolation frame ${what}: calls that never end`,
      stoppedBy,
      defence: "browser",
      control,
      steps: async ({ page, victim }) => {
        const ended = await page.evaluate(`
          await attacker.call("allowed")
          const frame = document.querySelector('iframe[name^="sallyport-"]')
          ${deed}
          await attacker.pause(300)
          const calls = [attacker.call("allowed"), attacker.call("forbidden")]
          return attacker.inTime(Promise.all(calls))`)
        return ended === "pending" || victim.hasRun("forbidden")
      },
    }),
  ),
  {
    id: "P21",
    name: "the isolation frame removed whenever the bridge makes one, before its handshake",
    stoppedBy: "the time that a frame may take to load, and a watch for one that goes: calls reject",
    defence: "browser",
    control: [NO_FRAME_WATCH, NO_FRAME_TIMEOUT],
    victim: { limits: { frameTimeoutMs: 700 } },
    inPage: async (attacker) => {
      await attacker.tap()
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes)
            if (node instanceof HTMLIFrameElement && node.name.startsWith("sallyport-")) node.remove()
      }).observe(document.documentElement, { childList: true })
      attacker.socket.close()
      await attacker.pause(200)
      return attacker.inTime(attacker.call("allowed"))
    },
    succeeded: (ended) => ended === "pending",
  },
  {
    id: "P22",
    name: "a fresh bridge from a frame of the app's own origin: a page, `srcdoc`, `about:blank`, `blob:`",
    stoppedBy: "the bridge goes into top-level documents alone, and does nothing elsewhere",
    defence: "browser",
    control: [
      {
        off: "the look at what a document is for",
        file: "server/static-files.ts",
        find: "if (isNavigation) return this.#pages.send",
        replace: "if (html.length >= 0) return this.#pages.send",
      },
      {
        off: "the bridge's look at where it is",
        file: "page/bridge.ts",
        find: "window === window.top && ",
        replace: "",
      },
    ],
    victim: { security: { csp: null } },
    inPage: async (attacker) => {
      const markup = '<script src="/toolbox.js"></script>'
      const blob = URL.createObjectURL(new Blob([markup], { type: "text/html" }))
      const found: string[] = []
      for (const url of ["/", "/index.html", "about:blank", blob, "srcdoc"]) {
        const frame = document.createElement("iframe")
        if (url === "srcdoc") frame.srcdoc = markup
        else frame.src = url
        const loaded = new Promise((resolve) => {
          frame.onload = resolve
        })
        document.body.append(frame)
        await Promise.race([loaded, attacker.pause(1000)])
        if ("__TAURI_INTERNALS__" in (frame.contentWindow ?? {})) found.push(url)
        frame.remove()
      }
      return found.length
    },
    succeeded: (found) => found !== 0,
  },
  {
    id: "P22",
    name: "a socket from the clean realm of an `about:blank` frame, and a call in the clear",
    stoppedBy: "in isolation the Core acts on sealed frames alone, whatever realm a socket is of",
    defence: "browser",
    control: CLEAR_TOO,
    inPage: async (attacker) => {
      const frame = document.createElement("iframe")
      document.body.append(frame)
      const { WebSocket: Clean } = frame.contentWindow as Window & typeof globalThis
      const socket = new Clean(`ws://${location.host}/__sallyport__/ipc`)
      socket.onopen = () => socket.send(JSON.stringify({ hello: 1, credential: attacker.credential }))
      socket.onmessage = () => socket.send(attacker.clear({ calls: [[1, "forbidden", {}]], blobs: [] }))
      await attacker.pause(500)
    },
  },
  {
    id: "P22",
    name: "a window of the app's own origin, opened by a script: a bridge with other rules",
    stoppedBy: "it is the same window to the Core, with a sandbox of its own: the hook decides",
    defence: "browser",
    control: NO_HOOK,
    not: { webkit: "no window opens without a click" },
    inPage: async (attacker) => {
      const popup = open("/") as unknown as { attacker: typeof attacker } & Window
      await attacker.until(() => "attacker" in popup)
      await popup.attacker.call("forbidden")
      popup.close()
    },
  },
]
