import { createServer, type RequestListener } from "node:http"
import { CHROMIUM, userBrowser } from "../app-window.ts"
import type { Attack, Replacement, Scene } from "../attack.ts"
import { until } from "../stranger.ts"

const USER_PROFILE: Replacement = {
  off: "the profile of the app's own: its window is in the user's",
  file: "window/app-mode-window.ts",
  find: "`--user-data-dir=$",
  replace: '"--user-data-dir=" + process.env.USER_PROFILE, `--unused=$',
}

const NOT = {
  firefox: "windows of an app's own are Chromium's",
  webkit: "windows of an app's own are Chromium's",
}

/** What an earlier app left in the user's browser, at the address that this one has now. */
interface Leftover {
  readonly name: string
  /** The earlier app; `spy` is an address that hears what happens. */
  earlier(spy: string): RequestListener
}

/** Of the earlier app's, whenever it is shown. */
const page = (spy: string, more = ""): string =>
  `<!doctype html><script>const tell = () => fetch("${spy}", { mode: "no-cors" }); ${more}</script>`

const LEFTOVERS: readonly Leftover[] = [
  {
    name: "a service worker that an earlier app left at this one's address",
    earlier: (spy) => (request, response) => {
      const first = 'navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then(tell)'
      if (request.url !== "/sw.js") return void response.setHeader("content-type", "text/html").end(page(spy, first))
      response.setHeader("content-type", "text/javascript").end(`
        const page = ${JSON.stringify(page(spy, "tell()"))}
        addEventListener("fetch", (event) => {
          if (event.request.mode === "navigate")
            event.respondWith(new Response(page, { headers: { "content-type": "text/html" } }))
        })`)
    },
  },
  {
    name: "a page that an earlier app left in the cache for a year, at this one's address",
    earlier: (spy) => (request, response) => {
      response.setHeader("cache-control", "max-age=31536000, immutable").setHeader("content-type", "text/html")
      // Where the launch page leads, too: a page of one's own site goes on to it.
      response.end(
        request.url === "/" ? page(spy, 'onload = () => location.replace("/index.html")') : page(spy, "tell()"),
      )
    },
  },
]

async function isServedByLeftover({ victim, stranger }: Scene, { earlier }: Leftover): Promise<boolean> {
  let told = 0
  const spy = `http://127.0.0.1:${await stranger.serve((_request, response) => {
    told++
    response.end()
  })}/`
  const { port } = victim
  await victim.end()
  const server = createServer(earlier(spy))
  await new Promise<void>((resolve) => server.listen({ port, host: "127.0.0.1" }, resolve))
  const browser = userBrowser(victim, `http://localhost:${port}/`)
  const isThere = await until(() => told > 0, 15_000)
  await browser.end()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  if (!isThere) throw new Error("the earlier app could not leave anything")
  const before = told
  await victim.begin()
  if (victim.port !== port) throw new Error("the app is at another address now")
  victim.show("main")
  await until(() => told > before || victim.hasDecided("hook"), 15_000)
  return told > before
}

/** N8: what an earlier app has left in the browser for the address that this one has now. */
export const earlierApps: readonly Attack[] = LEFTOVERS.map((leftover) => ({
  id: "N8",
  name: leftover.name,
  stoppedBy: "windows run in a profile of the app's own",
  defence: "browser",
  control: USER_PROFILE,
  victim: { browser: CHROMIUM },
  not: NOT,
  alone: true,
  steps: (scene) => isServedByLeftover(scene, leftover),
}))
