import type { Attack, Replacement, Scene } from "../attack.ts"
import {
  ANY_SOCKET_ORIGIN,
  ANY_TICKET_ORIGIN,
  EMBEDDABLE,
  FRAMEABLE,
  NO_COOKIE,
  NO_SOCKET_COOKIE,
} from "../door-weaknesses.ts"
import { type Elsewhere, onForeignPage } from "../foreign-page.ts"
import { HOOK } from "../victim-app.ts"

/** Whether something is heard from a frame, or another window, within a second and a half. */
const HEARS = `
  const hears = (what) => new Promise((resolve) => {
    addEventListener("message", ({ data }) => { if (data === what) resolve(true) })
    setTimeout(resolve, 1500, false)
  })`

const FRAMED = {
  files: {
    "frontend/framed.html": '<!doctype html><script src="framed.js"></script>',
    "frontend/framed.js": 'for (const other of [parent, opener]) other?.postMessage("it is here", "*")',
  },
}

interface FromElsewhere {
  readonly what: string
  readonly stoppedBy: string
  readonly control: readonly Replacement[]
  readonly victim?: Attack["victim"]
  readonly alone?: boolean
  /** Body of an async function that returns whether it got what it wanted. */
  script(scene: Scene): string | Promise<string>
  /** Whether it got what it wanted, where its page cannot know. */
  succeeded?(scene: Scene): boolean
}

const SOCKET: FromElsewhere = {
  what: "the app's socket, opened",
  stoppedBy: "`Origin`, which no script can set",
  control: [ANY_SOCKET_ORIGIN],
  script: ({ victim }) => `
    const socket = new WebSocket("ws://localhost:${victim.port}/__sallyport__/ipc")
    return new Promise((resolve) => {
      socket.onopen = () => resolve(true)
      socket.onclose = () => resolve(false)
    })`,
}
const SCRIPT: FromElsewhere = {
  what: "the app's scripts, run as one's own",
  stoppedBy: "what the app serves is for its own origin alone",
  control: [EMBEDDABLE],
  script: ({ victim }) => `
    const script = document.createElement("script")
    script.src = "${victim.origin}/toolbox.js"
    await new Promise((resolve) => { script.onload = script.onerror = resolve; document.body.append(script) })
    return typeof attacker === "object"`,
}
const FRAME: FromElsewhere = {
  what: "the app in a frame, to have its user click there",
  stoppedBy: "the policy that keeps others from framing the app",
  control: [FRAMEABLE],
  victim: FRAMED,
  script: ({ victim }) => `${HEARS}
    const heard = hears("it is here")
    const frame = document.createElement("iframe")
    frame.src = "${victim.origin}/framed.html"
    document.body.append(frame)
    return heard`,
}
const TICKET: FromElsewhere = {
  what: "a launch link that was seen somewhere, used by a request",
  stoppedBy: "`Origin`, which no script can set",
  control: [ANY_TICKET_ORIGIN],
  alone: true,
  script: async ({ victim }) => {
    const ticket = (await victim.launchUrl("main")).split("#")[1]
    return `
      for (const mode of ["no-cors", "cors"])
        await fetch("${victim.origin}/__sallyport__/open", { method: "POST", body: "${ticket}", mode, credentials: "include" }).catch(() => {})
      return false`
  },
  succeeded: ({ victim }) => victim.hasDecided("window-opened"),
}
const READ: FromElsewhere = {
  what: "the app's page, read",
  stoppedBy: "`Origin`: a page of another one gets nothing, though the cookie comes along",
  control: [
    {
      off: "the look at the origin of a request, and the browser's rule on reading across origins: the app allows it",
      file: "server/server.ts",
      find: '    if (this.#isForeign(request)) return turnAway(403, "request from another origin")\n',
      replace: `    if (this.#isForeign(request)) response.setHeader("access-control-allow-origin", headers.origin ?? "")
    response.setHeader("access-control-allow-credentials", "true")
`,
    },
  ],
  script: ({ victim }) => `
    const response = await fetch("${victim.origin}/", { credentials: "include" }).catch(() => null)
    return (await response?.text().catch(() => ""))?.includes("Victim") ?? false`,
}
const POPUP: FromElsewhere = {
  what: "the app in a window of one's own, where it is spoken to",
  stoppedBy: "the gate cookie, which is not sent across sites",
  control: [NO_COOKIE],
  victim: FRAMED,
  script: ({ victim }) => `${HEARS}
    const heard = hears("it is here")
    const popup = open("${victim.origin}/framed.html")
    const isHere = await heard
    popup?.close()
    return isHere`,
}

