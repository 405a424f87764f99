import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { CHROMIUM, NOTHING } from "../app-window.ts"
import type { Attack, Replacement } from "../attack.ts"
import { pause, until } from "../stranger.ts"
import type { Victim } from "../victim-process.ts"
import { redeem } from "../window-client.ts"

/** What the system tells of every process: its command line to all users, its environment to the same one. */
function isInProcessList(text: string): boolean {
  return readdirSync("/proc").some((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        ["cmdline", "environ"].some((file) => readFileSync(join("/proc", pid, file), "latin1").includes(text))
      )
    } catch {
      // It has ended, or is not for us to see.
      return false
    }
  })
}

/** The folder with the page that the browser is started on, when it is there. */
function redirectFolder({ folder }: Victim): string | null {
  const name = readdirSync(join(folder, "temporary")).find((name) => name.startsWith("sallyport-open-"))
  return name === undefined ? null : join(folder, "temporary", name)
}

const OPEN_TO_ALL: readonly Replacement[] = [
  {
    off: "the mode of the folder",
    file: "window/redirect-file.ts",
    find: "this.#folder = mkdtempSync(join(tmpdir(), PREFIX))",
    replace: `this.#folder = mkdtempSync(join(tmpdir(), PREFIX))
    process.getBuiltinModule("node:fs").chmodSync(this.#folder, 0o755)`,
  },
  { off: "the mode of the file", file: "window/redirect-file.ts", find: "mode: 0o600", replace: "mode: 0o644" },
]

/** N4: launch links, where they are on their way to a browser. */
export const launchLinks: readonly Attack[] = [
  {
    id: "N4",
    name: "a launch link in the list of processes, while a window is opened",
    stoppedBy: "the browser is started on a file that leads to the link",
    defence: "browser",
    control: {
      off: "that file: the browser is started on the link",
      file: "window/app-mode-window.ts",
      find: "this.#startBrowser(this.#redirect?.url ?? this.#launchUrl)",
      replace: "this.#startBrowser(this.#launchUrl)",
    },
    victim: { browser: CHROMIUM },
    not: {
      firefox: "windows of an app's own are Chromium's",
      webkit: "windows of an app's own are Chromium's",
    },
    alone: true,
    steps: async ({ victim }) => {
      victim.show("main")
      const link = `localhost:${victim.port}/__sallyport__/open#`
      let isThere = false
      // For as long as the file may take; after that the link itself is tried, and that is known.
      for (const end = performance.now() + 4500; performance.now() < end && !victim.hasDecided("window-opened"); ) {
        isThere ||= isInProcessList(link)
        await pause(20)
      }
      return isThere || isInProcessList(link)
    },
  },
  {
    where: "local",
    id: "N4",
    name: "the file that leads to a launch link, read by another user of the machine",
    stoppedBy: "its folder and itself are for its user alone",
    control: OPEN_TO_ALL,
    victim: { browser: NOTHING },
    alone: true,
    steps: async ({ victim }) => {
      victim.show("main")
      if (!(await until(() => redirectFolder(victim) !== null))) throw new Error("no file was made")
      const folder = redirectFolder(victim) ?? ""
      await until(() => readdirSync(folder).length > 0)
      const isOpen = (path: string, bits: number): boolean => (statSync(path).mode & bits) !== 0
      return isOpen(folder, 0o011) && readdirSync(folder).some((name) => isOpen(join(folder, name), 0o044))
    },
  },
  {
    where: "local",
    id: "N4",
    name: "the file that leads to a launch link, found after its window has come",
    stoppedBy: "it is deleted when the link is used",
    control: {
      off: "its deletion",
      file: "window/app-mode-window.ts",
      find: "this.#redirect?.delete()",
      replace: "",
    },
    victim: { browser: NOTHING },
    alone: true,
    steps: async ({ victim, stranger }) => {
      victim.show("main")
      const file = (): string => {
        const folder = redirectFolder(victim)
        const [name] = folder === null ? [] : readdirSync(folder)
        return name === undefined ? "" : readFileSync(join(folder ?? "", name), "utf8")
      }
      await until(() => file().includes("#"))
      const link = /"(http[^"]+)"/.exec(file())?.[1] ?? ""
      if ((await redeem(stranger, link)) === null) throw new Error("the link was no good")
      await until(() => redirectFolder(victim) === null, 1000)
      return redirectFolder(victim) !== null
    },
  },
]
