import type { Attack, Replacement } from "../attack.ts"
import type { Toolbox } from "../toolbox.ts"
import { ISOLATION_AT_HOME, ISOLATION_FOR_ALL } from "../weaknesses.ts"

/** The page's policy would stop most of these before they are sent: what is tried here is the Core's own rule. */
const NO_POLICY = { security: { csp: null } }

const READABLE: Replacement = {
  off: "the browser's rule on reading across origins: the document allows it",
  file: "server/key/isolation-document.ts",
  find: '"cross-origin-embedder-policy": "require-corp",',
  replace: '"access-control-allow-origin": appOrigin,',
}

/** Ways to ask for the document that are no frame; each ends when it has been answered or refused. */
type Ask = readonly [what: string, ask: (url: string, attacker: Toolbox) => Promise<unknown>]

const ELEMENTS: readonly (readonly [tag: string, attribute: string, also?: string])[] = [
  ["script", "src"],
  ["script", "src", 'element.type = "module"'],
  ["object", "data"],
  ["embed", "src"],
  ["img", "src"],
  ["video", "src"],
  ["link", "href", 'element.rel = "stylesheet"'],
  ["link", "href", 'element.rel = "preload"; element.as = "fetch"; element.crossOrigin = "anonymous"'],
]

const ASKS: readonly Ask[] = [
  ["fetch in mode no-cors", async (url) => fetch(url, { mode: "no-cors" })],
  ["fetch with credentials", async (url) => fetch(url, { credentials: "include" })],
  ["fetch by HEAD", async (url) => fetch(url, { method: "HEAD", mode: "no-cors" })],
  [
    "XMLHttpRequest",
    (url) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest()
        request.open("GET", url)
        request.onloadend = resolve
        request.send()
      }),
  ],
  [
    "a worker that fetches",
    (url) =>
      new Promise((resolve) => {
        const code = `fetch(${JSON.stringify(url)}, { mode: "no-cors" }).then(() => postMessage(1), () => postMessage(0))`
        new Worker(URL.createObjectURL(new Blob([code]))).onmessage = resolve
      }),
  ],
  ["the cache, to be filled", async (url) => (await caches.open("x")).add(new Request(url, { mode: "no-cors" }))],
  [
    "a form that is sent into a frame",
    async (url, attacker) => {
      const frame = await attacker.frame("about:blank", { name: "into" })
      const form = document.createElement("form")
      form.action = url
      form.method = "post"
      form.target = "into"
      document.body.append(form)
      const loaded = new Promise((resolve) => {
        frame.onload = resolve
      })
      form.submit()
      await Promise.race([loaded, attacker.pause(1000)])
    },
  ],
  [
    "a window",
    async (url, attacker) => {
      const popup = open(url)
      await attacker.pause(700)
      popup?.close()
    },
  ],
]

/** How a form is refused: it is a frame's navigation, but no GET. */
const ANY_METHOD: Replacement = {
  off: "the rule that it is fetched by GET",
  file: "server/key/isolation-document.ts",
  find: 'method !== "GET"',
  replace: "method === undefined",
}

/** Success: the Core has handed the document out, which shows in the ticket that is spent. */
const spends = (ask: string): string => `
  const { welcome: { frame } } = await attacker.connect()
  await (${ask})(frame, attacker).catch(() => {})
  return (await attacker.sandbox(frame)) === null`

