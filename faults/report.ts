import { BROWSERS } from "../e2e/drivers/driver.ts"
import type { Fault } from "./fault.ts"

const NAMES = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKitGTK" } as const

/** `docs/faults.md`: what happens, what the app does about it, what its user sees. */
export function report(faults: readonly Fault[]): string {
  const rows = faults.map(
    ({ id, name, outcome, seen, browsers }) =>
      `| \`${id}\` | ${name} | ${outcome} | ${seen} | ${browsers.length === 0 ? "–" : browsers.map((browser) => NAMES[browser]).join(", ")} |`,
  )
  const left = BROWSERS.map((browser) => {
    const ids = faults.filter(({ leftOutOfTests }) => leftOutOfTests?.includes(browser)).map(({ id }) => `\`${id}\``)
    return ids.length === 0 ? "" : `in ${NAMES[browser]} ${ids.join(", ")}`
  }).filter(Boolean)
  return `# Faults

What an app does when what it stands on breaks. \`npm run faults\` makes each of these happen to a real Core in a process of its own, most of them in real
browsers, and looks at what is promised: **each promise of the page settles once, nothing is run twice, nothing is left** (processes, temporary files, sockets,
sessions, frames, listeners), and **the app goes on or says why not**. Every run of a command is written to a journal that not even SIGKILL
takes anything from; calls have numbers of their own, so that one that ran twice, or after its page was told that it is lost, shows. \`npm run faults -- --controls\`
breaks the code, once for each promise that a fault looks at, and sees it reported.

\`npm test\` has the same faults with seconds for minutes, and cuts sockets at every few bytes instead of every one. It leaves out ${left.join("; ")}.

| | what happens | what the app does | what its user sees | in |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

## What is not promised

- Whether a call that was told \`CONNECTION_LOST\` has run is unknown to the page unless its message says that it did not, and it is never repeated by itself: what must not be done twice is the command's to recognize.
- A Core that is started again has new keys, and knows no window of the one before. A page's own state is the page's to keep.
- A window in the user's own browser stays when its app is killed, and its calls fail with \`CONNECTION_LOST\`. That a window of the app's own browser ends then is tested on Linux only.
- With fewer than about 26 descriptors Node itself does not start; it says so in its own words, or not at all.
- An isolation frame whose process was killed is given up after three times \`frameTimeoutMs\`: no browser says that it is gone.
`
}
