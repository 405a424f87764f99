import { connect, type Socket } from "node:net"
import type { Fault, Scene } from "../fault.ts"
import { openRawWindow, RawPage } from "../raw-page.ts"
import type { Subject } from "../subject-process.ts"

/** Files and sockets that the app may have open. A Core alone takes about half of them. */
const DESCRIPTORS = 64

/** Sockets that hold on to what there is: more than that. */
const CROWD = 200

const under = (descriptors: number): readonly string[] => ["sh", "-c", `ulimit -n ${descriptors}; exec "$0" "$@"`]

export const fewDescriptors: Fault = {
  id: "few-descriptors",
  name: `the app may open ${DESCRIPTORS} files (ulimit -n), and somebody takes all that are left`,
  outcome:
    "strangers take the places of strangers only; where the app's own windows are too many, the next is refused, those that are open go on, and the app says so once",
  seen: "in the app's log: `There is no room for more than … connections`, and what to do; a window that opens then stays empty",
  browsers: [],
  run: async (scene) => {
    const { findings } = scene
    const subject = await scene.start({ under: under(DESCRIPTORS) })
    const window = await openRawWindow(subject)
    const page = await RawPage.open(window)
    let n = 0
    const works = async (): Promise<boolean> => (await page.invoke(++n, "count", { n }))?.[1] === 1
    await findings.goesOn("a page works", works)
    const before = await subject.census()

    const crowd: Socket[] = []
    for (let sockets = 0; sockets < CROWD; sockets++) crowd.push(await knock(subject.port))
    await findings.goesOn("a page works beside a crowd of strangers", works)
    await findings.goesOn("another page opens beside it", async () => (await opensAnother(scene, subject)) === null)
    for (const socket of crowd) socket.destroy()

    // Windows of the app's own are no strangers: the system's limit is theirs.
    const others: RawPage[] = []
    let refused: unknown = null
    while (refused === null && others.length < DESCRIPTORS) refused = await opensAnother(scene, subject, others)
    if (refused === null) findings.add("stopped", `${others.length} pages have found room for ${DESCRIPTORS} files`)
    await findings.goesOn("the app says why", () => said(subject) > 0)
    if (said(subject) > 1) findings.add("stopped", `the app says ${said(subject)} times that there is no room`)
    await findings.goesOn("the first page works when there is no room", works)
    for (const other of others) other.socket.destroy()
    await findings.goesOn(
      "another page opens when there is room",
      async () => (await opensAnother(scene, subject)) === null,
    )
    await findings.goesOn("the first page works", works)
    await findings.ranOnce(subject)
    page.socket.destroy()
    await findings.holdsNoMoreThan(subject, before)
  },
  controls: [
    {
      breaks: "stopped",
      change: {
        off: "the room that is kept",
        file: "server/descriptors.ts",
        find: "return free - Math.min(RESERVE, Math.ceil(free / 4))",
        replace: "return 4096 + free",
      },
    },
  ],
}

const said = ({ logged }: Subject): number =>
  logged.filter((line) => /no room for more than \d+ connections/.test(line)).length

/** Opens a page in a window of its own; kept open when there are others to keep it with. Returns why it could not, or `null`. */
async function opensAnother({ findings }: Scene, subject: Subject, others?: RawPage[]): Promise<unknown> {
  try {
    const page = await RawPage.open(await openRawWindow(subject))
    const n = 1000 + Math.floor(Math.random() * 1e9)
    if ((await page.invoke(1, "count", { n }))?.[1] !== 1) findings.add("lost", "a page's first call was not answered")
    if (others === undefined) page.socket.destroy()
    else others.push(page)
    return null
  } catch (error) {
    return error
  }
}

/** A connection that says nothing. */
function knock(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket))
    socket.on("error", () => resolve(socket))
    socket.resume()
  })
}
