import { accessSync, constants, realpathSync } from "node:fs"
import { delimiter, join } from "node:path"

/** A browser that can show a page as an app: in a window without tabs and address bar. */
export interface AppBrowser {
  readonly name: string
  /** Absolute path. */
  readonly program: string
  /** Whether it runs in a container (Snap, Flatpak) and cannot read files outside its own folders. */
  readonly isConfined: boolean
}

interface Candidate {
  readonly name: string
  /** Names to look for in `PATH`. */
  readonly commands: readonly string[]
  /** Where its installer puts it. */
  readonly programs: readonly string[]
}

const { env } = process

/** The first that is there is taken. */
const CANDIDATES: Readonly<Partial<Record<NodeJS.Platform, readonly Candidate[]>>> = {
  linux: [
    { name: "Chrome", commands: ["google-chrome", "google-chrome-stable"], programs: ["/opt/google/chrome/chrome"] },
    {
      name: "Chromium",
      commands: ["chromium", "chromium-browser"],
      programs: ["/usr/bin/chromium", "/snap/bin/chromium"],
    },
    { name: "Edge", commands: ["microsoft-edge", "microsoft-edge-stable"], programs: ["/opt/microsoft/msedge/msedge"] },
    {
      name: "Brave",
      commands: ["brave-browser", "brave"],
      programs: ["/opt/brave.com/brave/brave", "/snap/bin/brave"],
    },
  ],
  darwin: [
    { name: "Chrome", commands: [], programs: ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"] },
    { name: "Chromium", commands: [], programs: ["/Applications/Chromium.app/Contents/MacOS/Chromium"] },
    { name: "Edge", commands: [], programs: ["/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"] },
    { name: "Brave", commands: [], programs: ["/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"] },
  ],
  win32: [
    { name: "Chrome", commands: [], programs: inProgramFolders("Google\\Chrome\\Application\\chrome.exe") },
    { name: "Chromium", commands: [], programs: inProgramFolders("Chromium\\Application\\chrome.exe") },
    { name: "Edge", commands: [], programs: inProgramFolders("Microsoft\\Edge\\Application\\msedge.exe") },
    { name: "Brave", commands: [], programs: inProgramFolders("BraveSoftware\\Brave-Browser\\Application\\brave.exe") },
  ],
}

function inProgramFolders(path: string): string[] {
  return [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, path))
}

/** The first of Chrome, Chromium, Edge and Brave that is installed; `null` when none is. */
export function findAppBrowser(path: string = env.PATH ?? ""): AppBrowser | null {
  for (const { name, commands, programs } of CANDIDATES[process.platform] ?? []) {
    const places = [
      ...commands.flatMap((command) => path.split(delimiter).map((folder) => join(folder, command))),
      ...programs,
    ]
    const program = places.find(isExecutable)
    if (program !== undefined) return { name, program, isConfined: isConfined(program) }
  }
  return null
}

/** The program of that name in `PATH`; `null` when there is none. */
export function findProgram(command: string, path: string = env.PATH ?? ""): string | null {
  return (
    path
      .split(delimiter)
      .map((folder) => join(folder, command))
      .find(isExecutable) ?? null
  )
}

function isExecutable(program: string): boolean {
  try {
    accessSync(program, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Snap's programs are links to `snap`, Flatpak's lie in its `exports`. */
function isConfined(program: string): boolean {
  return [program, realpathSync(program)].some((path) => /^\/snap\/|\/bin\/snap$|\/flatpak\//.test(path))
}
