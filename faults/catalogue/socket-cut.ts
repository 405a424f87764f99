import { BROWSERS, type Page } from "../../e2e/drivers/driver.ts"
import type { Fault, Scene } from "../fault.ts"
import type { Settled } from "../ledger.ts"
import { CuttingProxy, type Direction } from "../proxy.ts"
import { openRawWindow, RawPage } from "../raw-page.ts"
import { FRAMES_STAY, RUNS_TWICE } from "../weaknesses.ts"

/** A page whose sockets to the Core go through a proxy that cuts them; its own first one has been closed. */
async function openThrough(scene: Scene, proxy: CuttingProxy, page: Page): Promise<void> {
  await page.evaluate(`const { WebSocket: Real } = window
    let first
    window.WebSocket = class extends Real {
      constructor(url) { super(url.replace(/:\\d+/, ":${proxy.port}")) }
    }
    const { send } = Real.prototype
    Real.prototype.send = function (data) { first ??= this; return send.call(this, data) }
    await call("count")
    Real.prototype.send = send
    first.close()`)
  await scene.findings.goesOn("the page goes through the proxy", async () => {
    const { value } = await page.evaluate<Settled>("return call('count')")
    return value !== undefined && proxy.isInUse
  })
}

/** Cuts the page's socket at every `step`th byte of the frame that goes one way when it makes a call, and behind its last. */
async function cutFrames(scene: Scene, direction: Direction, step: number): Promise<void> {
  const { findings } = scene
  // The policy of the app knows of no proxy.
  const subject = await scene.start({ security: { csp: null } })
  const before = await subject.census()
  const proxy = await CuttingProxy.start(subject.port)
  try {
    const page = await scene.open(subject)
    await openThrough(scene, proxy, page)
    let isWhole = false
    for (let bytes = 0; !isWhole; bytes += step) {
      await page.evaluate("return call('count')")
      const cut = proxy.cutAfter(direction, bytes)
      const call = page.evaluate<Settled>("return call('count')")
      const length = await cut
      isWhole = bytes >= length
      const { n, value, code, message } = await call
      const at = `cut after ${bytes} of ${length} bytes ${direction}`
      if (value === undefined && code !== "CONNECTION_LOST") findings.add("stopped", `${at}: ${code}: ${message}`)
      const ran = (await subject.runs()).includes(n)
      if (direction === "to the Core" && ran !== isWhole)
        findings.add("stopped", `${at}: the command ${ran ? "ran" : "did not run"}`)
      if (direction === "to the page" && (value !== undefined) !== isWhole)
        findings.add("stopped", `${at}: the call was ${isWhole ? "not " : ""}answered`)
    }
    await findings.settled(page)
    await findings.pageIsClean(page)
    await findings.ranOnce(subject)
    await page.close()
  } finally {
    await proxy.close()
  }
  await scene.holdsNoMoreThan(subject, before)
}

const CUT = {
  seen: "calls in flight reject with `CONNECTION_LOST`; later ones work",
  browsers: BROWSERS,
}

export const cutToTheCore: Fault = {
  ...CUT,
  id: "socket-cut-to-core",
  name: "the socket is cut at every byte of a frame on its way to the Core",
  outcome: "a frame that is not whole runs nothing; the page opens a new session",
  limitMs: 300_000,
  leftOutOfTests: ["firefox", "webkit"],
  run: (scene) => cutFrames(scene, "to the Core", scene.isQuick ? 16 : 1),
  controls: [{ breaks: "leaked", change: FRAMES_STAY }],
}

export const cutToThePage: Fault = {
  ...CUT,
  id: "socket-cut-to-page",
  name: "the socket is cut at every byte of a frame on its way to the page",
  outcome: "the command has run; the page, which cannot know, rejects the call and never repeats it",
  limitMs: 300_000,
  run: (scene) => cutFrames(scene, "to the page", scene.isQuick ? 8 : 1),
  controls: [
    {
      breaks: "leaked",
      change: {
        off: "the one listener that all frames have: each has its own, and leaves it behind",
        file: "page/isolation-frame.ts",
        find: 'addEventListener("message", hear, true)',
        replace: 'addEventListener("message", (event) => hear(event), true)',
      },
    },
  ],
}

/** All that a page sends until its first answer, cut at every byte: the request for the socket, the hello, a sealed frame. */
export const cutConversation: Fault = {
  id: "socket-cut-anywhere",
  name: "the socket is cut, with and without a reset, at every byte that a page sends, from its first to its first call",
  outcome: "nothing runs but what came whole; the session ends, and what it held with it",
  seen: "nothing: there is no page",
  browsers: [],
  limitMs: 300_000,
  run: async (scene) => {
    const { findings } = scene
    const subject = await scene.start()
    const before = await subject.census()
    const window = await openRawWindow(subject)
    let n = 0
    for (const end of ["destroy", "resetAndDestroy"] as const)
      for (const part of ["handshake", "hello", "call"] as const) {
        let isWhole = false
        for (let bytes = 0; !isWhole; bytes += scene.isQuick && part !== "call" ? 8 : 1) {
          const page = await RawPage.connect(window)
          const frame = await upTo(page, part, ++n)
          isWhole = bytes >= frame.length
          page.socket.write(frame.subarray(0, bytes), () => page.socket[end]())
          await new Promise((resolve) => page.socket.once("close", resolve))
          // A reset takes along what was not read yet: only an end that lets it arrive says that it has.
          const runsNow = async (): Promise<boolean> => (await subject.runs()).includes(n)
          const runs = part === "call" && isWhole
          if (runs && end === "destroy") await findings.goesOn("a call that came whole runs", runsNow)
          if (!runs && (await runsNow())) findings.add("stopped", `${bytes} of ${frame.length} bytes of a call ran it`)
          await findings.goesOn("the session ends", () => subject.sessions === 0)
        }
      }
    await findings.ranOnce(subject)
    const page = await RawPage.open(window)
    await findings.goesOn("another page works", async () => (await page.invoke(1, "count", { n: ++n }))?.[1] === 1)
    page.socket.destroy()
    await findings.holdsNoMoreThan(subject, before)
  },
  controls: [{ breaks: "doubled", change: RUNS_TWICE }],
}

/** Sends what comes before a part, and returns that part's bytes. */
async function upTo(page: RawPage, part: "handshake" | "hello" | "call", n: number): Promise<Buffer> {
  if (part === "handshake") return page.handshake
  page.socket.write(page.handshake)
  if (part === "hello") return page.hello
  page.socket.write(page.hello)
  await page.loadSandbox()
  return page.call(1, "count", { n })
}
