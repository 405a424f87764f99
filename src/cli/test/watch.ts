import { type FSWatcher, watch } from "node:fs"
import type { ExitStatus } from "../command-line.ts"
import type { Terminal } from "../terminal.ts"

/** Editors write a file in several steps: what happens within this time is one change, in ms. */
const SETTLE_MS = 100

/**
 * Runs now and after every change in the folders, until the process is interrupted. A run that fails is said, and watching
 * goes on.
 */
export async function watchAndRun(
  folders: readonly string[],
  run: () => Promise<ExitStatus>,
  terminal: Terminal,
): Promise<ExitStatus> {
  let status: ExitStatus = 0
  const again = async (): Promise<void> => {
    try {
      status = await run()
    } catch (error) {
      status = 2
      terminal.say(error instanceof Error ? error.message : String(error))
    }
    terminal.say("\nWaiting for changes. Ctrl+C ends.")
  }
  let running: Promise<void> = again()
  let timer: ReturnType<typeof setTimeout> | undefined
  const watchers: FSWatcher[] = folders.map((folder) =>
    watch(folder, { recursive: true }, (_event, name) => {
      if (name !== null && /(?:^|[\\/])(?:node_modules|\.git)[\\/]/.test(name)) return
      clearTimeout(timer)
      timer = setTimeout(() => {
        running = running.then(again)
      }, SETTLE_MS)
    }),
  )
  await new Promise<void>((resolve) => process.once("SIGINT", resolve))
  clearTimeout(timer)
  for (const watcher of watchers) watcher.close()
  await running
  return status
}
