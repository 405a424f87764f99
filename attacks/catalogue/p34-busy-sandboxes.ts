import type { Attack } from "../attack.ts"

/** Is busy when a call asks for it, once that call has been answered; tells from when to when, as soon as it knows. */
const HOOK = `let told
const busy = new Promise((resolve) => { told = resolve })
window.__TAURI_ISOLATION_HOOK__ = async (payload) => {
  const { busyMs, report } = payload.payload
  if (busyMs) setTimeout(() => {
    const from = Date.now()
    while (Date.now() < from + busyMs);
    told([from, Date.now()])
  }, 200)
  if (report) payload.busy = await busy
  return payload
}`

/** P34: a window whose hook is kept busy, to stop the calls of the others. */
export const busySandboxes: readonly Attack[] = [
  {
    id: "P34",
    name: "a hook that is busy for five seconds in one window, so that no call of another window ends meanwhile",
    stoppedBy: "each window has an isolation origin of its own, and with it a process for its sandbox",
    defence: "browser",
    control: {
      off: "the isolation origin of each window: all have the one that all engines know",
      file: "server/isolation-origin.ts",
      find: "const hasOwnHosts = RESOLVES",
      replace: "const hasOwnHosts = !RESOLVES",
    },
    victim: { hook: HOOK },
    needsQuiet: true,
    not: { webkit: "each page runs its frames in its own thread: no other window's calls wait for it" },
    steps: async ({ page, victim, open }) => {
      const other = await open("other")
      await page.evaluate(`await attacker.call("allowed")`)
      await other.evaluate(`
        await attacker.call("allowed")
        window.calls = []
        void (async () => {
          while (true) {
            const began = Date.now()
            await attacker.call("allowed")
            calls.push([began, Date.now()])
            await attacker.pause(20)
          }
        })()`)
      await page.evaluate(`
        await attacker.call("allowed", { busyMs: 5000 })
        await attacker.call("allowed", { report: true })`)
      const [from, to] =
        victim.ran.map(({ args }) => (args as { busy?: [number, number] }).busy).find(Array.isArray) ?? []
      if (from === undefined || to === undefined) throw new Error("the hook has not been busy")
      const calls = await other.evaluate<[began: number, ended: number][]>("return calls")
      return !calls.some(([began, ended]) => began > from && ended < to)
    },
  },
]
