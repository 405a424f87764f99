import { fileURLToPath } from "node:url"
import { type App, createApp } from "sallyport"
import { notesCommands, type Pattern } from "./commands.ts"
import { Notes } from "./notes.ts"

const CONFIGS: Readonly<Record<Pattern, string>> = {
  isolation: fileURLToPath(new URL("../src-tauri/tauri.conf.json", import.meta.url)),
  brownfield: fileURLToPath(new URL("../src-tauri/tauri.brownfield.conf.json", import.meta.url)),
}

/** Starts the notes app. `switchPattern` is called when the window asks for the other pattern. */
export function runApp(
  pattern: Pattern,
  folder: string,
  secret: string,
  switchPattern: (pattern: Pattern) => void,
): Promise<App> {
  const commands = notesCommands({ notes: new Notes(folder), pattern, secret, switchPattern })
  return createApp({ config: CONFIGS[pattern], commands, requireIsolation: pattern === "isolation" })
}
