import type { Attack, Replacement } from "../attack.ts"

const SECOND = {
  "frontend/second.html": `<!doctype html>\n<body><p id="second">second</p></body>\n`,
  "frontend/worker.js":
    'self.onfetch = (event) => event.respondWith(caches.match("/second.html").then((found) => found ?? fetch(event.request)))\n',
}
const NO_CACHE = "a window that is driven keeps no cache"

const STORED: Replacement = {
  off: "the rule that documents are not stored",
  file: "server/app-pages.ts",
  find: '{ "cache-control": "no-store", vary: "Sec-Fetch-Dest" }',
  replace: '{ "cache-control": "max-age=600" }',
}

/** Sends documents in this case as files are sent: in parts, and with what they are asked again by. */
const asFile = (off: string, when: string): Replacement => ({
  off,
  file: "server/static-files.ts",
  find: "if (kind === null) {",
  replace: `if (kind === null || ${when}) {`,
})

/** How the page that comes next gets into the browser's cache as frames and scripts get it: without the bridge. */
const WAYS: readonly (readonly [what: string, fill: string, control?: Replacement])[] = [
  ["fetched", `await (await fetch("/second.html")).text()`],
  [
    "fetched by XMLHttpRequest",
    `await new Promise((resolve) => {
      const request = new XMLHttpRequest()
      request.open("GET", "/second.html")
      request.onloadend = resolve
      request.send()
    })`,
  ],
  [
    "fetched for a worker",
    `
    const code = "fetch('" + location.origin + "/second.html').then((response) => response.text()).then(() => postMessage(1))"
    const worker = new Worker(URL.createObjectURL(new Blob([code])))
    await new Promise((resolve) => { worker.onmessage = resolve })`,
  ],
  [
    "fetched with what it is asked again by",
    `await (await fetch("/second.html")).text()`,
    asFile(
      "the rule that documents have nothing to be asked again by",
      '!isNavigation || request.headers["if-none-match"] !== undefined',
    ),
  ],
]

/** P28: a page without the bridge, out of a cache. */
export const caches: readonly Attack[] = [
  ...WAYS.map(
    ([what, fill, control = STORED]): Attack => ({
      id: "P28",
      name: `a page without the bridge, from the cache: ${what} first, then gone to`,
      stoppedBy: "documents are never stored, whoever asks for them",
      defence: "browser",
      not: { webkit: NO_CACHE },
      control,
      // A cache knows an address for as long as its app runs.
      victim: { files: { ...SECOND, [`frontend/${what.replaceAll(" ", "-")}`]: "" } },
      steps: async ({ page }) => {
        await page.evaluate(`${fill}\nsetTimeout(() => location.assign("/second.html"))`)
        await page.waitFor(`return document.getElementById("second") !== null`)
        return page.evaluate<boolean>(`return !("__TAURI_INTERNALS__" in window)`)
      },
    }),
  ),
  {
    id: "P28",
    name: "a page without the bridge, from the Cache API, by a service worker",
    stoppedBy: "a request for a service worker's script is refused: nothing else answers from the Cache API",
    defence: "browser",
    control: {
      off: "the refusal of service workers",
      file: "server/server.ts",
      find: 'if (headers["service-worker"] !== undefined)',
      replace: 'if (headers["service-worker"] === "")',
    },
    victim: { files: SECOND },
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await (await caches.open("x")).add("/second.html")
        await navigator.serviceWorker.register("/worker.js").then(() => navigator.serviceWorker.ready).catch(() => {})
        setTimeout(() => location.assign("/second.html"))`)
      await page.waitFor(`return document.getElementById("second") !== null`)
      const isBare = await page.evaluate<boolean>(`
        for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister()
        return !("__TAURI_INTERNALS__" in window)`)
      victim.forget()
      return isBare
    },
  },
  {
    id: "P28",
    name: "a page without the bridge, put together by a cache from parts: its first bytes by a range",
    stoppedBy: "documents are sent whole, whatever range is asked for",
    defence: "browser",
    control: asFile("the rule that documents are sent whole", "request.headers.range !== undefined"),
    victim: { files: SECOND },
    steps: ({ page }) =>
      page.evaluate<boolean>(`
        const { status, headers } = await fetch("/second.html", { headers: { Range: "bytes=0-9" } })
        return status === 206 || headers.has("accept-ranges")`),
  },
  {
    id: "P28",
    name: "a page without the bridge, said to be fresh by the headers of HEAD",
    stoppedBy: "HEAD gets the headers of GET: documents are never stored",
    defence: "browser",
    control: STORED,
    victim: { files: SECOND },
    steps: ({ page }) =>
      page.evaluate<boolean>(`
        const { headers } = await fetch("/second.html", { method: "HEAD", cache: "no-store" })
        return !/no-store/.test(headers.get("cache-control")) || headers.has("etag") || headers.has("last-modified")`),
  },
]
