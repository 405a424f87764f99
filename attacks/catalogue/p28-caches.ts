import type { Attack } from "../attack.ts"

/** How the page that comes next gets into the browser's cache as frames and scripts get it: without the bridge. */
const WAYS: readonly (readonly [what: string, fill: string])[] = [
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
]

/** P28: a page without the bridge, out of a cache. */
export const caches: readonly Attack[] = WAYS.map(([what, fill]) => ({
  id: "P28",
  name: `a page without the bridge, from the cache: ${what} first, then gone to`,
  stoppedBy: "documents are never stored, whoever asks for them",
  not: { webkit: "a window that is driven keeps no cache" },
  control: {
    off: "the rule that documents are not stored",
    file: "server/app-pages.ts",
    find: '{ "cache-control": "no-store", vary: "Sec-Fetch-Dest" }',
    replace: '{ "cache-control": "max-age=600" }',
  },
  victim: {
    files: {
      "frontend/second.html": `<!doctype html>\n<body><p id="second">second</p></body>\n`,
      [`frontend/${what}`]: "",
    },
  },
  steps: async ({ page }) => {
    await page.evaluate(`${fill}\nsetTimeout(() => location.assign("/second.html"))`)
    await page.waitFor(`return document.getElementById("second") !== null`)
    return page.evaluate<boolean>(`return !("__TAURI_INTERNALS__" in window)`)
  },
}))
