import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { basename, delimiter, join } from "node:path"
import { ownEnvironment } from "./own-environment.ts"

/** A browser that can show a page as an app: in a window without tabs and address bar. */
export interface AppBrowser {
  readonly name: string
  /** Absolute path. */
  readonly program: string
  /**
   * The folder that it can write, when it runs in a container (Snap, Flatpak): it cannot read the file that it would be
   * started on, nor keep its profile among the user's application data. `null` for a browser without such walls.
   */
  readonly ownFolder: string | null
}

interface Candidate {
  readonly name: string
  /** Names to look for in `PATH`. */
  readonly commands: readonly string[]
  /** Where its installer puts it. */
  readonly programs: readonly string[]
}

/** The first that is there is taken. */
const CANDIDATES: Readonly<Partial<Record<NodeJS.Platform, readonly Candidate[]>>> = {
  linux: [
    {
      name: "Chrome",
      commands: ["google-chrome", "google-chrome-stable"],
      programs: ["/opt/google/chrome/chrome", ...flatpak("com.google.Chrome")],
    },
    {
      name: "Chromium",
      commands: ["chromium", "chromium-browser"],
      programs: ["/usr/bin/chromium", "/snap/bin/chromium", ...flatpak("org.chromium.Chromium")],
    },
    {
      name: "Edge",
      commands: ["microsoft-edge", "microsoft-edge-stable"],
      programs: ["/opt/microsoft/msedge/msedge", ...flatpak("com.microsoft.Edge")],
    },
    {
      name: "Brave",
      commands: ["brave-browser", "brave"],
      programs: ["/opt/brave.com/brave/brave", "/snap/bin/brave", ...flatpak("com.brave.Browser")],
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

/** Flatpak's programs, for everybody and for one user; they are not always in `PATH`. */
function flatpak(app: string): string[] {
  return ["/var/lib", join(homedir(), ".local", "share")].map((folder) => join(folder, "flatpak/exports/bin", app))
}

function inProgramFolders(path: string): string[] {
  const env = ownEnvironment()
  return [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, path))
}

/** Not a list that `Object.prototype` has for a platform of which none is known. */
function candidates(): readonly Candidate[] {
  return (Object.hasOwn(CANDIDATES, process.platform) ? CANDIDATES[process.platform] : undefined) ?? []
}

/** The first of Chrome, Chromium, Edge and Brave that is installed; `null` when none is. */
export function findAppBrowser(path: string = ownEnvironment().PATH ?? ""): AppBrowser | null {
  for (const { name, commands, programs } of candidates()) {
    const places = [
      ...commands.flatMap((command) => path.split(delimiter).map((folder) => join(folder, command))),
      ...programs,
    ]
    const program = places.find(isExecutable)
    if (program !== undefined) return { name, program, ownFolder: ownFolderOf(program) }
  }
  return null
}

/** The program of that name in `PATH`; `null` when there is none. */
export function findProgram(command: string, path: string = ownEnvironment().PATH ?? ""): string | null {
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

/** A launcher is a small script, a browser is not. */
const MAX_LAUNCHER = 64 * 1024

/**
 * Snap's programs are links to `snap`, or, where a distribution's package stands for one, a script that starts it
 * (Ubuntu's `chromium-browser`); a Snap may write `~/snap/<name>/common`. Flatpak's lie in its `exports`, named for the
 * app, which may write `~/.var/app/<name>/data`.
 */
function ownFolderOf(program: string): string | null {
  const real = realpathSync(program)
  const flatpak = [program, real].map((path) => /\/flatpak\/exports\/bin\/([^/]+)$/.exec(path)?.[1]).find(Boolean)
  if (flatpak !== undefined) return join(homedir(), ".var", "app", flatpak, "data")
  const started = launcherText(real).match(/\/snap\/bin\/([\w.-]+)/)?.[1]
  const snap = started ?? (/^\/snap\/|\/bin\/snap$/.test(real) ? basename(program) : null)
  return snap === null ? null : join(homedir(), "snap", snap, "common")
}

/** Text of a script; empty for what is none. */
function launcherText(program: string): string {
  if (statSync(program).size > MAX_LAUNCHER) return ""
  const text = readFileSync(program, "latin1")
  return text.startsWith("#!") ? text : ""
}
