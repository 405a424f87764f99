import { BROWSERS } from "../../e2e/drivers/driver.ts"
import type { Fault, Scene } from "../fault.ts"
import type { Settled } from "../ledger.ts"
import { type Descent, descendants, endAll } from "../processes.ts"
import { openRawWindow } from "../raw-page.ts"
import type { Subject } from "../subject-process.ts"

export const browserKilled: Fault = {
  id: "browser-killed",
  name: "the browser is killed (SIGKILL) with all its processes, while calls run",
  outcome:
    "the sessions end and what runs in them gets its signal; five seconds later the window counts as closed, and an app without `keepRunning` ends",
  seen: "the window is gone, and so is the app if it was the last",
  browsers: BROWSERS,
  leftOutOfTests: ["firefox"],
  run: async (scene) => {
    const { findings } = scene
    const [goesOn, ends] = [await scene.start({ keepRunning: true }), await scene.start({ keepRunning: false })]
    const before = await goesOn.census()
    for (const subject of [goesOn, ends]) {
      const page = await scene.open(subject)
      await page.evaluate(`for (let made = 0; made < 100; made++) call("hold")`)
      await findings.goesOn("all calls run", async () => (await subject.runs()).length === 101)
    }
    const own = new Set([goesOn, ends].flatMap(({ processes }) => processes.map(({ pid }) => pid)))
    await endAll(descendants(process.pid).filter(({ pid }) => !own.has(pid)))
    for (const subject of [goesOn, ends]) {
      await findings.goesOn("the session ends", () => subject.sessions === 0)
      await findings.goesOn("the window counts as closed", () => subject.windowsClosed === 1)
      await findings.ranOnce(subject)
    }
    await findings.goesOn("the app ends by itself", () => ends.ended === 0)
    await scene.relaunch()
    const again = await scene.open(goesOn)
    const { value } = await again.evaluate<Settled>("return call('count')")
    if (value === undefined) findings.add("stopped", "a window that is opened then does not work")
    await again.close()
    await scene.holdsNoMoreThan(goesOn, before)
  },
  controls: [
    {
      breaks: "stopped",
      change: {
        off: "the end of a window that nobody has heard of for five seconds",
        file: "app-window.ts",
        find: 'if (this.#browser?.kind !== "app-window") this.#end()',
        replace: "",
      },
    },
  ],
}

async function windowCame({ findings }: Scene, subject: Subject): Promise<void> {
  await findings.goesOn("the window comes up", () => subject.hasWindow, 30_000)
}

export const windowKilled: Fault = {
  id: "window-killed",
  name: "the browser of a window that the app opened itself is killed, with all its processes",
  outcome: "the window is closed at once; opened again it has the same profile; an app without `keepRunning` ends",
  seen: "the window is gone, and so is the app if it was the last",
  browsers: [],
  run: async (scene) => {
    const { findings } = scene
    for (const keepRunning of [true, false]) {
      const subject = await scene.start({ keepRunning, ownWindow: true })
      await subject.launchUrl()
      await windowCame(scene, subject)
      await endAll(subject.browserProcesses)
      await findings.goesOn("the session ends", () => subject.sessions === 0)
      await findings.goesOn("the window is closed", () => subject.windowsClosed === 1)
      if (!keepRunning) {
        await findings.goesOn("the app ends by itself", () => subject.ended === 0)
        continue
      }
      subject.forget()
      await subject.launchUrl()
      await windowCame(scene, subject)
    }
  },
  controls: [
    {
      breaks: "leaked",
      change: {
        off: "the deletion of the file that a browser is started on",
        file: "window/redirect-file.ts",
        find: "rmSync(this.#folder, { recursive: true, force: true })",
        replace: "",
      },
    },
  ],
}