/** P10: the isolation document, asked for by what is no frame. */
export const isolationDocument: readonly Attack[] = [
  {
    id: "P10",
    name: "the isolation document, read with fetch",
    stoppedBy:
      "`Sec-Fetch-*`, which no script can set: it goes to frames alone; and another origin, that allows no reading",
    defence: "browser",
    control: [ISOLATION_FOR_ALL, READABLE],
    victim: NO_POLICY,
    inPage: async (attacker) => {
      const { welcome } = await attacker.connect()
      const response = await fetch(welcome.frame ?? "").catch(() => null)
      return (await response?.text()) ?? ""
    },
    succeeded: (text) => String(text).includes("sallyport-session"),
  },
  ...ASKS.map(
    ([what, ask]): Attack => ({
      id: "P10",
      name: `the isolation document, asked for by ${what}`,
      stoppedBy: "`Sec-Fetch-*`, which no script can set: it goes to frames that are navigated by GET, alone",
      defence: "browser",
      control: what.startsWith("a form") ? ANY_METHOD : ISOLATION_FOR_ALL,
      ...(what === "a window" && { not: { webkit: "no window opens without a click" } }),
      victim: NO_POLICY,
      steps: ({ page }) => page.evaluate<boolean>(spends(String(ask))),
    }),
  ),
  ...ELEMENTS.map(
    ([tag, attribute, also = ""]): Attack => ({
      id: "P10",
      name: `the isolation document as <${tag}${also && ` ${also.replace(/element\.(\w+) = ("[^"]*");?/g, "$1=$2")}`}>`,
      stoppedBy: "`Sec-Fetch-Dest`, which no script can set: it goes to frames alone",
      defence: "browser",
      control: ISOLATION_FOR_ALL,
      ...((tag === "object" || tag === "embed") && {
        not: { webkit: "a frame like any other, by its `Sec-Fetch-Dest`: opaque, and on another origin" },
      }),
      victim: NO_POLICY,
      steps: ({ page }) =>
        page.evaluate<boolean>(
          spends(`(url, attacker) => new Promise((resolve) => {
            const element = document.createElement("${tag}")
            ${also}
            element.onload = element.onerror = resolve
            element["${attribute}"] = url
            document.body.append(element)
            setTimeout(resolve, 1000)
          })`),
        ),
    }),
  ),
  {
    id: "P11",
    name: "the isolation document in a frame of one's own without `sandbox`, read from the page",
    stoppedBy: "an origin of its own, and an opaque one by its policy's `sandbox`",
    defence: "browser",
    control: ISOLATION_AT_HOME,
    inPage: async (attacker) => {
      const { welcome } = await attacker.connect()
      const sandbox = await attacker.sandbox(welcome.frame ?? "")
      try {
        return sandbox?.element.contentDocument?.documentElement.outerHTML ?? ""
      } catch {
        return ""
      }
    },
    succeeded: (text) => String(text).includes("__TAURI_ISOLATION_HOOK__"),
  },
  {
    id: "P11",
    name: "the isolation document with `allow-same-origin`, and its hook exchanged",
    stoppedBy: "an origin of its own, and an opaque one by its policy's `sandbox`",
    defence: "browser",
    control: ISOLATION_AT_HOME,
    inPage: async (attacker) => {
      const { welcome, socket } = await attacker.connect()
      const sandbox = await attacker.sandbox(welcome.frame ?? "", { sandbox: "allow-scripts allow-same-origin" })
      if (sandbox === null) return
      try {
        Object.assign(sandbox.element.contentWindow as object, { __TAURI_ISOLATION_HOOK__: null })
      } catch {}
      sandbox.port?.postMessage('[[1,"forbidden",{}]]')
      await attacker.until(() => sandbox.frames.length > 1, 1000)
      for (const frame of sandbox.frames) attacker.send(frame, socket)
      await attacker.pause(200)
    },
  },
  {
    id: "P11",
    name: "the realm of a frame prepared before the isolation document comes into it",
    stoppedBy: "a document of another origin gets a realm of its own",
    defence: "browser",
    control: ISOLATION_AT_HOME,
    inPage: async (attacker) => {
      const { welcome } = await attacker.connect()
      const frame = document.createElement("iframe")
      document.body.append(frame)
      const kept = frame.contentWindow as Window
      // In a realm that stays, what it makes of a key would be the attacker's to see.
      kept.crypto.subtle.importKey = () => new Promise(() => {})
      const loaded = new Promise((resolve) => {
        frame.onload = resolve
      })
      frame.src = welcome.frame ?? ""
      await Promise.race([loaded, attacker.pause(2000)])
      try {
        return kept.document.documentElement.outerHTML
      } catch {
        return ""
      }
    },
    succeeded: (text) => String(text).includes("__TAURI_ISOLATION_HOOK__"),
  },
  {
    id: "P11",
    name: "`javascript:` run in the isolation frame from the page",
    stoppedBy: "an origin of its own, and an opaque one by its policy's `sandbox`",
    defence: "browser",
    control: [
      ...ISOLATION_AT_HOME,
      {
        off: "the scripts that its policy names",
        file: "server/key/isolation-document.ts",
        find: 'scripts.join(" ")',
        replace: "\"'unsafe-inline'\"",
      },
    ],
    victim: NO_POLICY,
    inPage: async (attacker) => {
      const { welcome, socket } = await attacker.connect()
      const sandbox = await attacker.sandbox(welcome.frame ?? "")
      if (sandbox === null) return
      try {
        ;(sandbox.element.contentWindow as Window).location.href =
          "javascript:void(window.__TAURI_ISOLATION_HOOK__ = null)"
      } catch {}
      await attacker.pause(200)
      sandbox.port?.postMessage('[[1,"forbidden",{}]]')
      await attacker.until(() => sandbox.frames.length > 1, 1000)
      for (const frame of sandbox.frames) attacker.send(frame, socket)
      await attacker.pause(200)
    },
  },
]