function attack(id: string, where: Elsewhere, row: FromElsewhere, more: readonly Replacement[] = []): Attack {
  const from = where === "localhost" ? "from a page on another local port" : "from another website's page"
  const { what, stoppedBy, control, victim, alone = false, script, succeeded } = row
  return {
    id,
    name: `${what}, ${from}`,
    stoppedBy: more.length === 0 ? stoppedBy : `${stoppedBy}; and the gate cookie, which is not sent across sites`,
    defence: "browser",
    control: [...control, ...more],
    alone,
    ...(victim !== undefined && { victim }),
    steps: async (scene) => {
      const gotIt = await onForeignPage<boolean>(scene, where, await script(scene))
      return gotIt || (succeeded?.(scene) ?? false)
    },
  }
}

/** N1: the page of another website, in the same browser. */
export const otherSites: readonly Attack[] = [
  attack("N1", "127.0.0.1", SOCKET, [NO_SOCKET_COOKIE]),
  attack("N1", "127.0.0.1", SCRIPT, [NO_COOKIE]),
  attack("N1", "127.0.0.1", FRAME, [NO_COOKIE]),
  attack("N1", "127.0.0.1", READ, [NO_COOKIE]),
  attack("N1", "127.0.0.1", TICKET),
  {
    ...attack("N1", "127.0.0.1", POPUP),
    not: { webkit: "a script opens no window there without a click" },
  } as Attack,
  attack("N1", "evil.localhost", {
    what: "an isolation document whose address is known, in a frame",
    stoppedBy: "the document's policy on who may frame it",
    control: [
      {
        off: "its policy on who may frame it",
        file: "server/key/isolation-document.ts",
        find: "; frame-ancestors $",
        replace: "; x $",
      },
    ],
    victim: { hook: `parent.postMessage("it is here", "*")\n${HOOK}` },
    script: async ({ page }) => {
      await page.evaluate('await attacker.call("allowed")')
      const url = await page.evaluate<string>("return (await attacker.connect()).welcome.frame")
      return `${HEARS}
        const heard = hears("it is here")
        const frame = document.createElement("iframe")
        frame.src = "${url}"
        document.body.append(frame)
        return heard`
    },
  }),
]

/** N5: a page on another local port: of the app's own site, so that its cookie comes along. */
export const otherPorts: readonly Attack[] = [
  attack("N5", "localhost", SOCKET),
  attack("N5", "localhost", SCRIPT),
  attack("N5", "localhost", FRAME),
  attack("N5", "localhost", READ),
  attack("N5", "localhost", TICKET),
  {
    id: "N5",
    name: "the app's page locked out by cookies of its own name, set by a server on another local port",
    stoppedBy: "of several cookies of that name any may be the right one",
    defence: "browser",
    control: {
      off: "the rule that any counts: the first does",
      file: "server/gate-cookie.ts",
      find: ".some(([name, value]) => name === this.#name && isSame(value, this.#value))",
      replace: ".filter(([name]) => name === this.#name).slice(0, 1).some(([, value]) => isSame(value, this.#value))",
    },
    alone: true,
    steps: async (scene) => {
      const { victim, stranger, driver, page } = scene
      const port = await stranger.serve(({ url }, response) => {
        const end = url === "/clean" ? "; Max-Age=0" : ""
        const cookies = ["/__sallyport__", "/__sallyport__/ipc"].map(
          (path) => `sallyport-${victim.port}=x; Path=${path}${end}`,
        )
        response
          .setHeader("set-cookie", cookies)
          .setHeader("content-type", "text/html")
          .end("<!doctype html><title>x</title>")
      })
      const neighbor = await driver.open(`http://localhost:${port}/`)
      try {
        return await page.evaluate<boolean>(`
          const socket = new WebSocket("ws://" + location.host + "/__sallyport__/ipc")
          return new Promise((resolve) => {
            // One without a good cookie is taken and closed at once, unheard; one with it waits for a word.
            socket.onopen = () => setTimeout(resolve, 1000, false)
            socket.onclose = () => resolve(true)
          })`)
      } finally {
        await neighbor.goto(`http://localhost:${port}/clean`)
        await neighbor.close()
      }
    },
  },
]
