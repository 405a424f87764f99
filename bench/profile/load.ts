/** Calls issued at once. */
export const BURST_CALLS = 20_000
/** How long a process is kept busy so that it shows which one it is. */
export const SPIN_MS = 300

/** A hook that looks at what a real one would; and one command that only keeps it busy. */
const CHECKS = `const allowed = new Set(["echo", "length"])
const check = (payload) => {
  if (payload.cmd === "spin") {
    const end = performance.now() + ${SPIN_MS}
    while (performance.now() < end);
  }
  if (!allowed.has(payload.cmd)) throw new Error("not allowed")
  if (payload.path !== undefined && payload.path.includes("..")) throw new Error("not allowed")
  return payload
}
`
export const HOOK: string = `${CHECKS}window.__TAURI_ISOLATION_HOOK__ = check
`
/** The same, which says when it begins and ends. */
export const MARKED_HOOK: string = `${CHECKS}window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  benchMarks.mark("hook")
  const result = check(payload)
  benchMarks.mark("hooked")
  return result
}
`

/** A script that issues so many bursts, one after the other, and returns how long each took, in ms. */
export const bursts = (count: number): string => `const { invoke } = __TAURI_INTERNALS__; const times = []
  for (let burst = 0; burst < ${count}; burst++) {
    const started = performance.now()
    await Promise.all(Array.from({ length: ${BURST_CALLS} }, (_, n) => invoke("echo", { path: "notes/a.md", n })))
    times.push(performance.now() - started)
  }
  return times`
