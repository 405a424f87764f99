import { fileURLToPath } from "node:url"
import { type App, createApp } from "sallyport"
import { notesCommands, type Pattern } from "./commands.ts"
import { Notes } from "./notes.ts"

const CONFIGS: Readonly<Record<Pattern, string>> = {
  isolation: fileURLToPath(new URL("../src-tauri/tauri.conf.json", import.meta.url)),
  brownfield: fileURLToPath(new URL("../src-tauri/tauri.brownfield.conf.json", import.meta.url)),
}

export interface RunOptions {
  readonly pattern: Pattern
  /** Folder of the notes. */
  readonly folder: string
  /** A file outside the folder, for the attacks to try. */
  readonly secret: string
  /** Called when the window asks for the other pattern. */
  readonly switchPattern: (pattern: Pattern) => void
  /** Another configuration for the isolated app than the example's own. */
  readonly config: string | null
  /** Whether its windows are shown in a browser: then a second launch asks the first one to show its window. */
  readonly inBrowser: boolean
}

/** Starts the notes app. */
export function runApp({ pattern, folder, secret, switchPattern, config, inBrowser }: RunOptions): Promise<App> {
  const commands = notesCommands({ notes: new Notes(folder), pattern, secret, switchPattern })
  const isIsolated = pattern === "isolation"
  return createApp({
    config: isIsolated ? (config ?? CONFIGS.isolation) : CONFIGS.brownfield,
    commands,
    requireIsolation: isIsolated,
    singleInstance: inBrowser,
  })
}
