import type { Directories } from "./directories.ts"

/** How the names of the folders begin that hold the page a window's browser is started on, and in it a launch ticket. */
const REDIRECT_FOLDER_PREFIX = "sallyport-open-"

/**
 * What no scope opens, however wide it is: with these a page could become another window's, or reach around the guard.
 * The browser's profiles (cookies, and the settings of the very browser that isolates the page), among them the sockets for second launches, launch tickets, and
 * Linux's files about processes, of which one is the Core's memory.
 */
export function offLimits({ system, identifier }: Directories): readonly string[] {
  const profiles = [
    `$LOCALDATA/${identifier}/windows`,
    // Browsers from Snap and Flatpak keep theirs where they may write.
    `$HOME/snap/*/common/${identifier}/windows`,
    `$HOME/.var/app/*/data/${identifier}/windows`,
  ]
  const folders = [...profiles, `$TEMP/${REDIRECT_FOLDER_PREFIX}*`, ...(system.platform === "linux" ? ["/proc"] : [])]
  return folders.flatMap((folder) => [folder, `${folder}/**`])
}
