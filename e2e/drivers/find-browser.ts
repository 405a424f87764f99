import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import { CommandError } from "../../src/cli/run-command.ts"

/** The programs that the tests need of each browser: the first that is found of each row. */
const PROGRAMS = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  firefox: ["firefox-esr", "firefox"],
  webkit: ["WebKitWebDriver"],
  xvfb: ["xvfb-run"],
} as const

/** Debian's package of each. */
export const PACKAGES: Readonly<Record<keyof typeof PROGRAMS, string>> = {
  chromium: "chromium",
  firefox: "firefox-esr",
  webkit: "webkit2gtk-driver",
  xvfb: "xvfb",
}

/** Absolute path of a browser's program. Throws a `CommandError` that says what to install. */
export function findBrowser(name: keyof typeof PROGRAMS): string {
  const folders = (process.env.PATH ?? "").split(delimiter)
  for (const program of PROGRAMS[name]) {
    const found = folders.map((folder) => join(folder, program)).find(isExecutable)
    if (found !== undefined) return found
  }
  throw new CommandError(
    `${PROGRAMS[name].join(" or ")} is not in PATH: install Debian's package ${PACKAGES[name]} (apt-get install ${PACKAGES[name]})`,
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
