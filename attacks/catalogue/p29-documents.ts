import type { Attack } from "../attack.ts"
import { until } from "../stranger.ts"
import { ANY_SESSION, NO_FRAME_WATCH, NO_HOOK } from "../weaknesses.ts"

/** What takes the document, and the frame with it, from under a call that runs. */
const DEEDS: readonly (readonly [what: string, deed: string])[] = [
  ["document.open()", `document.open(); document.write("<p>new</p>"); document.close()`],
  [
    "a framework that replaces the document's element",
    `document.documentElement.replaceWith(document.createElement("html"))`,
  ],
  ["a framework that writes the document anew", `document.documentElement.innerHTML = "<head></head><body></body>"`],
  ["document.write() when the page has loaded", `document.write("<p>new</p>")`],
]

/** P29: documents that are replaced, left, come back to, doubled. */
export const documents: readonly Attack[] = [
  ...DEEDS.map(
    ([what, deed]): Attack => ({
      id: "P29",
      name: `${what}, while a call runs: it is to end never, twice, or unhooked`,
      stoppedBy: "a watch: a frame that goes ends its session, and what is pending is rejected once",
      defence: "browser",
      control: NO_FRAME_WATCH,
      steps: async ({ page, victim }) => {
        await page.evaluate(`
          await attacker.call("allowed")
          attacker.ends = 0
          void attacker.call("slow").then(() => attacker.ends++)`)
        // A call that the Core has not seen would wait for the next session, and run there.
        if (!(await until(() => victim.hasRun("slow"), 10_000))) throw new Error("the call did not run")
        const ends = await page.evaluate(`
          ${deed}
          await attacker.until(() => attacker.ends > 0, attacker.patience)
          const after = [attacker.call("allowed"), attacker.call("forbidden")]
          await attacker.inTime(Promise.all(after))
          return attacker.ends`)
        return ends !== 1 || victim.hasRun("forbidden")
      },
    }),
  ),
  {
    id: "P29",
    name: "Back and Forward between pages of the app: a page without the hook, or whose calls never end",
    stoppedBy: "each page that comes back has a session of its own, with a sandbox of its own",
    defence: "browser",
    control: NO_HOOK,
    victim: {
      files: {
        "frontend/second.html": `<!doctype html>\n<script src="/toolbox.js"></script><p id="second">second</p>\n`,
      },
    },
    steps: async ({ page, victim }) => {
      const go = async (where: string, isSecond: boolean): Promise<boolean> => {
        await page.evaluate(`void attacker.call("slow"); setTimeout(() => ${where})`)
        await page.waitFor(
          `return typeof attacker === "object" && (document.getElementById("second") !== null) === ${isSecond}`,
        )
        return page.evaluate<boolean>(`
          const calls = [attacker.call("forbidden"), attacker.call("allowed")]
          const ended = await attacker.inTime(Promise.all(calls))
          return ended !== "pending" && ended[1].value === "allowed"`)
      }
      for (const [where, isSecond] of [
        [`location.assign("/second.html")`, true],
        ["history.back()", false],
        ["history.forward()", true],
      ] as const)
        if (!(await go(where, isSecond))) return true
      return victim.hasRun("forbidden")
    },
  },
  {
    id: "P29",
    name: "a duplicated window, with a copy of the credential: its frames in the place of the first one's",
    stoppedBy: "each session has a key of its own, whatever credential it began with",
    defence: "browser",
    control: ANY_SESSION,
    not: { webkit: "no window opens without a click" },
    inPage: async (attacker) => {
      const popup = open("/") as unknown as { attacker: typeof attacker } & Window
      await attacker.until(() => "attacker" in popup)
      const own = await attacker.connect()
      const theirs = await popup.attacker.session()
      await theirs.seal([[1, "allowed", { copied: true }]])
      theirs.sendAll(own.socket)
      await attacker.pause(300)
      popup.close()
    },
    succeeded: (_result, { victim }) => victim.ran.some(({ args }) => (args as { copied?: true }).copied),
  },
]
