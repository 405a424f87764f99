import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { pause } from "./stranger.ts"
import type { Victim } from "./victim-process.ts"

/** Stands for Chrome in the app's PATH: the real Chromium, without a screen. */
export const CHROMIUM = `#!/bin/sh
for program in chromium chromium-browser google-chrome-stable; do
  command -v $program > /dev/null && exec $program --headless=new --disable-gpu "$@"
done
exit 1
`

/** Stands for Chrome, and shows nothing. */
export const NOTHING = "#!/bin/sh\nexec sleep 4\n"

/** The user's own Chromium, with the user's own profile, at an address; `end` waits until the profile is written. */
export function userBrowser(victim: Victim, url: string): { end(): Promise<void> } {
  const browser: ChildProcess = spawn(
    join(victim.folder, "bin", "google-chrome"),
    [
      `--user-data-dir=${join(victim.folder, "user-profile")}`,
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      url,
    ],
    { stdio: "ignore", detached: true },
  )
  return {
    end: async () => {
      if (browser.exitCode !== null || browser.pid === undefined) return
      const ended = once(browser, "exit")
      browser.kill("SIGTERM")
      const late = setTimeout(() => browser.kill("SIGKILL"), 5000)
      await ended
      clearTimeout(late)
      await pause(200)
    },
  }
}