export const windowKilledEarly: Fault = {
  id: "window-killed-early",
  name: "the browser of a window that the app opened itself is killed before its page has come",
  outcome: "the file with the link is deleted; the app says that the browser ended, and prints the link, which works",
  seen: "in the app's log: the browser ended before the page came, and a link to open the window with",
  browsers: [],
  run: async (scene) => {
    const { findings } = scene
    const subject = await scene.start({ ownWindow: true })
    await subject.launchUrl()
    for (let isOver = false; !isOver; ) {
      const browser = subject.browserProcesses
      isOver = browser.length > 0
      await endAll(browser)
    }
    const isPrinted = (line: string): boolean => /^Open the window "main"/.test(line)
    await findings.goesOn("the app says why", () =>
      subject.logged.some((line) => /ended .* before the page came/.test(line)),
    )
    await findings.goesOn("the app prints the link", () => subject.logged.some(isPrinted))
    const link = /http:\S+/.exec(subject.logged.find(isPrinted) ?? "")?.[0] ?? ""
    const { credential } = await openRawWindow(subject, link)
    if (credential === "") findings.add("stopped", "the link opens nothing")
  },
  controls: [
    {
      breaks: "stopped",
      change: {
        off: "the link that is printed for a browser that has ended",
        file: "window/app-mode-window.ts",
        find: "printLink(this.#launchUrl, this.#options)",
        replace: "",
      },
    },
  ],
}

async function endsWithCore({ findings }: Scene, subject: Subject): Promise<void> {
  await findings.goesOn("its browser ends", () => subject.browserProcesses.length === 0)
  for (const left of subject.browserProcesses) findings.add("leaked", `a process: ${left.commandLine.slice(0, 100)}`)
}

/** Whether a program was started that hands a window to the browser that runs. */
function handingOver(subject: Subject, running: readonly Descent[]): boolean {
  const known = new Set(running.map(({ pid }) => pid))
  return subject.browserProcesses.some(
    ({ pid, commandLine }) => !known.has(pid) && commandLine.includes("--app=") && !commandLine.includes("--type="),
  )
}

export const coreKilledWithWindow: Fault = {
  id: "core-killed-with-window",
  name: "the Core is killed while a window that it opened itself stands, and another time while one is opening",
  outcome:
    "the browser ends with it; the next start finds the profile as it was; the next after ten minutes deletes the file that a browser was started on",
  seen: "the window is gone with the app",
  browsers: [],
  run: async (scene) => {
    const { findings } = scene
    const subject = await scene.start({ ownWindow: true })
    await subject.launchUrl()
    await windowCame(scene, subject)
    await subject.kill()
    await endsWithCore(scene, subject)
    await subject.start()
    await subject.launchUrl()
    await windowCame(scene, subject)
    const running = subject.browserProcesses
    // A further window is handed to the browser by a second process, which becomes a browser when it finds none.
    void subject.launchUrl("other")
    await findings.goesOn("a further window is handed over", () => handingOver(subject, running))
    await subject.kill()
    await endAll(running)
    await endsWithCore(scene, subject)
    await subject.start()
    await subject.launchUrl()
    await subject.kill()
    await subject.age()
    await subject.start()
    await subject.launchUrl()
    await windowCame(scene, subject)
  },
  controls: [
    {
      breaks: "leaked",
      change: {
        off: "the end of a browser with its app",
        file: "window/app-mode-window.ts",
        find: '      "--remote-debugging-pipe",\n',
        replace: "",
      },
    },
    {
      breaks: "leaked",
      change: {
        off: "the end of a program that hands a window over with its app",
        file: "window/app-mode-window.ts",
        find: '"--remote-debugging-pipe"',
        replace: '...(browserOf(this.#profile) === undefined ? ["--remote-debugging-pipe"] : [])',
      },
    },
    {
      breaks: "leaked",
      change: {
        off: "the deletion of what a killed app has left",
        file: "window/redirect-file.ts",
        find: "    deleteAbandoned()\n",
        replace: "",
      },
    },
  ],
}
