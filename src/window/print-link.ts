import type { WindowOptions } from "./open-window.ts"

/** The last way to show a window: its user opens the link. */
export function printLink(launchUrl: string, { label, log }: Pick<WindowOptions, "label" | "log">): void {
  log(`Open the window "${label}" within a minute, in a browser on this machine: ${launchUrl}`)
}
