import { build } from "esbuild"

/** What an attack waits for in vain, and what its control does, in ms. */
const PATIENCE_MS = 15_000
const CONTROL_PATIENCE_MS = 2500

let bundled: Promise<string> | undefined

/** The toolbox as a classic script that sets the global `attacker`. */
export async function toolboxScript(isControl: boolean): Promise<string> {
  bundled ??= build({
    entryPoints: [new URL("toolbox.ts", import.meta.url).pathname],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "toolbox",
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? "")
  return `${await bundled}window.attacker = new toolbox.Toolbox(${isControl ? CONTROL_PATIENCE_MS : PATIENCE_MS})\n`
}
