import type { Attack, Replacement } from "../attack.ts"
import { AS_A_FRAME, WindowClient } from "../window-client.ts"

const ANY_HOST: Replacement = {
  off: "the look at the name that a request is for",
  file: "server/host.ts",
  find: "  return null\n}\n\n/** The path of",
  replace: '  return "app"\n}\n\n/** The path of',
}

const TICKETS_OF_ANY_ORIGIN: Replacement = {
  off: "the origin that a frame ticket is bound to",
  file: "boundary/core/frame-tickets.ts",
  find: "frame.origin !== origin || ",
  replace: "",
}

/** Names that lead to this machine, or are spelled like one of the app's. */
const otherNames = (port: number): string[] => [
  "evil.example",
  `evil.example:${port}`,
  `localhost.evil.example:${port}`,
  `evil.localhost:${port}`,
  "localhost",
  `localhost:${port + 1}`,
  `localhost:0${port}`,
  `LOCALHOST:${port}`,
  `localhost.:${port}`,
  `0.localhost:${port}`,
  `1.localhost:${port}`,
  `4294967296.localhost:${port}`,
  `127.0.0.2:${port}`,
  `127.1:${port}`,
  `0.0.0.0:${port}`,
  `[::1]:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `user@localhost:${port}`,
  `localhost:${port}#evil.example`,
  `localhost:${port}/`,
  `evil.example,localhost:${port}`,
  `${"x".repeat(5000)}:${port}`,
]

/** N2: another name that has come to mean this machine. */
export const otherHosts: readonly Attack[] = [
  {
    where: "local",
    id: "N2",
    name: "the launch page under names that are not the app's: other ones, and its own misspelled",
    stoppedBy: "`Host`, compared exactly",
    control: ANY_HOST,
    steps: async ({ victim, stranger }) => {
      for (const host of otherNames(victim.port)) {
        const { status } = await stranger.ask("/__sallyport__/open", { headers: { host } })
        if (status !== 421) return true
      }
      return false
    },
  },
  {
    where: "local",
    id: "N2",
    name: "a socket under names that are not the app's, with its origin and its cookie",
    stoppedBy: "`Host`, compared exactly, on upgrades too",
    control: ANY_HOST,
    steps: async (scene) => {
      const { headers } = await WindowClient.open(scene)
      for (const host of otherNames(scene.victim.port))
        if ((await scene.stranger.socket({ headers: { ...headers, host } })) !== null) return true
      return false
    },
  },
  {
    where: "local",
    id: "N2",
    name: "the name in the target instead: absolute forms, with the right `Host` and with another",
    stoppedBy: "a target in absolute form, which would override `Host`, is no target",
    control: {
      off: "the rule that a target is a path",
      file: "server/host.ts",
      find: '!url?.startsWith("/") || ',
      replace: "",
    },
    steps: async ({ victim: { port }, stranger }) => {
      const hosts = [`localhost:${port}`, `127.0.0.1:${port}`]
      for (const target of [
        "http://evil.example/",
        `http://localhost:${port}/__sallyport__/open`,
        "*",
        "evil.example:80",
      ])
        for (const host of hosts) {
          const { answer } = await stranger.raw(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
          if (!/^(HTTP\/1\.1 421 |$)/.test(answer)) return true
        }
      return false
    },
  },
  {
    where: "local",
    id: "N2",
    name: "two names at once, and none",
    stoppedBy: "exactly one `Host`, in the one way that browsers write it",
    control: {
      off: "the rule that there is one `Host`, and the look at it",
      file: "server/host.ts",
      find: '  const [host, second] = headersDistinct.host ?? []\n  if (!url?.startsWith("/") || host === undefined || second !== undefined) return null',
      replace:
        '  const host = headersDistinct.host?.at(-1) ?? "localhost:" + port\n  if (!url?.startsWith("/")) return null',
    },
    steps: async ({ victim: { port }, stranger }) => {
      const own = `Host: localhost:${port}\r\n`
      const heads = [
        `HTTP/1.1\r\nHost: evil.example\r\n${own}`,
        `HTTP/1.1\r\n${own}Host: evil.example\r\n${own}`,
        "HTTP/1.0\r\n",
        "HTTP/1.1\r\nHost : evil.example\r\n",
        `HTTP/1.1\r\nHost: evil.example\r\n ${own}`,
      ]
      for (const head of heads) {
        const { answer } = await stranger.raw(`GET /__sallyport__/open ${head}Connection: close\r\n\r\n`)
        if (answer.includes(" 200 ")) return true
      }
      return false
    },
  },
  {
    where: "local",
    id: "N2",
    name: "an isolation document, its ticket known, under a name that is not the isolation origin's",
    stoppedBy: "`Host`, compared exactly: documents are on one name alone",
    control: [
      {
        off: "the look at the name of the isolation origin",
        file: "server/host.ts",
        find: "  return null\n}\n\n/** The path of",
        replace: '  return "isolation"\n}\n\n/** The path of',
      },
      TICKETS_OF_ANY_ORIGIN,
    ],
    steps: async (scene) => {
      const session = await (await WindowClient.open(scene)).session()
      const path = new URL(session?.frame ?? "").pathname
      for (const host of otherNames(scene.victim.port)) {
        const answer = await scene.stranger.ask(path, { headers: { host, ...AS_A_FRAME } })
        if (answer.status === 200) return true
      }
      return false
    },
  },
  {
    where: "local",
    id: "N2",
    name: "an isolation document, its ticket known, at the isolation origin of another window, and at the one that all engines know",
    stoppedBy: "a frame ticket is good at the isolation origin of its window alone",
    control: TICKETS_OF_ANY_ORIGIN,
    steps: async (scene) => {
      const engine = { "user-agent": "Firefox/140.0" }
      const [window, other] = [await WindowClient.open(scene), await WindowClient.open(scene)]
      const others = new URL((await other.session(engine))?.frame ?? "").host
      for (const host of [others, `127.0.0.1:${scene.victim.port}`]) {
        const session = await window.session(engine)
        const path = new URL(session?.frame ?? "").pathname
        const answer = await scene.stranger.ask(path, { headers: { host, ...AS_A_FRAME } })
        if (answer.status === 200) return true
      }
      return false
    },
  },
  {
    id: "N2",
    name: "the app under an attacker's name that leads to this machine, in a browser",
    stoppedBy: "`Host`, compared exactly",
    defence: "browser",
    control: ANY_HOST,
    steps: async ({ victim: { port }, page }) => {
      // Firefox takes a refusal without a body for no answer at all.
      await page.goto(`http://evil.localhost:${port}/__sallyport__/open`).catch(() => {})
      return page.evaluate<boolean>("return document.title === 'Opening'")
    },
  },
]
